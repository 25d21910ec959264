#include "lib/error.h"

/* A tool reports errors by messages (error_message.h); the place in its source is not reported. */
void error_raised([[maybe_unused]] struct error error)
{
}
