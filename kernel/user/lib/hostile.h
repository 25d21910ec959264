/*
 * Hostile words: arguments of system calls that try to crash the kernel.
 *
 * Words that are nothing but random would be turned away at the first look. So most of them make sense, and little is
 * drawn from, so that one call meets what another has left: a place is one of a few pages, a process is a neighbour.
 * Some lie on an edge instead: where something ends, where a sign turns, where a sum wraps round.
 *
 *      uint64_t word[3] = { a_place(&rng), a_size(&rng), a_protection(&rng) };
 *
 *      error_ignore(any_call(SYSTEM_MPROTECT, word, &value));
 */
#pragma once

#include "lib/rng.h"
#include "user/lib/user.h"

typedef uint64_t hostile_word(struct rng *rng);

hostile_word anything, an_edge;
hostile_word a_place, a_size, a_protection;             /* of memory */
hostile_word a_file, a_length;                          /* how much is read or written */
hostile_word a_process, a_moment;                       /* in milliseconds */

/*
 * Addresses. Most are good: of memory that all threads share, so that what one call reads another may be changing;
 * there too, of a request to map something; of a file's name, which is a program's or a word for one now and then.
 */
hostile_word a_buffer, a_request, a_text;

/* How many listings fit at a_buffer(). */
hostile_word a_count;

/* One of the pages that a_place() draws from, and all of them mapped, to begin with. Later nothing may be there. */
volatile uint64_t *a_page(struct rng *rng);
struct error map_all_pages(enum sharing sharing);

static inline bool one_in(struct rng *rng, uint64_t n)
{
        return rng_below(rng, n) == 0;
}
