#include "error_message.h"
#include "live/keys.h"
#include "live/run.h"
#include "live/seek.h"
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
        "      --ascii            draw with ASCII alone; unless it says, as the locale and the terminal have it\n"
        "      --no-colour        without colours; the same as setting NO_COLOR\n"
        "      --keys             print the table of keys in Markdown, and end\n"
        "  -h, --help             show this\n"
        "\n"
        "Exit status: 0 fine; 2 wrong usage, no terminal, or the recording cannot be read.\n";

struct options {
        const char *at;
        uint64_t tree;
        struct screen_wishes wishes;
};

static int cannot(const char *words)
{
        fprintf(stderr, "regionviz live: %s\n", words);
        return VIZ_CANNOT;
}

static bool begins_operation(const struct event *event, const void *context)
{
        const uint64_t *tree = context;

        return event->type == EVENT_tree_begin && (!*tree || event->field[0] == *tree);
}

/* At the moment that was asked for, or at the first operation. */
static void begin(struct view *view, const struct options *options)
{
        uint64_t first = timeline_find(view->timeline, 0, FORWARD, begins_operation, &options->tree);

        view->tree = options->tree;
        view->tree_was_chosen = options->tree != 0;
        if (!view->tree && first)
                view->tree = timeline_event(view->timeline, first)->field[0];
        if (options->at)
                time_to_words(view, options->at);
        else
                time_to_event(view, first);
}

static int run(const char *path, const struct options *options)
{
        struct view view = { .per_second = 4 };
        struct error error = timeline_open(&view.timeline, path);

        if (error.code)
                return cannot(error_message());
        begin(&view, options);
        error = live_run(&view, &options->wishes);
        timeline_close(view.timeline);
        return error.code ? cannot(error_message()) : VIZ_FINE;
}

enum { OPTION_ASCII = 1000, OPTION_NO_COLOUR, OPTION_KEYS };

int cmd_live(int argc, char **argv)
{
        static const struct option long_options[] = {
                { "at", required_argument, NULL, 'a' },       { "tree", required_argument, NULL, 't' },
                { "ascii", no_argument, NULL, OPTION_ASCII }, { "no-colour", no_argument, NULL, OPTION_NO_COLOUR },
                { "keys", no_argument, NULL, OPTION_KEYS },   { "help", no_argument, NULL, 'h' },
                { 0 },
        };
        const char *no_colour = getenv("NO_COLOR");
        struct options options = { .wishes.colour = no_colour && *no_colour ? NO_COLOUR : COLOUR_AS_TERMINAL };
        int option;
        char *end;

        while ((option = getopt_long(argc, argv, "a:t:h", long_options, NULL)) != -1) {
                switch (option) {
                case 'a':
                        options.at = optarg;
                        break;
                case 't':
                        options.tree = strtoull(optarg, &end, 10);
                        if (!options.tree || *end)
                                return cannot("--tree takes the number of a tree");
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
