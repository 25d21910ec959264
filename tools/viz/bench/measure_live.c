/*
 * Measures the viewer as a person has it, without a terminal's own delay: it runs under a pseudo-terminal, keys are
 * written to it, and the time is taken until the last byte of the frame that answers them.
 *
 *      measure_live COMMAND [ARGUMENT ...] RECORDING EVENTS
 *
 * Prints the time to the first screen; the time of a step and of a jump to any event (median, 99 of 100, the slowest);
 * the share of a processor that playing at 10,000 events a second takes; and the largest memory.
 */
#include <errno.h>
#include <poll.h>
#include <pty.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { KEYS = 300, QUIET_MS = 40, PATIENCE_MS = 10000, PLAYED_SECONDS = 5, ROWS = 40, COLUMNS = 120 };

static int terminal;
static pid_t viewer;
static bool has_ended, shows_all;               /* the bottom line was drawn: the first frame is complete */

static double now_ms(void)
{
        struct timespec now;

        clock_gettime(CLOCK_MONOTONIC, &now);
        return (double)now.tv_sec * 1000 + (double)now.tv_nsec / 1e6;
}

static _Noreturn void fail(const char *words)
{
        fprintf(stderr, "measure_live: %s\n", words);
        exit(2);
}

/* Whether there was output within so many milliseconds; all that there is of it is read. */
static bool take_output(int milliseconds)
{
        struct pollfd wait = { terminal, POLLIN, 0 };
        char bytes[65536];
        ssize_t length;

        if (poll(&wait, 1, milliseconds) <= 0)
                return false;
        length = read(terminal, bytes, sizeof bytes);
        has_ended = length <= 0;
        shows_all |= length > 0 && memmem(bytes, (size_t)length, "Quit", 4) != NULL;
        return !has_ended;
}

/* The milliseconds from `from` until the last byte of an answer, after which it was quiet. */
static double answer_ms(double from)
{
        double last;

        if (!take_output(PATIENCE_MS))
                fail("the viewer does not answer");
        if (has_ended)
                fail("the viewer has ended");
        do
                last = now_ms();
        while (take_output(QUIET_MS));
        return last - from;
}

/* Processor time of a process so far, in milliseconds. */
static double processor_ms(pid_t process)
{
        unsigned long long nanoseconds = 0;
        char path[64];
        FILE *file;

        snprintf(path, sizeof path, "/proc/%d/schedstat", (int)process);
        file = fopen(path, "r");
        if (!file || fscanf(file, "%llu", &nanoseconds) != 1)
                fail("the processor time cannot be read");
        fclose(file);
        return (double)nanoseconds / 1e6;
}

/* The time of an answer: as it passes, and the viewer's processor time in it. */
struct answer {
        double passed, used;
};

static void type_keys(const char *keys)
{
        if (write(terminal, keys, strlen(keys)) < 0)
                fail(strerror(errno));
}

static struct answer press(const char *keys)
{
        const double from = now_ms(), used = processor_ms(viewer);
        double passed;

        type_keys(keys);
        passed = answer_ms(from);
        return (struct answer){ passed, processor_ms(viewer) - used };
}

static int by_size(const void *a, const void *b)
{
        const double *left = a, *right = b;

        return (*left > *right) - (*left < *right);
}

static void report_one(const char *what, double *ms)
{
        qsort(ms, KEYS, sizeof *ms, by_size);
        printf("%-34s median %6.1f ms, 99 of 100 %6.1f ms, slowest %6.1f ms\n", what, ms[KEYS / 2], ms[KEYS * 99 / 100],
               ms[KEYS - 1]);
}

static void report(const char *what, const struct answer answer[KEYS])
{
        double passed[KEYS], used[KEYS];

        for (size_t i = 0; i < KEYS; i++) {
                passed[i] = answer[i].passed;
                used[i] = answer[i].used;
        }
        report_one(what, passed);
        report_one("  processor time of that", used);
}

static void measure_steps(void)
{
        struct answer answer[KEYS];

        for (size_t i = 0; i < KEYS; i++)
                answer[i] = press("l");
        report("a step", answer);
}

/* Numbers spread over all events, the same in every run. */
static void measure_jumps(uint64_t events)
{
        struct answer answer[KEYS];
        uint64_t state = 1;

        for (size_t i = 0; i < KEYS; i++) {
                char keys[32];

                state = state * 6364136223846793005 + 1442695040888963407;
                snprintf(keys, sizeof keys, ":%llu\r", (unsigned long long)(1 + (state >> 20) % events));
                answer[i] = press(keys);
        }
        report("a jump to any event", answer);
}

static void measure_playing(void)
{
        double from, used;

        press("g");
        for (int i = 0; i < 12; i++)
                press(">");
        type_keys(" ");                         /* no end of its answer is awaited: what plays is never quiet */
        from = now_ms();
        used = processor_ms(viewer);
        while (now_ms() - from < PLAYED_SECONDS * 1000)
                take_output(10);
        printf("%-34s %.0f %% of a processor\n", "playing 10,000 events a second",
               100 * (processor_ms(viewer) - used) / (now_ms() - from));
}

static void wait_until_indexed(void)
{
        double used;

        do {
                used = processor_ms(viewer);
                while (take_output(500))
                        continue;
        } while (processor_ms(viewer) - used > 100);
}

int main(int argc, char **argv)
{
        struct winsize size = { .ws_row = ROWS, .ws_col = COLUMNS };
        const uint64_t events = argc > 2 ? strtoull(argv[argc - 1], NULL, 10) : 0;
        struct rusage used;
        double from = now_ms();
        int status;

        if (!events)
                fail("usage: measure_live COMMAND [ARGUMENT ...] RECORDING EVENTS");
        viewer = forkpty(&terminal, NULL, NULL, &size);
        if (viewer < 0)
                fail(strerror(errno));
        if (!viewer) {
                argv[argc - 1] = NULL;
                setenv("TERM", "xterm-256color", 1);
                setenv("LANG", "C.UTF-8", 1);
                execvp(argv[1], argv + 1);
                _exit(127);
        }
        while (!shows_all)
                if (!take_output(PATIENCE_MS))
                        fail("nothing is shown");
        printf("%-34s %.0f ms\n", "the first screen is whole after", now_ms() - from);
        wait_until_indexed();
        printf("%-34s %.1f s\n", "all is indexed after", (now_ms() - from) / 1000);
        measure_steps();
        measure_jumps(events);
        measure_playing();
        if (write(terminal, "q", 1) != 1)
                fail(strerror(errno));
        while (wait4(viewer, &status, WNOHANG, &used) == 0)
                take_output(10);
        printf("%-34s %ld MB\n", "the largest memory", used.ru_maxrss / 1000);
        return 0;
}
