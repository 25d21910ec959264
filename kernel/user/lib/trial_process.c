/*
 * Trials of processes and threads.
 */
#include "user/lib/lock.h"
#include "user/lib/thread.h"
#include "user/lib/trial.h"

enum { KILLED_BY_PAGE_FAULT = 142 };

/* --- memory across a fork --------------------------------------------------------------------------------- */

struct both {
        volatile uint64_t *own, *common;
        uint64_t before, after;
};

static int change_both(void *argument)
{
        const struct both *both = argument;

        if (*both->own != both->before || *both->common != both->before)
                return 1;
        *both->own = *both->common = both->after;
        return *both->own != both->after || *both->common != both->after;
}

bool trial_private_memory_is_copied_and_shared_memory_is_not(struct rng *rng)
{
        struct both both = { trial_map(PAGE_SIZE, MAP_PRIVATE), trial_map(PAGE_SIZE, MAP_SHARED), rng_next(rng),
                             rng_next(rng) };
        uint64_t status;

        RIGHT(both.own && both.common);
        *both.own = *both.common = both.before;
        RIGHT_OK(trial_in_child(change_both, &both, &status));
        RIGHT(status == 0);
        RIGHT(*both.own == both.before);
        RIGHT(*both.common == both.after);
        *both.own = both.after;
        RIGHT_OK(munmap((uintptr_t)both.own, PAGE_SIZE));
        RIGHT_OK(munmap((uintptr_t)both.common, PAGE_SIZE));
        return true;
}

/* --- ends ------------------------------------------------------------------------------------------------- */

static int step_on_guard(void *guard)
{
        *(volatile char *)guard = 1;
        return 0;
}

bool trial_who_steps_on_a_guard_is_killed(struct rng *rng)
{
        const struct mapping mapping = { .name = "fenced", .size = PAGE_SIZE, .protection = PROTECT_READ_WRITE,
                                         .guard_before = PAGE_SIZE, .guard_after = PAGE_SIZE };
        uintptr_t base, guard;
        uint64_t status;

        RIGHT_OK(mmap(&mapping, &base));
        guard = rng_below(rng, 2) ? base - 1 : base + PAGE_SIZE;
        RIGHT_OK(trial_in_child(step_on_guard, (void *)guard, &status));
        RIGHT(status == KILLED_BY_PAGE_FAULT);
        RIGHT_OK(munmap(base, PAGE_SIZE));
        return true;
}

/* It waits for a byte that is never written, while its own end to write keeps the pipe open. */
bool trial_who_sleeps_can_be_killed([[maybe_unused]] struct rng *rng)
{
        struct pipe_ends ends;
        struct ending ending;
        uint64_t child;
        size_t count;
        char byte;

        RIGHT_OK(pipe(&ends));
        RIGHT_OK(fork(&child));
        if (!child) {
                error_ignore(read(ends.to_read, &byte, 1, &count));
                exit(0);
        }
        yield();
        RIGHT_OK(kill(child));
        RIGHT_OK(wait(child, &ending));
        RIGHT(ending.process == child && ending.status != 0);
        RIGHT_OK(close(ends.to_read));
        RIGHT_OK(close(ends.to_write));
        return true;
}

/* --- threads ---------------------------------------------------------------------------------------------- */

enum { THREADS = 3, TURNS = 20 };

struct tally {
        struct lock lock;
        volatile uint64_t count;
        uint32_t damaged;
};

static void count_up(void *argument)
{
        struct tally *tally = argument;

        for (uint64_t i = 0; i < TURNS; i++) {
                volatile uint64_t *block = malloc(64);

                if (block)
                        *block = i;
                lock_acquire(&tally->lock);
                tally->count++;
                lock_release(&tally->lock);
                if (!block || *block != i)
                        __atomic_fetch_add(&tally->damaged, 1, __ATOMIC_RELAXED);
                free((void *)block);
        }
}

bool trial_threads_count_together([[maybe_unused]] struct rng *rng)
{
        struct tally tally = { 0 };
        struct thread helper[THREADS];

        for (int i = 0; i < THREADS; i++)
                RIGHT_OK(thread_start(count_up, &tally, &helper[i]));
        for (int i = 0; i < THREADS; i++)
                RIGHT_OK(thread_join(&helper[i]));
        RIGHT(tally.count == THREADS * TURNS);
        RIGHT(!tally.damaged);
        return true;
}

/* --- pipes and programs ----------------------------------------------------------------------------------- */

struct message {
        struct pipe_ends ends;
        uint64_t seed;
        size_t size;
};

/* More than a pipe holds, in pieces of all sizes. */
static int send(void *argument)
{
        const struct message *message = argument;
        char piece[512];
        struct rng rng;

        rng_seed(&rng, message->seed);
        for (size_t sent = 0, size; sent < message->size; sent += size) {
                size = 1 + message->seed % sizeof piece;
                if (size > message->size - sent)
                        size = message->size - sent;
                for (size_t i = 0; i < size; i++)
                        piece[i] = (char)rng_next(&rng);
                if (write(message->ends.to_write, piece, size).code)
                        return 1;
        }
        return 0;
}

static bool receive(const struct message *message)
{
        size_t received = 0, count = 1;
        char piece[300];
        struct rng rng;

        rng_seed(&rng, message->seed);
        while (count) {
                RIGHT_OK(read(message->ends.to_read, piece, sizeof piece, &count));
                for (size_t i = 0; i < count; i++)
                        RIGHT(piece[i] == (char)rng_next(&rng));
                received += count;
        }
        RIGHT(received == message->size);
        return true;
}

bool trial_a_pipe_keeps_bytes_in_order(struct rng *rng)
{
        struct message message = { .seed = rng_next(rng), .size = 1 + rng_below(rng, 3 * PAGE_SIZE) };
        struct ending ending;
        uint64_t child;

        RIGHT_OK(pipe(&message.ends));
        RIGHT_OK(fork(&child));
        if (!child)
                exit(send(&message));
        RIGHT_OK(close(message.ends.to_write));
        if (!receive(&message))
                return false;
        RIGHT_OK(close(message.ends.to_read));
        RIGHT_OK(wait(child, &ending));
        RIGHT(ending.status == 0);
        return true;
}

bool trial_another_program_says_what_it_was_told(struct rng *rng)
{
        struct pipe_ends ends;
        struct ending ending;
        char told[64], said[64];
        size_t length = 0, count = 1;
        uint64_t child;

        format(told, sizeof told, "number %lu\n", rng_next(rng));
        RIGHT_OK(pipe(&ends));
        RIGHT_OK(fork(&child));
        if (!child) {
                told[strlen(told) - 1] = 0;
                error_ignore(dup2(ends.to_write, FILE_OUTPUT));
                exit(print_error("echo", exec("echo", told)));
        }
        RIGHT_OK(close(ends.to_write));
        for (; count && length < sizeof said - 1; length += count)
                RIGHT_OK(read(ends.to_read, said + length, sizeof said - 1 - length, &count));
        said[length] = 0;
        RIGHT_OK(close(ends.to_read));
        RIGHT_OK(wait(child, &ending));
        RIGHT(ending.status == 0);
        RIGHT(!strcmp(said, told));
        return true;
}
