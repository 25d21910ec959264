/*
 * race: threads that change the same memory map at the same time: race [ROUNDS], or race unlocked, or race once.
 *
 * The threads share a window of pages. Page i belongs to thread i % THREADS, so each maps, unmaps and protects right
 * beside the others' pages, in regions that come and go, touch and merge; what a thread finds in a page of its own must
 * be what it left there. The page behind the window is free: the process that maps it has it alone.
 *
 * unlocked [ROUNDS]: the threads count up without a lock, and each gives its turn away between reading and writing: so
 * counts are lost, always.
 * once: each thread counts up once, and its turn may end between reading and writing, but need not: whether a count is
 * lost depends on the schedule.
 */
#include "lib/rng.h"
#include "user/lib/thread.h"
#include "user/lib/words.h"

enum { THREADS = 3, WINDOW_PAGES = 24, ROUNDS = 60, UNLOCKED_ROUNDS = 10, WRONG_USE = 2 };

/* Far from everything else. */
static const uintptr_t window = 0x200000000000;

static uint64_t rounds = ROUNDS;
static uint32_t wrong;

static void note_wrong(uint64_t thread, const char *what)
{
        printf("race: thread %lu: %s\n", thread, what);
        __atomic_fetch_add(&wrong, 1, __ATOMIC_RELAXED);
}

/* --- pages of one's own ----------------------------------------------------------------------------------- */

static struct error map_page(uintptr_t page)
{
        const struct mapping mapping = { .name = "race", .size = PAGE_SIZE, .protection = PROTECT_READ_WRITE,
                                         .where = MAP_SPECIFICALLY, .address = page };
        uintptr_t base;

        return mmap(&mapping, &base);
}

/* The life of a page, from nothing to nothing, with others at work on both sides. */
static const char *use_page(uintptr_t page, uint64_t number)
{
        volatile uint64_t *const word = (volatile uint64_t *)page;

        if (map_page(page).code)
                return "its own page could not be mapped";
        if (*word)
                return "a new page is not zero";
        *word = number;
        if (mprotect(page, PAGE_SIZE, PROTECT_READ).code)
                return "its own page could not be protected";
        if (*word != number)
                return "a page that was protected is not what it was";
        if (mprotect(page, PAGE_SIZE, PROTECT_READ_WRITE).code)
                return "its own page could not be made writable again";
        *word = ~number;
        if (*word != ~number)
                return "a page does not keep what is written";
        if (madvise(page, PAGE_SIZE, MADV_DONTNEED).code || *word)
                return "a discarded page is not zero";
        return munmap(page, PAGE_SIZE).code ? "its own page could not be unmapped" : NULL;
}

/* --- a page for the first process -------------------------------------------------------------------------- */

static const char *compete(uint64_t thread)
{
        static uint64_t owner;
        const uintptr_t page = window + WINDOW_PAGES * PAGE_SIZE;
        volatile uint64_t *const word = (volatile uint64_t *)page;
        struct error error = map_page(page);

        if (error_is(error, ERROR_OVERLAP))
                return NULL;
        if (error.code)
                return "the common page could not be mapped, and is not taken either";
        if (__atomic_exchange_n(&owner, thread + 1, __ATOMIC_SEQ_CST))
                return "two threads got the common page";
        *word = thread;
        yield();
        if (*word != thread)
                return "somebody else wrote to the common page";
        __atomic_store_n(&owner, 0, __ATOMIC_SEQ_CST);
        return munmap(page, PAGE_SIZE).code ? "the common page could not be unmapped" : NULL;
}

static void race(void *argument)
{
        const uint64_t thread = (uint64_t)argument;
        const char *problem;
        struct rng rng;

        rng_seed(&rng, thread);
        for (uint64_t i = 0; i < rounds; i++) {
                uint64_t page = rng_below(&rng, WINDOW_PAGES / THREADS) * THREADS + thread;

                problem = i % 4 ? use_page(window + page * PAGE_SIZE, rng_next(&rng)) : compete(thread);
                if (problem) {
                        note_wrong(thread, problem);
                        return;
                }
        }
}

/* --- counting without a lock ------------------------------------------------------------------------------ */

static volatile uint64_t counter;

/* All begin together, so that on several processors they meet. `between` is called between reading and writing. */
static void count_up(void (*between)(void))
{
        static unsigned waiting;

        __atomic_fetch_add(&waiting, 1, __ATOMIC_RELAXED);
        while (__atomic_load_n(&waiting, __ATOMIC_RELAXED) < THREADS)
                yield();
        for (uint64_t i = 0; i < rounds; i++) {
                const uint64_t seen = counter;

                between();
                counter = seen + 1;
        }
}

static void count_up_yielding([[maybe_unused]] void *unused)
{
        count_up(yield);
}

/* The turn may end at any system call. */
static void ask_something(void)
{
        getpid();
}

static void count_up_asking([[maybe_unused]] void *unused)
{
        count_up(ask_something);
}

/* --- all together ----------------------------------------------------------------------------------------- */

static struct error run_threads(void (*function)(void *))
{
        struct thread helper[THREADS];

        for (uint64_t i = 0; i < THREADS; i++)
                TRY(thread_start(function, (void *)i, &helper[i]));
        for (int i = 0; i < THREADS; i++)
                TRY(thread_join(&helper[i]));
        return SUCCESS;
}

static int run_locked(void)
{
        struct error error = run_threads(race);

        if (error.code)
                return print_error("race", error);
        printf("race: %d threads, %lu rounds each: %u wrong\n", THREADS, rounds, wrong);
        return wrong != 0;
}

static int run_unlocked(void (*function)(void *))
{
        struct error error = run_threads(function);

        if (error.code)
                return print_error("race", error);
        printf("race: %d threads counted to %lu without a lock: %lu\n", THREADS, THREADS * rounds, counter);
        return counter != THREADS * rounds;
}

int main(const char *argument)
{
        void (*counting)(void *) = NULL;        /* instead of changing the memory map */
        struct words words;
        size_t i = 0;

        words_read(&words, argument);
        if (!strcmp(word(&words, 0), "unlocked")) {
                counting = count_up_yielding;
                rounds = UNLOCKED_ROUNDS;
                i++;
        } else if (!strcmp(word(&words, 0), "once") && words.count == 1) {
                counting = count_up_asking;
                rounds = 1;
                i++;
        }
        if (i < words.count && !parse_number(word(&words, i), &rounds)) {
                printf("race: how many rounds? As in: race 100, race unlocked 10, or: race once\n");
                return WRONG_USE;
        }
        return counting ? run_unlocked(counting) : run_locked();
}
