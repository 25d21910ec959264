/*
 * stress: several processes try everything at once, in an order drawn at random: stress [ROUNDS [SEED]].
 *
 * Without a seed it takes a random one from the kernel, and prints it.
 * Exits with 0 if every answer was right and, at the end, memory is as it was at the beginning.
 */
#include "user/lib/trial.h"
#include "user/lib/words.h"

enum { WORKERS = 3, ROUNDS = 20, WRONG_USE = 2 };

struct effort {
        uint64_t rounds, seed;
};

/* The first rounds try each in turn; then they are drawn at random. */
static int work(const struct effort *effort)
{
        struct rng rng;

        rng_seed(&rng, effort->seed);
        for (uint64_t i = 0; i < effort->rounds; i++) {
                const struct trial *trial = &trials[rng_below(&rng, trial_count)];

                if (!trial->run(&rng)) {
                        printf("stress: seed %lu, round %lu: wrong: %s\n", effort->seed, i, trial->sentence);
                        return 1;
                }
        }
        return 0;
}

/* Yields how many of the workers failed. */
static struct error work_together(struct effort effort, size_t *failed)
{
        uint64_t worker[WORKERS];
        struct ending ending;

        for (int i = 0; i < WORKERS; i++, effort.seed++) {
                TRY(fork(&worker[i]));
                if (!worker[i])
                        exit(work(&effort));
        }
        for (int i = 0; i < WORKERS; i++) {
                TRY(wait(worker[i], &ending));
                *failed += ending.status != 0;
        }
        return SUCCESS;
}

/* Nothing is kept, not even of what is made first: so there is no effort before the count. */
static struct error measure(struct effort effort, struct memory_listing *before, struct memory_listing *after,
                            size_t *failed)
{
        *failed = 0;
        TRY(memory(before));
        TRY(work_together(effort, failed));
        return memory(after);
}

int main(const char *argument)
{
        struct effort effort = { ROUNDS, random_seed() };
        struct memory_listing before, after;
        struct words words;
        struct error error;
        size_t failed;

        words_read(&words, argument);
        if ((words.count > 0 && !parse_number(word(&words, 0), &effort.rounds)) ||
            (words.count > 1 && !parse_number(word(&words, 1), &effort.seed))) {
                printf("stress: how many rounds, and from which seed? As in: stress 100 7\n");
                return WRONG_USE;
        }
        error = measure(effort, &before, &after, &failed);
        if (error.code)
                return print_error("stress", error);
        printf("stress: %d processes, %lu rounds each, seed %lu: %zu failed\n", WORKERS, effort.rounds, effort.seed,
               failed);
        printf("stress: free before %lu bytes, after %lu; small blocks before %lu, after %lu\n", before.free,
               after.free, before.kmalloc_blocks, after.kmalloc_blocks);
        return failed || before.free != after.free || before.kmalloc_blocks != after.kmalloc_blocks;
}
