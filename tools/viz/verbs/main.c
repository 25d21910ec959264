/*
 * regionviz: draws what an Understory kernel recorded about its region trees.
 */
#include "verbs/verbs.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

struct verb {
        const char *name;
        int (*run)(int argc, char **argv);
        const char *summary;
};

static const struct verb verbs[] = {
        { "tree", cmd_tree, "draw a region tree as it was at some event" },
        { "film", cmd_film, "draw one operation as numbered frames" },
        { "skyline", cmd_skyline, "draw the holes of a space, and what a search for one looked at" },
        { "diff", cmd_diff, "draw how two trees differ: of two recordings, or at two moments" },
        { "map", cmd_map, "draw an address space over time" },
        { "locks", cmd_locks, "draw who holds and who waits for locks, and their order" },
        { "progress", cmd_progress, "draw two processors or threads, one against the other" },
        { "html", cmd_html, "make a page that plays a recording in a browser" },
        { "live", cmd_live, "walk through a recording on the terminal" },
};

static void print_help(FILE *out)
{
        fprintf(out, "usage: regionviz VERB [ARGUMENTS]\n\n");
        for (size_t i = 0; i < sizeof verbs / sizeof verbs[0]; i++)
                fprintf(out, "  %-8s %s\n", verbs[i].name, verbs[i].summary);
        fprintf(out, "\n`regionviz VERB --help' says more. docs/regionviz.md is the manual.\n"
                     "Exit status: 0 fine; 2 wrong usage, or not possible here.\n");
}

/* What is printed must have been written: a full disk is no success. */
static int flushed(int status)
{
        if (status != VIZ_FINE || (!fflush(stdout) && !ferror(stdout)))
                return status;
        fprintf(stderr, "regionviz: standard output cannot be written: %s\n", strerror(errno));
        return VIZ_CANNOT;
}

/* getopt names argv[0] where an option is wrong. */
static int run(const struct verb *verb, int argc, char **argv)
{
        char name[64];

        snprintf(name, sizeof name, "regionviz %s", verb->name);
        argv[0] = name;
        return flushed(verb->run(argc, argv));
}

int main(int argc, char **argv)
{
        const char *name = argc > 1 ? argv[1] : "";

        if (!strcmp(name, "--help") || !strcmp(name, "-h") || !strcmp(name, "help")) {
                print_help(stdout);
                return flushed(VIZ_FINE);
        }
        for (size_t i = 0; i < sizeof verbs / sizeof verbs[0]; i++)
                if (!strcmp(verbs[i].name, name))
                        return run(&verbs[i], argc - 1, argv + 1);
        if (*name)
                fprintf(stderr, "regionviz: there is no verb \"%s\"\n\n", name);
        print_help(stderr);
        return VIZ_CANNOT;
}
