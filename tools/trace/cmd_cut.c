/*
 * regiontrace cut: a part of a recording, as a recording of its own.
 */
#include "command.h"
#include "compression.h"
#include "error_message.h"
#include "format.h"
#include "history.h"
#include "model_save.h"
#include "stream_writer.h"

#include <getopt.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char help[] =
        "usage: regiontrace cut [--from WHEN] [--to WHEN] [--memory MIB] -o OUTPUT FILE\n"
        "\n"
        "Writes the events from one moment to another as a recording of its own. It begins with a keyframe: the\n"
        "state of every tree, space and task at that moment, so that all other verbs, and regionviz, take it.\n"
        "\n"
        "  -f, --from WHEN     the first event: its number (1204) or a time since the stream began (12.5ms; s, ms,\n"
        "                      us, ns); without this, the first of all\n"
        "  -t, --to WHEN       the last event, likewise; without this, the last of all\n"
        "  -o, --output OUTPUT where it is written; compressed if the name ends with .zst\n"
        "  -m, --memory MIB    how much memory the index of the recording may take (256)\n"
        "  -h, --help          show this\n"
        "\n"
        "Both ends are moved to where no operation on a tree is in progress: the first one back to the beginning\n"
        "of an operation, the last one on to the end of one. Events keep their numbers, if there are enough\n"
        "numbers before the first one for the keyframe.\n"
        "\n"
        "Exit status: 0 fine; 2 wrong usage, or a file cannot be read or written.\n";

/* An event's number, or a time. */
struct when {
        bool is_given, is_time;
        uint64_t number;                        /* of the event; nanoseconds */
};

struct options {
        struct when from, to;
        uint64_t memory;                        /* MiB */
        const char *input, *output;
};

static bool parse_when(const char *option, const char *text, struct when *out)
{
        static const struct {
                const char *name;
                double nanoseconds;
        } units[] = { { "s", 1e9 }, { "ms", 1e6 }, { "us", 1e3 }, { "ns", 1 } };
        char *unit;
        double value = strtod(text, &unit);

        *out = (struct when){ .is_given = true };
        if (!*unit)
                return command_number("cut", option, text, &out->number);
        out->is_time = true;
        for (size_t i = 0; i < sizeof units / sizeof units[0]; i++)
                if (*text >= '0' && *text <= '9' && !strcmp(unit, units[i].name) &&
                    value * units[i].nanoseconds < 1e19) {
                        out->number = (uint64_t)(value * units[i].nanoseconds);
                        return true;
                }
        command_cannot("cut", "--%s takes an event's number (1204) or a time (12.5ms), not \"%s\"", option, text);
        return false;
}

/* --- both ends -------------------------------------------------------------------------------------------- */

/* The number of the last event up to a time. */
static struct error event_at(struct history *history, uint64_t nanoseconds, uint64_t *number)
{
        const struct schema *schema = history_schema(history);
        double ticks = (double)nanoseconds * (double)schema->clock_per_second / 1e9;
        uint64_t sum;

        if (!schema->clock_per_second)
                return FAILF(BAD_INPUT, "%s: its header names no clock, so times mean nothing in it",
                             history_name(history));
        if (ticks >= 0x1p63 || __builtin_add_overflow(schema->clock_ticks, (uint64_t)ticks, &sum))
                sum = UINT64_MAX;
        return history_at_time(history, sum, number);
}

/* Goes to the state before the first event. */
static struct error go_to_begin(struct history *history, const struct when *from)
{
        const struct history_landmark *operation;
        uint64_t before = from->is_given && from->number ? from->number - 1 : 0;
        bool moved = true;

        if (from->is_time)
                TRY(event_at(history, from->number, &before));
        TRY(history_seek(history, before));
        operation = history_landmark_before(history, before + 1, LANDMARKS_OF(LANDMARK_OPERATION), 0);
        if (!model_is_between(history_model(history)) && operation)
                TRY(history_seek(history, operation->event - 1));
        while (moved && !model_is_between(history_model(history)))
                TRY(history_step(history, &moved));
        return SUCCESS;
}

static struct error find_end(struct history *history, const struct when *to, uint64_t *last)
{
        *last = UINT64_MAX;
        if (to->is_time)
                return event_at(history, to->number, last);
        if (to->is_given)
                *last = to->number;
        return SUCCESS;
}

/* --- writing ---------------------------------------------------------------------------------------------- */

/* Where the events of the saved model go: before the first event, on its cpu and at its time. */
struct saving {
        struct stream_writer *writer;
        unsigned cpu;
        uint64_t ticks;
};

static struct error write_saved(void *context, const struct event *from)
{
        const struct saving *saving = context;
        struct event event = *from;

        event.cpu = saving->cpu;
        event.ticks = saving->ticks;
        return stream_write_known(saving->writer, &event);
}

static struct error count_saved([[maybe_unused]] void *context, [[maybe_unused]] const struct event *event)
{
        ++*(uint64_t *)context;
        return SUCCESS;
}

/*
 * The numbers before the first event are those of the saved model's events, and those before them are missing: so every
 * reader takes the keyframe for the first that is known. At least one is missing.
 */
static struct error write_model(struct history *history, struct stream_writer *writer, const struct event *first)
{
        struct saving saving = { writer, first->cpu, first->ticks };
        uint64_t saved = 0;

        TRY(model_save(history_model(history), (struct model_sink){ &saved, count_saved }));
        TRY(stream_writer_skip(writer, first->cpu, first->number > saved + 2 ? first->number - saved - 1 : 1));
        return model_save(history_model(history), (struct model_sink){ &saving, write_saved });
}

/* Writes from the event behind the present state to the last one, and on to the end of the operation. */
static struct error write_events(struct history *history, struct stream_writer *writer, uint64_t last)
{
        struct history_event first;
        bool moved = true;

        if (history_position(history) >= last || history_position(history) >= history_progress(history).newest)
                return FAILF(NOT_FOUND, "%s: there is no event between these two moments; the last one is %s",
                             history_name(history), format_count(history_progress(history).newest));
        if (history_position(history)) {
                TRY(history_read(history, history_position(history) + 1, &first));
                TRY(write_model(history, writer, &first.event));
        }
        while (history_position(history) < last || !model_is_between(history_model(history))) {
                TRY(history_step(history, &moved));
                if (!moved)
                        break;
                TRY(stream_write(writer, history_event(history)));
        }
        return stream_writer_end(writer);
}

static struct error write_part(struct history *history, const struct options *options)
{
        struct stream_writer *writer = NULL;
        struct output *output;
        struct error error, end;
        uint64_t last;

        TRY(find_end(history, &options->to, &last));
        TRY(go_to_begin(history, &options->from));
        TRY(output_open(options->output, &output));
        error = stream_writer_open(output, history_schema(history), "cut", &writer);
        if (!error.code)
                error = write_events(history, writer, last);
        stream_writer_free(writer);
        end = output_close(output);
        if (error.code)
                unlink(options->output);
        return error.code ? error : end;
}

static struct error cut(const struct options *options)
{
        struct history *history;
        struct error error;
        bool more;

        TRY(history_open(options->input, HISTORY_WHOLE, (size_t)options->memory << 20, &history));
        do
                error = history_index(history, UINT64_MAX, &more);
        while (!error.code && more);
        if (!error.code)
                error = write_part(history, options);
        history_close(history);
        return error;
}

int cmd_cut(int argc, char **argv)
{
        static const struct option options[] = {
                { "from", required_argument, NULL, 'f' },   { "to", required_argument, NULL, 't' },
                { "output", required_argument, NULL, 'o' }, { "memory", required_argument, NULL, 'm' },
                { "help", no_argument, NULL, 'h' },         { 0 },
        };
        struct options chosen = { .memory = 256 };
        int option;

        while ((option = getopt_long(argc, argv, "f:t:o:m:h", options, NULL)) != -1) {
                switch (option) {
                case 'f':
                        if (!parse_when("from", optarg, &chosen.from))
                                return EXIT_CANNOT;
                        break;
                case 't':
                        if (!parse_when("to", optarg, &chosen.to))
                                return EXIT_CANNOT;
                        break;
                case 'o':
                        chosen.output = optarg;
                        break;
                case 'm':
                        if (!command_number("cut", "memory", optarg, &chosen.memory))
                                return EXIT_CANNOT;
                        break;
                case 'h':
                        fputs(help, stdout);
                        return EXIT_FINE;
                default:
                        return command_usage("cut");
                }
        }
        if (!chosen.output || optind + 1 != argc) {
                command_cannot("cut", chosen.output ? "takes one FILE" : "needs an output (-o)");
                return command_usage("cut");
        }
        chosen.input = argv[optind];
        if (!command_may_write("cut", chosen.input, chosen.output))
                return EXIT_CANNOT;
        return cut(&chosen).code ? command_cannot("cut", "%s", error_message()) : EXIT_FINE;
}
