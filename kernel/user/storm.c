/*
 * storm: threads of many processes make every system call at once, mostly nonsense: storm [ROUNDS [SEED]].
 *
 * Any result of a call is right, and so is killing the caller. The kernel must not panic, break a rule of the trees or
 * of the trace (regiontrace check looks for that), keep a process that is to end, or lose memory.
 * Without a seed it takes a random one from the kernel, and prints it.
 */
#include "lib/vocabulary/system_call.h"
#include "user/lib/hostile.h"
#include "user/lib/thread.h"
#include "user/lib/words.h"

enum {
        ROUNDS = 3, FAMILIES = 6, THREADS = 4, CALLS_EACH = 400, THREADS_MOST = 8, PROCESSES_MOST = 16,
        PATIENCE = 400, LISTINGS = 64, WRONG_USE = 2,
};

/* Who counts in the end, and ends the others; the processes from 1 to here must live. */
static uint64_t watcher;

/* The threads of this process; after a fork, still those of its parent. */
static uint64_t threads_started, last_thread;

static uint64_t a_thread(struct rng *rng)
{
        return one_in(rng, 2) ? last_thread : a_process(rng);
}

/* Of pointers to texts. Threads use the same few; so what one is reading another may be changing. */
static uint64_t a_vector(struct rng *rng)
{
        static uint64_t vector[4][3];
        uint64_t *chosen = vector[rng_below(rng, 4)];

        chosen[0] = a_text(rng);
        chosen[1] = one_in(rng, 2) ? a_text(rng) : 0;
        return one_in(rng, 8) ? an_edge(rng) : (uintptr_t)chosen;
}

static uint64_t an_option(struct rng *rng)
{
        return one_in(rng, 8) ? an_edge(rng) : rng_below(rng, 2) * WNOHANG;
}

static uint64_t an_advice(struct rng *rng)
{
        return one_in(rng, 8) ? an_edge(rng) : MADV_DONTNEED;
}

/* What the words of each call are drawn from. Most of the calls that end a process or take long are left out. */
static const struct {
        hostile_word *word[3];
        uint64_t one_in;
} calls[] = {
        [SYSTEM_EXIT] = { { anything }, 60 },
        [SYSTEM_WRITE] = { { a_file, a_buffer, a_length } },
        [SYSTEM_MMAP] = { { a_request } },
        [SYSTEM_MUNMAP] = { { a_place, a_size } },
        [SYSTEM_MPROTECT] = { { a_place, a_size, a_protection } },
        [SYSTEM_RESIZE] = { { a_place, a_size } },
        [SYSTEM_REGIONS] = { { a_process, a_buffer, a_count } },
        [SYSTEM_OPEN] = { { a_text } },
        [SYSTEM_READ] = { { a_file, a_buffer, a_length } },
        [SYSTEM_CLOSE] = { { a_file } },
        [SYSTEM_PIPE] = { { a_buffer } },
        [SYSTEM_DUP2] = { { a_file, a_file } },
        [SYSTEM_FORK] = { { NULL }, 4 },
        [SYSTEM_EXEC] = { { a_text, a_vector }, 6 },
        [SYSTEM_WAIT] = { { a_process, a_buffer, an_option } },
        [SYSTEM_KILL] = { { a_process }, 2 },
        [SYSTEM_MADVISE] = { { a_place, a_size, an_advice } },
        [SYSTEM_THREAD_CREATE] = { { a_place, a_place, anything }, 60 },
        [SYSTEM_THREAD_EXIT] = { { NULL }, 20 },
        [SYSTEM_JOIN] = { { a_thread } },
        [SYSTEM_YIELD] = { { NULL } },
        [SYSTEM_SLEEP] = { { a_moment } },
        [SYSTEM_GETPID] = { { NULL } },
        [SYSTEM_PROCESSES] = { { a_buffer, a_count }, 4 },
        [SYSTEM_MEMORY] = { { a_buffer } },
        [SYSTEM_CLOCK] = { { NULL } },
        [SYSTEM_SETPGID] = { { a_process, a_process } },
};

enum { CALLS = sizeof calls / sizeof *calls };

/* Too many would only wait for each other. */
static bool is_crowded(void)
{
        size_t count;
        return processes(NULL, 0, &count).code || count > PROCESSES_MOST;
}

/* The process that watches, one before it, or their group. */
static bool would_kill_the_watcher(uint64_t process)
{
        return (process && process <= watcher) || -process <= watcher;
}

static bool is_left_out(struct rng *rng, uint64_t number, const uint64_t word[3])
{
        if (number < CALLS && calls[number].one_in && !one_in(rng, calls[number].one_in))
                return true;
        return (number == SYSTEM_KILL && would_kill_the_watcher(word[0])) || (number == SYSTEM_FORK && is_crowded());
}

/* Where the call has no word, an edge shows that it is not examined. */
static void make_a_call(struct rng *rng)
{
        const uint64_t number = one_in(rng, 40) ? an_edge(rng) : rng_below(rng, CALLS);
        uint64_t word[3], value;
        for (int i = 0; i < 3; i++)
                word[i] = number < CALLS && calls[number].word[i] ? calls[number].word[i](rng) : an_edge(rng);
        if (is_left_out(rng, number, word))
                return;
        const struct error error = any_call(number, word, &value);
        if (number == SYSTEM_FORK && !error.code && !value)
                rng_seed(rng, rng_next(rng) + getpid());              /* not what its parent does */
}

static void live(void *seed);

/* Unlike most that the call itself is asked for, one that gets somewhere. */
static void start_a_thread(struct rng *rng)
{
        struct thread thread;
        if (__atomic_fetch_add(&threads_started, 1, __ATOMIC_RELAXED) < THREADS_MOST &&
            !thread_start(live, (void *)rng_next(rng), &thread).code)
                last_thread = thread.id;
}

/* A page with a frame is more to take away, copy and share. Who touches one that is not there is killed: seldom. */
static void touch(volatile uint64_t *page)
{
        if (!mprotect((uintptr_t)page, PAGE_SIZE, PROTECT_READ_WRITE).code)
                *page = 1;
}

/* Flags are a program's own. The kernel must not run with this one: it would open user memory to it. */
static void set_ac_flag(void)
{
        __asm__ volatile("pushfq; orl $0x40000, (%%rsp); popfq" : : : "memory", "cc");
}

static void live(void *seed)
{
        struct rng rng;
        rng_seed(&rng, (uintptr_t)seed);
        set_ac_flag();
        for (int i = 0; i < CALLS_EACH; i++) {
                make_a_call(&rng);
                if (one_in(&rng, 50))
                        start_a_thread(&rng);
                if (one_in(&rng, 8))
                        touch(a_page(&rng));
        }
}

/* All files are ends of one pipe, shared by all who descend from here: none prints to the console. */
static _Noreturn void begin_a_family(uint64_t seed)
{
        struct pipe_ends ends;
        struct thread thread;
        struct rng rng;
        if (pipe(&ends).code)
                exit(1);
        for (unsigned file = FILE_INPUT; file <= FILE_ERRORS; file++)
                error_ignore(dup2(file == FILE_INPUT ? ends.to_read : ends.to_write, file));
        rng_seed(&rng, seed);
        error_ignore(map_all_pages(one_in(&rng, 2) ? MAP_SHARED : MAP_PRIVATE));
        for (int i = 1; i < THREADS; i++)
                error_ignore(thread_start(live, (void *)rng_next(&rng), &thread));
        live((void *)rng_next(&rng));
        exit(0);
}

/* --- who watches ------------------------------------------------------------------------------------------ */

/*
 * Kills every process younger than the watcher, whatever its parent, and waits for its own. Yields how many there were.
 */
static struct error end_others(size_t *others)
{
        static struct process_listing listing[LISTINGS];
        struct ending ending;
        size_t count;
        TRY(processes(listing, LISTINGS, &count));
        *others = 0;
        for (size_t i = 0; i < count && i < LISTINGS; i++) {
                if (listing[i].process <= watcher)
                        continue;
                ++*others;
                if (listing[i].threads)
                        error_ignore(kill(listing[i].process));
                else if (listing[i].parent == watcher)
                        error_ignore(wait(listing[i].process, &ending));
        }
        return SUCCESS;
}

/* While it rains, new ones come to be between two looks. */
static struct error end_all_others(void)
{
        size_t others = 0;
        for (int i = 0; i < PATIENCE; i++) {
                TRY(end_others(&others));
                if (!others)
                        return SUCCESS;
                sleep(2);
        }
        printf("storm: %zu processes do not end\n", others);
        return FAIL(TIMED_OUT);
}

/* Those who are there may have all the memory: then there is one family less. */
static struct error rage(struct rng *rng)
{
        for (int i = 0; i < FAMILIES; i++) {
                const uint64_t seed = rng_next(rng);
                uint64_t child;
                if (!fork(&child).code && !child)
                        begin_a_family(seed);
                sleep(rng_below(rng, 30));
        }
        return end_all_others();
}

static struct error measure(uint64_t rounds, uint64_t seed, struct memory_listing *before, struct memory_listing *after)
{
        struct rng rng;
        rng_seed(&rng, seed);
        TRY(memory(before));
        while (rounds--)
                TRY(rage(&rng));
        return memory(after);
}

int main(const char *argument)
{
        uint64_t rounds = ROUNDS, seed = random_seed();
        struct memory_listing before, after;
        struct words words;
        words_read(&words, argument);
        if ((words.count > 0 && !parse_number(word(&words, 0), &rounds)) ||
            (words.count > 1 && !parse_number(word(&words, 1), &seed))) {
                printf("storm: how many rounds, and from which seed? As in: storm 10 7\n");
                return WRONG_USE;
        }
        watcher = getpid();
        const struct error error = measure(rounds, seed, &before, &after);
        if (error.code)
                return print_error("storm", error);
        printf("storm: %lu rounds, seed %lu: free before %lu bytes, after %lu; small blocks before %lu, after %lu\n",
               rounds, seed, before.free, after.free, before.kmalloc_blocks, after.kmalloc_blocks);
        return before.free != after.free || before.kmalloc_blocks != after.kmalloc_blocks;
}
