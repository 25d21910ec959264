/*
 * The options of a verb. A table names each and says where its value goes; what is not given stays as it was:
 *
 *      const struct command_option options[] = {
 *              { "category", 'c', .text = &filter.category },
 *              { "tree", 't', .number = &filter.tree, .is_given = &filter.by_tree },
 *              { "json", 'j', .flag = &json },
 *              { 0 },
 *      };
 *
 *      if (!command_options("dump", argc, argv, help, options, &status))
 *              return status;
 *      ... argv[optind] is the first argument that is no option ...
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

enum { COMMAND_OPTIONS_MOST = 24 };

/* One of `flag`, `text` and `number` is set. */
struct command_option {
        const char *name;                       /* "category", for --category; NULL ends the table */
        char letter;                            /* 'c', for -c; 0: it has none */
        bool *flag;                             /* becomes true; the option takes no value */
        const char **text;                      /* gets the value */
        uint64_t *number;                       /* gets the value, a whole number */
        bool *is_given;                         /* becomes true if the option is given; NULL: of no interest */
};

/*
 * Takes the options of the command line. Every verb has -h, --help as well, which prints `help`.
 * False if that is all that is to do: the help was printed, or an error. `*status` is then the exit status.
 */
[[nodiscard]] bool command_options(const char *verb, int argc, char **argv, const char *help,
                                   const struct command_option *options, int *status);
