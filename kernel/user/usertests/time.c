/*
 * Time: sleep and the clock.
 */
#include "user/usertests/usertests.h"

/* Sleeps until so many milliseconds after `start`, a time that clock() has yielded. */
static void sleep_until(uint64_t start, uint64_t milliseconds)
{
        const uint64_t passed = (clock() - start) / 1000000;

        if (passed < milliseconds)
                sleep(milliseconds - passed);
}

/* Far apart, and counted from one start: where the guest's time is the host's, a processor may stand still for long. */
static bool sleepers_wake_in_the_order_of_their_times(void)
{
        static const uint64_t time[] = { 900, 300, 600, 0 };
        const uint64_t start = clock();
        struct pipe_ends ends;
        struct ending ending;
        char woken[4] = { 0 };
        uint64_t child;
        size_t count;

        RIGHT_OK(pipe(&ends));
        for (size_t i = 0; i < 4; i++) {
                const char letter = (char)('a' + i);

                RIGHT_OK(fork(&child));
                if (!child) {
                        sleep_until(start, time[i]);
                        exit(write(ends.to_write, &letter, 1).code);
                }
        }
        for (size_t i = 0; i < 4; i++) {
                RIGHT_OK(wait(0, &ending));
                RIGHT(ending.status == 0);
                RIGHT_OK(read(ends.to_read, &woken[i], 1, &count));
        }
        RIGHT(!memcmp(woken, "dbca", 4));
        return true;
}

static int exit_with(void *status)
{
        return (int)(uintptr_t)status;
}

/* Other processes begin and end meanwhile. */
static bool a_sleeper_sleeps_as_long_as_it_asked(void)
{
        uint64_t child, start;
        struct ending ending;

        RIGHT_OK(fork(&child));
        if (!child) {
                start = clock();
                sleep(30);
                exit(clock() - start < 30 * 1000000);
        }
        for (uintptr_t i = 0; i < 20; i++)
                RIGHT(status_of(exit_with, (void *)i) == i);
        RIGHT_OK(wait(child, &ending));
        RIGHT(ending.status == 0);
        return true;
}

static bool the_clock_never_goes_back(void)
{
        volatile uint64_t *latest = trial_map(PAGE_SIZE, MAP_SHARED);
        uint64_t child;
        struct ending ending;

        RIGHT(latest);
        RIGHT_OK(fork(&child));
        for (int i = 0; i < 200; i++) {
                const uint64_t before = __atomic_load_n(latest, __ATOMIC_SEQ_CST), now = clock();
                uint64_t seen = before;

                RIGHT(now >= before);
                while (seen < now && !__atomic_compare_exchange_n(latest, &seen, now, false, __ATOMIC_SEQ_CST,
                                                                  __ATOMIC_SEQ_CST))
                        ;
        }
        if (!child)
                exit(0);
        RIGHT_OK(wait(child, &ending));
        RIGHT(ending.status == 0);
        return true;
}

const struct user_case cases_of_time[] = {
        { "sleep-order", sleepers_wake_in_the_order_of_their_times },
        { "sleep-enough", a_sleeper_sleeps_as_long_as_it_asked },
        { "clock", the_clock_never_goes_back },
        { 0 },
};
