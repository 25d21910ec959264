/*
 * regiontrace: records, shows and checks the trace of an Understory kernel.
 */
#include "verbs/command.h"

#include <string.h>

enum { VERB_NAME_MOST = 9 };

struct verb {
        const char *name;
        int (*run)(int argc, char **argv);
        const char *summary;
};

static const struct verb verbs[] = {
        { "record", cmd_record, "boot the kernel in QEMU and keep its trace" },
        { "ctl", cmd_ctl, "pause, step and steer a kernel that is being recorded" },
        { "info", cmd_info, "summarize a recording in a few lines" },
        { "dump", cmd_dump, "print events, one a line, as text or JSON" },
        { "follow", cmd_follow, "print events as they arrive" },
        { "check", cmd_check, "rebuild every tree from the events, and check every rule" },
        { "diff", cmd_diff, "compare two recordings operation by operation" },
        { "stats", cmd_stats, "count what the operations of a recording cost" },
        { "cut", cmd_cut, "write a part of a recording as a recording of its own" },
        { "perfetto", cmd_perfetto, "turn a recording into a trace for ui.perfetto.dev" },
        { "events", cmd_events, "print the table of all events there are" },
        { "import", cmd_import, "turn a program's memory calls, captured by strace, into an op script" },
        { "script", cmd_script, "write an op script at random, or shrink one that fails" },
};

static void print_help(FILE *out)
{
        fprintf(out, "usage: regiontrace VERB [ARGUMENTS]\n\n"
                     "Records, shows and checks the trace of an Understory kernel.\n\n");
        for (size_t i = 0; i < sizeof verbs / sizeof verbs[0]; i++)
                fprintf(out, "  %-*s %s\n", VERB_NAME_MOST, verbs[i].name, verbs[i].summary);
        fprintf(out, "\n`regiontrace VERB --help' tells more. docs/regiontrace.md is the manual.\n"
                     "Exit status: 0 fine; 1 the run failed or the check found a fault; 2 wrong usage, or\n"
                     "not possible here.\n");
}

/* getopt names argv[0] where an option is wrong. */
static int run(const struct verb *verb, int argc, char **argv)
{
        char name[sizeof "regiontrace " + VERB_NAME_MOST];

        snprintf(name, sizeof name, "regiontrace %s", verb->name);
        argv[0] = name;
        return verb->run(argc, argv);
}

int main(int argc, char **argv)
{
        const char *name = argc > 1 ? argv[1] : "";

        if (strcmp(name, "--help") == 0 || strcmp(name, "-h") == 0 || strcmp(name, "help") == 0) {
                print_help(stdout);
                return command_flush("help") ? EXIT_FINE : EXIT_CANNOT;
        }
        for (size_t i = 0; i < sizeof verbs / sizeof verbs[0]; i++)
                if (strcmp(verbs[i].name, name) == 0)
                        return run(&verbs[i], argc - 1, argv + 1);
        if (*name)
                fprintf(stderr, "regiontrace: there is no verb \"%s\"\n\n", name);
        print_help(stderr);
        return EXIT_CANNOT;
}
