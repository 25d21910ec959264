/*
 * echo: prints its words.
 */
#include "user/lib/user.h"

int main([[maybe_unused]] const char *argument)
{
        for (size_t i = 1; i < arguments.count; i++)
                printf(i > 1 ? " %s" : "%s", arguments.word[i]);
        printf("\n");
        return 0;
}
