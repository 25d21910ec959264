#include "base/error_message.h"
#include "base/format.h"
#include "perfetto/perfetto_timeline.h"
#include "verbs/command.h"
#include "verbs/command_options.h"

#include <errno.h>
#include <getopt.h>
#include <string.h>

static const char help[] =
        "usage: regiontrace perfetto [--memory MIB] FILE -o TRACE\n"
        "\n"
        "Turns a recording into a trace for Perfetto: open https://ui.perfetto.dev in a browser and drag TRACE\n"
        "onto the page (nothing is uploaded), or query it in SQL with trace_processor. docs/perfetto.md\n"
        "says what to look for. FILE may be a pipe, a Unix socket, or - for standard input.\n"
        "\n"
        "  -o, --output TRACE   the file to write, usually named *.pftrace; - is standard output\n"
        "  -m, --memory MIB     how much memory it may take (1024)\n"
        "  -h, --help           show this\n"
        "\n"
        "Exit status: 0 fine; 1 TRACE is whole, but the recording is cut short or damaged, standard error says\n"
        "how; 2 wrong usage, or a file cannot be read or written.\n";

static void print_totals(FILE *out, const char *path, const struct reader *reader, const struct timeline *timeline)
{
        struct perfetto_totals totals = timeline_totals(timeline);

        fprintf(out, "%s: %s as %s on %s, %s and %s\n", path, format_counted(reader_totals(reader).events, "event"),
                format_counted(totals.slices, "slice"), format_counted(totals.tracks, "track"),
                format_counted(totals.instants, "instant"), format_counted(totals.samples, "counter sample"));
}

/* Prints what is wrong with the recording; false if nothing is. */
static bool print_faults(const struct reader *reader, const struct timeline *timeline)
{
        struct reader_totals totals = reader_totals(reader);

        command_print_notices(stderr, reader);
        if (timeline_left_out(timeline))
                fprintf(stderr, "%s: %s left out; the first: %s\n", reader_name(reader),
                        format_counted(timeline_left_out(timeline), "event"), timeline_first_fault(timeline));
        if (!timeline_ended(timeline))
                fprintf(stderr, "%s: the stream was cut short: after %s there is no end event; all that was open "
                        "is ended there\n", reader_name(reader), format_counted(totals.events, "event"));
        return totals.damaged || timeline_left_out(timeline) || !timeline_ended(timeline);
}

static struct error read_all(struct reader *reader, struct timeline *timeline)
{
        struct event event;

        while (command_next(reader, &event))
                TRY(timeline_event(timeline, &event));
        return SUCCESS;
}

/* What was read before reading failed is shown, too. */
static int convert(struct reader *reader, FILE *out, const char *path)
{
        struct timeline *timeline;
        int status = EXIT_CANNOT;

        if (timeline_create(reader, out, &timeline).code)
                return command_cannot("perfetto", "%s", error_message());
        if (read_all(reader, timeline).code || timeline_finish(timeline).code) {
                command_cannot("perfetto", "%s: %s", path, error_message());
        } else if (reader_failed(reader)) {
                command_cannot("perfetto", "%s", error_message());
        } else {
                print_totals(out == stdout ? stderr : stdout, path, reader, timeline);
                status = print_faults(reader, timeline) ? EXIT_CHECK_FAILED : EXIT_FINE;
        }
        timeline_destroy(timeline);
        return status == EXIT_CANNOT || command_flush("perfetto") ? status : EXIT_CANNOT;
}

static int write_trace(struct reader *reader, const char *path)
{
        FILE *out;
        int status;

        if (!strcmp(path, "-"))
                return convert(reader, stdout, "standard output");
        out = fopen(path, "wb");
        if (!out)
                return command_cannot("perfetto", "%s: cannot be written: %s", path, strerror(errno));
        status = convert(reader, out, path);
        if (fclose(out) && status != EXIT_CANNOT)
                status = command_cannot("perfetto", "%s: %s", path, strerror(errno));
        return status;
}

int cmd_perfetto(int argc, char **argv)
{
        const char *output = NULL;
        uint64_t memory = MEMORY_MEBIBYTES;
        const struct command_option options[] = {
                { "output", 'o', .text = &output },
                { "memory", 'm', .number = &memory },
                { 0 },
        };
        struct reader *reader;
        int status;

        if (!command_options("perfetto", argc, argv, help, options, &status))
                return status;
        command_limit_memory(memory);
        if (!output) {
                command_cannot("perfetto", "needs -o TRACE, the file to write");
                return command_usage("perfetto");
        }
        if (optind < argc && !command_may_write("perfetto", argv[optind], output))
                return EXIT_CANNOT;
        if (!command_open("perfetto", argc, argv, &reader))
                return EXIT_CANNOT;
        status = write_trace(reader, output);
        reader_close(reader);
        return status;
}
