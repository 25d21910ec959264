/*
 * outrun: leaves a process behind that forks for ever, as do its children, and ends: the run must end too.
 */
#include "user/lib/user.h"

int main([[maybe_unused]] const char *argument)
{
        uint64_t child;
        struct error error = fork(&child);

        if (error.code)
                return print_error("outrun", error);
        if (child)
                return 0;
        for (;;)
                error_ignore(fork(&child));
}
