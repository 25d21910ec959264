#include "error_message.h"
#include "live/keys.h"
#include "live/run.h"
#include "verbs.h"

#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char help[] =
        "usage: regionviz live [OPTIONS] FILE\n"
        "\n"
        "Shows a recording on the terminal: the region tree with the operation's path, the address space, the events. Time\n"
        "goes forward and back, event by event. Press ? for the keys.\n"
        "\n"
        "  -a, --at MOMENT        where to begin; unless it says, at the first operation on a tree\n"
        "                           1204         after this event (numbers as in `regiontrace dump')\n"
        "                           12.5ms       at this time (s, ms, us or ns)\n"
        "                           op:57        at the begin of the tree's operation 57\n"
        "  -t, --tree ID          which tree; unless it says, the one of the first operation\n"
        "  -m, --memory SIZE      how much memory the index may take, in MiB (256): more makes going back faster\n"
        "      --ascii            draw with ASCII alone; unless it says, as the locale and the terminal have it\n"
        "      --no-colour        without colours; the same as setting NO_COLOR\n"
        "      --keys             print the table of keys in Markdown, and end\n"
        "  -h, --help             show this\n"
        "\n"
        "Exit status: 0 fine; 2 wrong usage, no terminal, or the recording cannot be read.\n";

struct options {
        const char *at;
        uint64_t tree;
        size_t memory;
        struct screen_wishes wishes;
};

static int cannot(const char *words)
{
        fprintf(stderr, "regionviz live: %s\n", words);
        return VIZ_CANNOT;
}

static int run(const char *path, const struct options *options)
{
        struct view view = {
                .per_second = 4, .tree = options->tree, .tree_was_chosen = options->tree != 0, .moment = options->at,
        };
        struct error error = timeline_open(&view.timeline, path, options->memory);

        if (error.code)
                return cannot(error_message());
        error = live_run(&view, &options->wishes);
        timeline_close(view.timeline);
        return error.code ? cannot(error_message()) : VIZ_FINE;
}

enum { OPTION_ASCII = 1000, OPTION_NO_COLOUR, OPTION_KEYS };

int cmd_live(int argc, char **argv)
{
        static const struct option long_options[] = {
                { "at", required_argument, NULL, 'a' },       { "memory", required_argument, NULL, 'm' },
                { "tree", required_argument, NULL, 't' },     { "keys", no_argument, NULL, OPTION_KEYS },
                { "ascii", no_argument, NULL, OPTION_ASCII }, { "no-colour", no_argument, NULL, OPTION_NO_COLOUR },
                { "help", no_argument, NULL, 'h' },           { 0 },
        };
        const char *no_colour = getenv("NO_COLOR");
        struct options options = { .memory = (size_t)256 << 20, .wishes.colour = no_colour && *no_colour ? NO_COLOUR : COLOUR_AS_TERMINAL };
        int option;
        char *end;

        while ((option = getopt_long(argc, argv, "a:t:m:h", long_options, NULL)) != -1) {
                switch (option) {
                case 'a':
                        options.at = optarg;
                        break;
                case 't':
                        options.tree = strtoull(optarg, &end, 10);
                        if (!options.tree || *end)
                                return cannot("--tree takes the number of a tree");
                        break;
                case 'm':
                        options.memory = strtoull(optarg, &end, 10) << 20;
                        if (!options.memory || *end)
                                return cannot("--memory takes a number of MiB");
                        break;
                case OPTION_ASCII:
                        options.wishes.ascii = true;
                        break;
                case OPTION_NO_COLOUR:
                        options.wishes.colour = NO_COLOUR;
                        break;
                case OPTION_KEYS:
                        keys_write_table(stdout);
                        return VIZ_FINE;
                case 'h':
                        fputs(help, stdout);
                        return VIZ_FINE;
                default:
                        return cannot("try `regionviz live --help'");
                }
        }
        if (optind != argc - 1)
                return cannot("it takes one recording; try `regionviz live --help'");
        return run(argv[optind], &options);
}
