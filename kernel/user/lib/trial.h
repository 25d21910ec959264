/*
 * Trials: small pieces of work whose outcome is known. A trial is given a random number generator, does its work, and
 * checks the outcome; what is wrong is printed. It leaves memory as it found it.
 *
 *      bool trial_discarded_pages_read_as_zeros(struct rng *rng)
 *      {
 *              char *page = trial_map(PAGE_SIZE, MAP_PRIVATE);
 *
 *              RIGHT(page);
 *              *page = 1;
 *              RIGHT_OK(madvise((uintptr_t)page, PAGE_SIZE, MADV_DONTNEED));
 *              RIGHT(*page == 0);
 *              RIGHT_OK(munmap((uintptr_t)page, PAGE_SIZE));
 *              return true;
 *      }
 */
#pragma once

#include "lib/rng.h"
#include "user/lib/user.h"

#define TRIALS(X)                                                                                                   \
        X(a_patchwork_of_regions_is_as_it_was_made)                                                                 \
        X(discarded_pages_read_as_zeros)                                                                            \
        X(a_huge_region_costs_only_what_is_touched)                                                                 \
        X(a_mapped_file_has_the_bytes_of_the_file)                                                                  \
        X(nothing_is_mapped_over_something_unasked)                                                                 \
        X(private_memory_is_copied_and_shared_memory_is_not)                                                        \
        X(a_stack_grows)                                                                                            \
        X(who_steps_on_a_guard_is_killed)                                                                           \
        X(threads_count_together)                                                                                   \
        X(a_pipe_keeps_bytes_in_order)                                                                              \
        X(another_program_says_what_it_was_told)                                                                    \
        X(who_sleeps_can_be_killed)

typedef bool trial_run(struct rng *rng);

#define X(sentence) trial_run trial_##sentence;
TRIALS(X)
#undef X

struct trial {
        const char *sentence;
        trial_run *run;
};

extern const struct trial trials[];
extern const size_t trial_count;

/* --- for those who write them ----------------------------------------------------------------------------- */

#define RIGHT(expression)                                                                                           \
        do {                                                                                                        \
                if (!(expression)) {                                                                                \
                        trial_wrong(__FILE__, __LINE__, #expression, "is false");                                   \
                        return false;                                                                               \
                }                                                                                                   \
        } while (0)

#define RIGHT_OK(expression) RIGHT_ERROR(expression, OK)
#define RIGHT_ERROR(expression, symbol)                                                                             \
        do {                                                                                                        \
                enum error_code right_code_ = (enum error_code)(expression).code;                                   \
                if (right_code_ != ERROR_##symbol) {                                                                \
                        trial_wrong(__FILE__, __LINE__, #expression, error_name(right_code_));                      \
                        return false;                                                                               \
                }                                                                                                   \
        } while (0)

void trial_wrong(const char *file, int line, const char *expression, const char *what);

/* Memory to read and write; NULL if there is none. */
void *trial_map(size_t size, enum sharing sharing);

/* Forks; the child does this with the argument and exits with what it returns. Yields the child's status. */
struct error trial_in_child(int (*work)(void *argument), void *argument, uint64_t *status);
