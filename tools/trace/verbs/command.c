#include "verbs/command.h"
#include "base/error_message.h"
#include "base/format.h"

#include <errno.h>
#include <getopt.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

int command_cannot(const char *verb, const char *format, ...)
{
        va_list arguments;

        fflush(stdout);
        fprintf(stderr, "regiontrace %s: ", verb);
        va_start(arguments, format);
        vfprintf(stderr, format, arguments);
        va_end(arguments);
        fputc('\n', stderr);
        return EXIT_CANNOT;
}

int command_usage(const char *verb)
{
        fprintf(stderr, "Try `regiontrace %s --help'.\n", verb);
        return EXIT_CANNOT;
}

int command_help(const char *verb, const char *text)
{
        fputs(text, stdout);
        return command_flush(verb) ? EXIT_FINE : EXIT_CANNOT;
}

bool command_number(const char *verb, const char *option, const char *text, uint64_t *out)
{
        char *end;

        errno = 0;
        *out = strtoull(text, &end, 10);
        if (*text >= '0' && *text <= '9' && !*end && errno == 0)
                return true;
        command_cannot(verb, "--%s takes a whole number, not \"%s\"", option, text);
        return false;
}

/* What the process has besides: its code's data, buffers of files. */
enum { OWN_MEBIBYTES = 16 };

void command_limit_memory(uint64_t mebibytes)
{
#if !defined(__SANITIZE_ADDRESS__)
        const uint64_t most = UINT64_MAX >> 21;
        struct rlimit limit;

        if (getrlimit(RLIMIT_DATA, &limit))
                return;
        limit.rlim_cur = ((mebibytes < most ? mebibytes : most) + OWN_MEBIBYTES) << 20;
        if (limit.rlim_cur < limit.rlim_max)
                setrlimit(RLIMIT_DATA, &limit);
        error_message_for_no_memory("what the recording shows takes more memory than it may; --memory MIB allows more");
#else
        (void)mebibytes;
#endif
}

bool command_open(const char *verb, int argc, char **argv, struct reader **out)
{
        if (optind + 1 != argc) {
                command_cannot(verb, "takes one FILE");
                command_usage(verb);
                return false;
        }
        if (!reader_open(argv[optind], out).code)
                return true;
        command_cannot(verb, "%s", error_message());
        return false;
}

bool command_has_names(const char *verb, const struct schema *schema, const char *category, const char *event)
{
        bool has_category = !category, has_event = !event;

        for (size_t i = 0; i < schema->events; i++) {
                has_category |= category && strcmp(schema->event[i].category, category) == 0;
                has_event |= event && strcmp(schema->event[i].name, event) == 0;
        }
        if (!has_category)
                command_cannot(verb, "this stream has no category \"%s\"", category);
        else if (!has_event)
                command_cannot(verb, "this stream has no event \"%s\"", event);
        return has_category && has_event;
}

/* --- progress --------------------------------------------------------------------------------------------- */

enum { FIRST_SHOWN_MS = 1000, SHOWN_EVERY_MS = 100, EVENTS_BETWEEN_LOOKS = 4096 };

static struct {
        const struct reader *reader;            /* that is being read; NULL: none yet */
        bool is_wanted;                         /* standard error is a terminal */
        uint64_t size;                          /* of its file in bytes; 0: not known */
        struct timespec due;                    /* when the line is written next */
        bool is_shown;
} progress;

static struct timespec later_by(struct timespec time, long ms)
{
        time.tv_sec += ms / 1000;
        time.tv_nsec += ms % 1000 * 1000000;
        if (time.tv_nsec >= 1000000000) {
                time.tv_sec++;
                time.tv_nsec -= 1000000000;
        }
        return time;
}

static bool is_before(struct timespec a, struct timespec b)
{
        return a.tv_sec < b.tv_sec || (a.tv_sec == b.tv_sec && a.tv_nsec < b.tv_nsec);
}

/* Of a compressed file, it is not known how much of it has been read. */
static bool is_compressed(const char *name)
{
        const char *ending = strrchr(name, '.');

        return ending && strcmp(ending, ".zst") == 0;
}

static void begin_progress(const struct reader *reader, struct timespec now)
{
        struct stat status;

        progress.reader = reader;
        progress.is_wanted = isatty(STDERR_FILENO);
        progress.size = 0;
        if (!is_compressed(reader_name(reader)) && stat(reader_name(reader), &status) == 0 && S_ISREG(status.st_mode))
                progress.size = (uint64_t)status.st_size;
        progress.due = later_by(now, FIRST_SHOWN_MS);
}

static void show_progress(const struct reader *reader, const struct event *event)
{
        const struct reader_totals totals = reader_totals(reader);
        struct timespec now;

        clock_gettime(CLOCK_MONOTONIC, &now);
        if (progress.reader != reader)
                begin_progress(reader, now);
        if (!progress.is_wanted || is_before(now, progress.due))
                return;
        fprintf(stderr, "\r\033[K%s: %s read", reader_name(reader), format_counted(event->number, "event"));
        if (totals.bytes <= progress.size)
                fprintf(stderr, ", %u %%", (unsigned)(100.0 * (double)totals.bytes / (double)progress.size));
        progress.due = later_by(now, SHOWN_EVERY_MS);
        progress.is_shown = true;
}

void command_hide_progress(void)
{
        if (progress.is_shown)
                fputs("\r\033[K", stderr);
        progress.is_shown = false;
        progress.reader = NULL;
}

bool command_next(struct reader *reader, struct event *event)
{
        const bool is_there = reader_next(reader, event);

        if (!is_there)
                command_hide_progress();
        else if (event->number % EVENTS_BETWEEN_LOOKS == 0 || !progress.reader)
                show_progress(reader, event);
        return is_there;
}

/* --- files ------------------------------------------------------------------------------------------------ */

bool command_may_write(const char *verb, const char *input, const char *output)
{
        struct stat from, to;

        if (!strcmp(output, "-") || stat(output, &to) || !S_ISREG(to.st_mode))
                return true;
        if (strcmp(input, "-") ? stat(input, &from) : fstat(STDIN_FILENO, &from))
                return true;
        if (from.st_dev != to.st_dev || from.st_ino != to.st_ino)
                return true;
        command_cannot(verb, "%s is the file that is read; name another one for the output", output);
        return false;
}

void command_print_notices(FILE *out, const struct reader *reader)
{
        struct reader_totals totals = reader_totals(reader);
        const char *words;
        size_t i = 0;

        for (; (words = reader_notice(reader, i)); i++)
                fprintf(out, "%s: %s\n", reader_name(reader), words);
        if (i < totals.damaged)
                fprintf(out, "%s: in all, %s thrown away\n", reader_name(reader),
                        format_counted(totals.damaged, "frame"));
}

int command_write_text(const char *verb, const char *text, const char *output)
{
        const bool to_file = strcmp(output, "-") != 0;
        FILE *out = to_file ? fopen(output, "w") : stdout;
        bool failed;

        if (!out)
                return command_cannot(verb, "%s: cannot be written: %s", output, strerror(errno));
        failed = fputs(text, out) < 0;
        if ((to_file ? fclose(out) : fflush(out)) || failed)
                return command_cannot(verb, "%s: %s", to_file ? output : "standard output", strerror(errno));
        return EXIT_FINE;
}

bool command_flush(const char *verb)
{
        if (fflush(stdout) == 0 && !ferror(stdout))
                return true;
        command_cannot(verb, "standard output: %s", strerror(errno));
        return false;
}
