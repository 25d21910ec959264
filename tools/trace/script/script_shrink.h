/*
 * Shrinking: from an op script that fails to the fewest lines that still fail, so that a person can follow it.
 *
 * The lines `space` and `seed` and comments always stay. From the others, ever smaller runs of lines are left out while
 * the script still fails, until no single line can be left out (delta debugging). Then each line is made simpler:
 * without its options, and of one page.
 */
#pragma once

#include "lib/error.h"

#include <stdbool.h>
#include <stddef.h>

struct shrinking {
        bool (*still_fails)(void *context, const char *script);
        void *context;
        size_t budget;                          /* calls of still_fails at most */
};

/*
 * The smallest script found, which the caller frees. The script given must fail. It stays as it is where the budget
 * ends. NO_MEMORY. With n lines of which k remain, about 2 k log2 n + n calls.
 */
struct error script_shrink(const char *script, const struct shrinking *shrinking, char **out);
