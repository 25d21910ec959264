/*
 * What the verbs that draw a picture have in common: their shared options, the recording, and how they end.
 *
 * A verb embeds `struct picture_options' as the first member of its own options, and lists the options that it takes.
 * It is called for those that only it has:
 *
 *      struct options { struct picture_options common; struct moment_when when; };
 *
 *      static const struct option long_options[] = { PICTURE_OPTIONS, { "at", required_argument, NULL, 'a' }, { 0 } };
 *      static const struct picture_verb verb = {
 *              .name = "film", .help = help, .options = long_options, .times_read = "twice",
 *              .parse_option = parse_option, .run = run,
 *      };
 *      struct options options = { 0 };
 *
 *      return picture_verb_run(&verb, argc, argv, &options.common);
 */
#pragma once

#include "draw/render.h"
#include "layout/layout.h"
#include "verbs/verbs.h"

#include <getopt.h>

/* The options that every such verb takes, and one that most take. */
#define PICTURE_OPTIONS                                                                                              \
        { "output", required_argument, NULL, 'o' }, { "theme", required_argument, NULL, 'T' },                       \
        { "text", no_argument, NULL, 'w' }, { "help", no_argument, NULL, 'h' }
#define TREE_OPTION { "tree", required_argument, NULL, 't' }

enum { RECORDINGS_MOST = 2 };

struct picture_options {
        const char *recording[RECORDINGS_MOST]; /* NULL: not given */
        const char *output;                     /* the file to write; NULL: none, the picture is printed in words */
        enum format format;                     /* of that file */
        enum theme_choice theme;
        uint64_t tree;                          /* the number of a tree; 0: none was named */
        bool in_words;                          /* print the picture in words */
        bool is_printed;                        /* in words or otherwise: no file need be written */
};

struct picture_verb {
        const char *name, *help;
        const struct option *options;           /* the last is all zeros; a value below 256 is a letter, too: -o */
        const char *two_recordings;             /* how it says that it takes two, or one; NULL: it takes one */
        const char *times_read;                 /* how often it reads each: "twice"; NULL: once, so a pipe will do */

        /* Takes an option of the verb's own; NULL if there is none. BAD_ARGUMENT if its value is wrong. */
        struct error (*parse_option)(struct picture_options *options, int option, const char *argument);
        /* Does the work, once all is parsed and checked. */
        struct error (*run)(struct picture_options *options);
};

/* Parses and checks the command line, and runs the verb. An error is printed. Returns the exit status. */
int picture_verb_run(const struct picture_verb *verb, int argc, char **argv, struct picture_options *options);

/* A whole number from 1, the value of --`option'; BAD_ARGUMENT if it is none. */
struct error picture_verb_number(uint64_t *out, const char *option, const char *text);

/* A word of a list, the value of --`option': yields its place there. BAD_ARGUMENT, which lists the words, if none. */
struct error picture_verb_word(int *out, const char *option, const char *text, const char *const *words, int count);

/* The value of --fit: what the picture must fit. BAD_ARGUMENT if it is none. */
struct error picture_verb_fit(enum fit *out, const char *text);
