#include "base/error_message.h"
#include "live/arrival.h"
#include "live/beside.h"
#include "live/keys.h"
#include "live/present.h"
#include "live/run.h"
#include "verbs/verbs.h"

#include <getopt.h>
#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char help[] =
        "usage: regionviz live [OPTIONS] FILE [OTHER]\n"
        "       regionviz live [OPTIONS] --run SCRIPT | --exec PROGRAM | --attach FOLDER\n"
        "\n"
        "Shows a recording on the terminal: the region tree with the operation's path, the address space, the events. Time\n"
        "goes forward and back, event by event. Press ? for the keys.\n"
        "\n"
        "FILE may also be a named pipe or a socket: what has arrived is shown, and more as it comes.\n"
        "\n"
        "With OTHER, a second recording, both are shown beside each other, aligned by operation; d goes to the first\n"
        "operation that differs.\n"
        "\n"
        "With --run, --exec or --attach it shows a running kernel: at the newest event, steps are commands to the kernel; all\n"
        "that came before can be walked through like a recording.\n"
        "\n"
        "  -a, --at MOMENT        where to begin; unless it says, at the first operation on a tree\n"
        "                           1204         after this event (numbers as in `regiontrace dump')\n"
        "                           12.5ms       at this time (s, ms, us or ns)\n"
        "                           op:57        at the begin of the tree's operation 57\n"
        "  -t, --tree ID          which tree; unless it says, the one of the first operation\n"
        "      --run SCRIPT       boot a kernel that runs this op script, and pause it at the script's first operation\n"
        "      --exec PROGRAM     boot a kernel that runs this program, and pause it at the program's first operation\n"
        "      --attach FOLDER    a kernel that `regiontrace record --control FOLDER' runs\n"
        "      --kernel FILE      the kernel to boot; unless it says, as `regiontrace record' has it\n"
        "      --initrd FILE      its initial ramdisk, likewise\n"
        "      --cpus N           its processors (1)\n"
        "  -m, --memory SIZE      how much memory the viewer may take, in MiB (256; 64 at least): more makes jumps faster\n"
        "      --ascii            draw with ASCII alone; unless it says, as the locale and the terminal have it\n"
        "      --no-colour        without colours; the same as setting NO_COLOR\n"
        "      --keys             print the table of keys in Markdown, and end\n"
        "  -h, --help             show this\n"
        "\n"
        "Exit status: 0 fine; 2 wrong usage, no terminal, or the recording cannot be read.\n";

/* What the viewer itself takes, besides what it keeps of recordings; and how much it must be allowed in all. */
enum { OWN_MEMORY = 20 << 20, LEAST_MEMORY = 64 << 20 };

/* From this size on memory that is freed goes back to the system at once, in any order: else --memory would be no bound. */
enum { MAPPED_FROM = 128 << 10 };

struct options {
        const char *at, *script, *program, *attach, *kernel, *initrd, *cpus;
        uint64_t tree;
        size_t memory;
        struct screen_options screen;
};

static int cannot(const char *words)
{
        fprintf(stderr, "regionviz live: %s\n", words);
        return VIZ_CANNOT;
}

static struct error boot(struct present **present, const struct options *options)
{
        const char *arguments[16];
        size_t count = 0;
        const struct {
                const char *option, *value;
        } given[] = {
                { "--run", options->script }, { "--exec", options->program }, { "--kernel", options->kernel },
                { "--initrd", options->initrd }, { "--cpus", options->cpus }, { "--append", "pause=0:1" },
        };

        for (size_t i = 0; i < sizeof given / sizeof given[0]; i++)
                if (given[i].value) {
                        arguments[count++] = given[i].option;
                        arguments[count++] = given[i].value;
                }
        arguments[count] = NULL;
        return present_boot(present, arguments);
}

static struct error open_timeline(struct view *view, const char *path, const char *other, const struct options *options)
{
        size_t memory = options->memory;

        if (other && (arrival_is_needed(path) || arrival_is_needed(other)))
                return FAILF(BAD_INPUT, "%s still grows: two recordings can be compared when both are complete",
                             arrival_is_needed(path) ? path : other);
        if (other)
                TRY(beside_open(&view->beside, path, other, &memory));
        if (path && arrival_is_needed(path)) {
                TRY(arrival_open(&view->arrival, path));
                return arrival_timeline(view->arrival, &view->timeline, memory);
        }
        if (path)
                return timeline_open(&view->timeline, path, memory);
        if (options->attach)
                TRY(present_attach(&view->present, options->attach));
        else
                TRY(boot(&view->present, options));
        TRY(present_timeline(view->present, &view->timeline, memory));
        if (!options->attach)
                present_begin(view->present, view);
        return SUCCESS;
}

/* `path` is NULL for a running kernel, and `other` unless two recordings are shown. */
static int run(const char *path, const char *other, const struct options *options)
{
        struct view view = {
                .per_second = 4, .tree = options->tree, .tree_was_chosen = options->tree != 0, .moment = options->at,
        };
        struct error error = SUCCESS;

        /* Before a machine is booted for nothing. */
        if (!path)
                error = screen_check();
        if (!error.code)
                error = open_timeline(&view, path, other, options);
        if (!error.code)
                error = live_run(&view, &options->screen);
        timeline_close(view.timeline);
        arrival_close(view.arrival);
        beside_close(view.beside);
        present_close(view.present);
        if (error_is(error, ERROR_NO_MEMORY))
                fprintf(stderr, "regionviz live: %s; --memory allows more\n", error_message());
        else if (error.code)
                cannot(error_message());
        return error.code ? VIZ_CANNOT : VIZ_FINE;
}

enum {
        OPTION_ASCII = 1000, OPTION_NO_COLOUR, OPTION_KEYS, OPTION_RUN, OPTION_EXEC, OPTION_ATTACH, OPTION_KERNEL,
        OPTION_INITRD, OPTION_CPUS,
};

int cmd_live(int argc, char **argv)
{
        static const struct option long_options[] = {
                { "at", required_argument, NULL, 'a' },       { "memory", required_argument, NULL, 'm' },
                { "tree", required_argument, NULL, 't' },     { "keys", no_argument, NULL, OPTION_KEYS },
                { "ascii", no_argument, NULL, OPTION_ASCII }, { "no-colour", no_argument, NULL, OPTION_NO_COLOUR },
                { "run", required_argument, NULL, OPTION_RUN }, { "exec", required_argument, NULL, OPTION_EXEC },
                { "attach", required_argument, NULL, OPTION_ATTACH }, { "kernel", required_argument, NULL, OPTION_KERNEL },
                { "initrd", required_argument, NULL, OPTION_INITRD }, { "cpus", required_argument, NULL, OPTION_CPUS },
                { "help", no_argument, NULL, 'h' },           { 0 },
        };
        const char *no_colour = getenv("NO_COLOR");
        struct options options = { .memory = (size_t)256 << 20, .screen.colour = no_colour && *no_colour ? NO_COLOUR : COLOUR_AS_TERMINAL };
        bool is_kernel;
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
                        if (options.memory < LEAST_MEMORY || *end)
                                return cannot("--memory takes a number of MiB, 64 or more");
                        break;
                case OPTION_RUN:
                        options.script = optarg;
                        break;
                case OPTION_EXEC:
                        options.program = optarg;
                        break;
                case OPTION_ATTACH:
                        options.attach = optarg;
                        break;
                case OPTION_KERNEL:
                        options.kernel = optarg;
                        break;
                case OPTION_INITRD:
                        options.initrd = optarg;
                        break;
                case OPTION_CPUS:
                        options.cpus = optarg;
                        break;
                case OPTION_ASCII:
                        options.screen.ascii = true;
                        break;
                case OPTION_NO_COLOUR:
                        options.screen.colour = NO_COLOUR;
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
        is_kernel = options.script || options.program || options.attach;
        if (is_kernel ? optind != argc : optind != argc - 1 && optind != argc - 2)
                return cannot(is_kernel ? "a running kernel or a recording, not both; try `regionviz live --help'"
                                        : "it takes one recording, or two; try `regionviz live --help'");
        if (options.attach && (options.script || options.program))
                return cannot("--attach shows a kernel that runs already: without --run and --exec");
        options.memory -= OWN_MEMORY;
        mallopt(M_MMAP_THRESHOLD, MAPPED_FROM);
        return run(is_kernel ? NULL : argv[optind], optind == argc - 2 ? argv[optind + 1] : NULL, &options);
}
