/*
 * regiontrace cut: a part of a recording, as a recording of its own.
 */
#include "analysis/cut.h"
#include "base/error_message.h"
#include "verbs/command.h"
#include "verbs/command_options.h"

#include <getopt.h>
#include <stdlib.h>
#include <string.h>

static const char help[] =
        "usage: regiontrace cut [--from WHEN] [--to WHEN] [--memory MIB] -o OUTPUT FILE\n"
        "\n"
        "Writes the events from one moment to another as a recording of its own. It begins with a keyframe: the\n"
        "state of every tree, space and task at that moment, so that all other verbs, and regionviz, take it.\n"
        "\n"
        "  -f, --from WHEN     the first event: its number (1204) or a time since the stream began (12.5ms; s, ms,\n"
        "                      us, ns); without this, the first of all\n"
        "  -t, --to WHEN       the last event, likewise; without this, the last of all\n"
        "  -o, --output OUTPUT where it is written (- is standard output); compressed if the name ends with .zst\n"
        "  -m, --memory MIB    how much memory the index of the recording may take (256), beside 1024 for\n"
        "                      what the recording shows at one moment\n"
        "  -h, --help          show this\n"
        "\n"
        "Both ends are moved to where no operation on a tree is in progress: the first one back to the beginning\n"
        "of an operation, the last one on to the end of one. Events keep their numbers, if there are enough\n"
        "numbers before the first one for the keyframe.\n"
        "\n"
        "Exit status: 0 fine; 2 wrong usage, or a file cannot be read or written.\n";

enum { INDEX_MEBIBYTES = 256 };

/* One end of the part. Without a text it stays as it is. */
static bool parse_when(const char *option, const char *text, struct cut_end *out)
{
        static const struct {
                const char *name;
                double nanoseconds;
        } units[] = { { "s", 1e9 }, { "ms", 1e6 }, { "us", 1e3 }, { "ns", 1 } };
        char *unit;
        double value;

        if (!text)
                return true;
        value = strtod(text, &unit);
        *out = (struct cut_end){ .kind = CUT_AT_EVENT };
        if (!*unit)
                return command_number("cut", option, text, &out->number);
        out->kind = CUT_AT_TIME;
        for (size_t i = 0; i < sizeof units / sizeof units[0]; i++)
                if (*text >= '0' && *text <= '9' && !strcmp(unit, units[i].name) &&
                    value * units[i].nanoseconds < 1e19) {
                        out->number = (uint64_t)(value * units[i].nanoseconds);
                        return true;
                }
        command_cannot("cut", "--%s takes an event's number (1204) or a time (12.5ms), not \"%s\"", option, text);
        return false;
}

int cmd_cut(int argc, char **argv)
{
        const char *from = NULL, *to = NULL, *output = NULL;
        uint64_t memory = INDEX_MEBIBYTES;
        const struct command_option options[] = {
                { "from", 'f', .text = &from },
                { "to", 't', .text = &to },
                { "output", 'o', .text = &output },
                { "memory", 'm', .number = &memory },
                { 0 },
        };
        struct cut part = { 0 };
        int status;

        if (!command_options("cut", argc, argv, help, options, &status))
                return status;
        if (!parse_when("from", from, &part.from) || !parse_when("to", to, &part.to))
                return EXIT_CANNOT;
        if (!output || optind + 1 != argc) {
                command_cannot("cut", output ? "takes one FILE" : "needs an output (-o)");
                return command_usage("cut");
        }
        if (!command_may_write("cut", argv[optind], output))
                return EXIT_CANNOT;
        command_limit_memory(MEMORY_MEBIBYTES + memory);
        if (cut_write(argv[optind], part, (size_t)memory << 20, output).code)
                return command_cannot("cut", "%s", error_message());
        return EXIT_FINE;
}
