/*
 * regiontrace follow: prints the events of a recording while it grows.
 */
#include "base/error_message.h"
#include "history/history_store.h"
#include "stream/event_print.h"
#include "stream/reader_position.h"
#include "verbs/command.h"
#include "verbs/command_options.h"

#include <errno.h>
#include <getopt.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

static const char help[] =
        "usage: regiontrace follow [OPTIONS] FILE\n"
        "\n"
        "Prints the events of a recording as they arrive, from the first one on, until the run ends. FILE is a\n"
        "recording that is still written (it may not exist yet), a pipe, a Unix socket, or - for standard input.\n"
        "\n"
        "  -c, --category NAME   only events of this category (as listed by `regiontrace events')\n"
        "  -e, --event NAME      only events of this name\n"
        "  -q, --quiet SECONDS   stop if nothing has arrived for so long; without this, only the end of the run or\n"
        "                        Ctrl-C ends it\n"
        "  -j, --json            JSON, an object a line\n"
        "  -m, --memory MIB      how much memory it may take (1024)\n"
        "  -h, --help            show this\n"
        "\n"
        "Exit status: 0 the run has ended; 1 it has not, but nothing more arrives; 2 wrong usage, or FILE cannot\n"
        "be read.\n";

enum {
        NAP_MS = 50,
        SAID_AFTER_MS = 1000,                   /* that there is nothing to follow yet */
        /* A running kernel sends something every 10 ms. After so long, events that wait for other cpus are shown. */
        STILL_MS = 1000,
};

struct options {
        const char *category, *event, *path;
        bool as_json;
        uint64_t quiet;                         /* seconds; 0: for ever */
};

static void nap(void)
{
        nanosleep(&(struct timespec){ .tv_nsec = NAP_MS * 1000000L }, NULL);
}

static bool passes(const struct options *options, const struct event *event)
{
        return (!options->category || strcmp(event->schema->category, options->category) == 0) &&
               (!options->event || strcmp(event->schema->name, options->event) == 0);
}

/* Prints all events that may be given out now. `*ended`: the run has. */
static void print_arrived(struct reader *reader, const struct options *options, bool *ended)
{
        struct buffer line = { 0 };
        struct event event;

        while (!*ended && !ferror(stdout) && !line.failed && reader_next(reader, &event)) {
                *ended = event.type == EVENT_end;
                if (!passes(options, &event))
                        continue;
                line.length = 0;
                if (options->as_json)
                        event_print_json(&line, &event);
                else
                        event_print(&line, reader_schema(reader), &event);
                fwrite(line.bytes, 1, line.length, stdout);
        }
        free(line.bytes);
        fflush(stdout);
}

/* Whether nothing has arrived for so long that it is time to stop. */
static bool is_over(const struct options *options, uint64_t still_ms)
{
        return ferror(stdout) || (options->quiet && still_ms >= options->quiet * 1000);
}

static void say_waiting(const char *path)
{
        const bool is_readable = access(path, R_OK) == 0;

        fprintf(stderr, "regiontrace follow: %s: %s; waiting for it (Ctrl-C ends)\n", path,
                is_readable ? "no header of a recording is in it yet" : strerror(errno));
}

/* Waits for the header; the file may not be there yet, or be empty. NULL if that takes too long, or cannot be. */
static struct reader *wait_for_header(const struct options *options, struct history_store *store,
                                      struct history_place *place)
{
        struct reader *reader;
        struct error error;

        for (uint64_t waited = 0; !is_over(options, waited); waited += NAP_MS) {
                error = history_store_open(store, options->path, true);
                if (!error.code) {
                        *place = (struct history_place){ .store = store };
                        error = reader_open_source(history_place_source(place), options->path, &reader);
                        if (!error.code)
                                return reader;
                        history_store_close(store);
                }
                if (waited < SAID_AFTER_MS && waited + NAP_MS >= SAID_AFTER_MS)
                        say_waiting(options->path);
                nap();
        }
        command_cannot("follow", "%s", error_message());
        return NULL;
}

/* What has arrived in a file is read again and again. Whether the run has ended. */
static bool print_growing(struct reader *reader, const struct options *options)
{
        uint64_t still = 0, bytes = 0;
        bool ended = false;

        while (!ended && !is_over(options, still)) {
                reader_set_growing(reader, still != STILL_MS);
                print_arrived(reader, options, &ended);
                still = reader_totals(reader).bytes == bytes ? still + NAP_MS : 0;
                bytes = reader_totals(reader).bytes;
                if (!ended)
                        nap();
        }
        return ended;
}

enum input { GROWING_FILE, PIPE };

/* Follows a stream, and closes it. */
static int follow(struct reader *reader, const struct options *options, enum input input)
{
        bool ended = false;

        if (!command_has_names("follow", reader_schema(reader), options->category, options->event)) {
                reader_close(reader);
                return EXIT_CANNOT;
        }
        if (input == GROWING_FILE)
                ended = print_growing(reader, options);
        else
                print_arrived(reader, options, &ended);
        command_print_notices(stderr, reader);
        reader_close(reader);
        if (!command_flush("follow"))
                return EXIT_CANNOT;
        return ended ? EXIT_FINE : EXIT_CHECK_FAILED;
}

static int follow_file(const struct options *options)
{
        struct history_store store;
        struct history_place place;
        struct reader *reader = wait_for_header(options, &store, &place);
        int status;

        if (!reader)
                return EXIT_CANNOT;
        status = follow(reader, options, GROWING_FILE);
        history_store_close(&store);
        return status;
}

/* A pipe or a socket: reading waits for what arrives. */
static int follow_pipe(const struct options *options)
{
        struct reader *reader;

        setvbuf(stdout, NULL, _IOLBF, 0);
        if (reader_open(options->path, &reader).code)
                return command_cannot("follow", "%s", error_message());
        return follow(reader, options, PIPE);
}

static bool is_pipe(const char *path)
{
        struct stat status;

        return strcmp(path, "-") == 0 || (stat(path, &status) == 0 && !S_ISREG(status.st_mode));
}

int cmd_follow(int argc, char **argv)
{
        struct options chosen = { 0 };
        uint64_t memory = MEMORY_MEBIBYTES;
        const struct command_option options[] = {
                { "category", 'c', .text = &chosen.category },
                { "event", 'e', .text = &chosen.event },
                { "quiet", 'q', .number = &chosen.quiet },
                { "json", 'j', .flag = &chosen.as_json },
                { "memory", 'm', .number = &memory },
                { 0 },
        };
        int status;

        if (!command_options("follow", argc, argv, help, options, &status))
                return status;
        command_limit_memory(memory);
        if (optind + 1 != argc) {
                command_cannot("follow", "takes one FILE");
                return command_usage("follow");
        }
        chosen.path = argv[optind];
        return is_pipe(chosen.path) ? follow_pipe(&chosen) : follow_file(&chosen);
}
