#include "verbs/picture_verb.h"
#include "base/error_message.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* --- values of options ------------------------------------------------------------------------------------ */

struct error picture_verb_number(uint64_t *out, const char *option, const char *text)
{
        char *end;

        errno = 0;
        *out = strtoull(text, &end, 10);
        if (*text < '1' || *text > '9' || *end || errno)
                return FAILF(BAD_ARGUMENT, "--%s takes a number from 1, not \"%s\"", option, text);
        return SUCCESS;
}

/* The words as a sentence has them: "a", "a or b", "a, b or c". */
static void list_words(char *out, size_t size, const char *const *words, int count)
{
        int length = 0;

        for (int i = 0; i < count && (size_t)length < size; i++)
                length += snprintf(out + length, size - (size_t)length, "%s%s",
                                   i == 0 ? "" : i == count - 1 ? " or " : ", ", words[i]);
}

struct error picture_verb_word(int *out, const char *option, const char *text, const char *const *words, int count)
{
        char listed[80];

        for (int i = 0; i < count; i++)
                if (!strcmp(text, words[i])) {
                        *out = i;
                        return SUCCESS;
                }
        list_words(listed, sizeof listed, words, count);
        return FAILF(BAD_ARGUMENT, "--%s takes %s, not \"%s\"", option, listed, text);
}

struct error picture_verb_fit(enum fit *out, const char *text)
{
        static const char *const words[] = { "screen", "page", "poster" };
        static const enum fit fits[] = { FIT_SCREEN, FIT_PAGE, FIT_POSTER };
        int word;

        TRY(picture_verb_word(&word, "fit", text, words, 3));
        *out = fits[word];
        return SUCCESS;
}

/* --- the command line ------------------------------------------------------------------------------------- */

static struct error parse_shared_option(const struct picture_verb *verb, struct picture_options *options, int option,
                                        const char *argument)
{
        static const char *const themes[] = { "light", "dark" };
        int word;

        switch (option) {
        case 'o':
                options->output = argument;
                return render_format(&options->format, argument);
        case 'T':
                TRY(picture_verb_word(&word, "theme", argument, themes, 2));
                options->theme = word ? THEME_ONLY_DARK : THEME_ONLY_LIGHT;
                return SUCCESS;
        case 't':
                return picture_verb_number(&options->tree, "tree", argument);
        case 'w':
                options->in_words = true;
                options->is_printed = true;
                return SUCCESS;
        default:
                return verb->parse_option(options, option, argument);
        }
}

/* The letters of the options in getopt's form: "o:T:wh". */
enum { LETTERS_SIZE = 64 };

static void list_letters(char out[static LETTERS_SIZE], const struct option *options)
{
        char *end = out;

        for (; options->name && end < out + LETTERS_SIZE - 3; options++) {
                *end++ = (char)options->val;
                if (options->has_arg == required_argument)
                        *end++ = ':';
        }
        *end = '\0';
}

/* The recordings: what getopt has left of the arguments. */
static struct error take_recordings(const struct picture_verb *verb, struct picture_options *options, int count,
                                    char **paths)
{
        if (count < 1 || count > (verb->two_recordings ? 2 : 1))
                return FAILF(BAD_ARGUMENT, "it takes %s; try `regionviz %s --help'",
                             verb->two_recordings ? verb->two_recordings : "one recording", verb->name);
        for (int i = 0; i < count; i++) {
                if (verb->times_read && !strcmp(paths[i], "-"))
                        return FAILF(BAD_ARGUMENT, "the recording is read %s, so it must be a file", verb->times_read);
                options->recording[i] = paths[i];
        }
        return SUCCESS;
}

static int cannot(const struct picture_verb *verb, const char *words)
{
        fprintf(stderr, "regionviz %s: %s\n", verb->name, words);
        return VIZ_CANNOT;
}

int picture_verb_run(const struct picture_verb *verb, int argc, char **argv, struct picture_options *options)
{
        char letters[LETTERS_SIZE];
        int option;

        list_letters(letters, verb->options);
        while ((option = getopt_long(argc, argv, letters, verb->options, NULL)) != -1) {
                if (option == 'h') {
                        fputs(verb->help, stdout);
                        return VIZ_FINE;
                }
                if (option == '?') {
                        fprintf(stderr, "regionviz %s: try `regionviz %s --help'\n", verb->name, verb->name);
                        return VIZ_CANNOT;
                }
                if (parse_shared_option(verb, options, option, optarg).code)
                        return cannot(verb, error_message());
        }
        if (take_recordings(verb, options, argc - optind, argv + optind).code)
                return cannot(verb, error_message());
        if (!options->output && !options->is_printed) {
                fprintf(stderr, "regionviz %s: name the file to write, as in -o %s.svg, or ask for words with --text\n",
                        verb->name, verb->name);
                return VIZ_CANNOT;
        }
        return verb->run(options).code ? cannot(verb, error_message()) : VIZ_FINE;
}
