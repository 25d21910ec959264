/*
 * least: does nothing, successfully: the smallest program, without constants and data.
 */
#include "user/lib/user.h"

int main([[maybe_unused]] const char *argument)
{
        return 0;
}
