#include "error_message.h"
#include "film.h"
#include "format.h"
#include "moment.h"
#include "verbs.h"

#include <getopt.h>
#include <stdlib.h>
#include <string.h>

static const char help[] =
        "usage: regionviz film [OPTIONS] FILE --at op:N -o SHEET\n"
        "       regionviz film [OPTIONS] FILE --at op:N --text\n"
        "\n"
        "Draws one operation on a region tree as numbered frames: before, each node visited, linked, unlinked or\n"
        "recoloured, each rotation (the tree before it and after it), after.\n"
        "\n"
        "  -o, --output SHEET     the file to write, with all frames: .svg, .png, .pdf, or .dot (for `neato -n2')\n"
        "  -a, --at op:N          the operation of the tree; or last-search, its last search for a hole\n"
        "  -t, --tree ID          which tree; unless it says, the busiest by then\n"
        "  -l, --levels black     beside each frame the 2-3-4 tree, and what the change means in it\n"
        "  -w, --text             print the film in words; then -o may be left out\n"
        "  -T, --theme THEME      light or dark; unless it says, the sheet follows the screen\n"
        "  -h, --help             show this\n"
        "\n"
        "FILE is read twice, so it cannot be a pipe.\n"
        "Exit status: 0 the film is written; 2 wrong usage, or it cannot be drawn.\n";

struct options {
        const char *input, *output;
        struct moment_when when;
        uint64_t tree;
        enum theme_choice theme;
        enum format format;
        bool in_words;
        enum levels levels;
};

static int cannot(const char *words)
{
        fprintf(stderr, "regionviz film: %s\n", words);
        return VIZ_CANNOT;
}

static struct error parse_option(struct options *options, int option, const char *argument)
{
        char *end;

        switch (option) {
        case 'a':
                TRY(moment_parse(&options->when, argument));
                if (options->when.kind != MOMENT_OPERATION && options->when.kind != MOMENT_LAST_SEARCH)
                        return FAILF(BAD_ARGUMENT, "a film is of an operation: --at op:57, not \"%s\"", argument);
                return SUCCESS;
        case 't':
                options->tree = strtoull(argument, &end, 10);
                if (*argument < '1' || *argument > '9' || *end)
                        return FAILF(BAD_ARGUMENT, "--tree takes the number of a tree, not \"%s\"", argument);
                return SUCCESS;
        case 'l':
                if (strcmp(argument, "black") != 0)
                        return FAILF(BAD_ARGUMENT, "--levels takes black, not \"%s\"", argument);
                options->levels = LEVELS_BY_BLACK;
                return SUCCESS;
        case 'w':
                options->in_words = true;
                return SUCCESS;
        case 'T':
                if (strcmp(argument, "light") != 0 && strcmp(argument, "dark") != 0)
                        return FAILF(BAD_ARGUMENT, "--theme takes light or dark, not \"%s\"", argument);
                options->theme = !strcmp(argument, "light") ? THEME_ONLY_LIGHT : THEME_ONLY_DARK;
                return SUCCESS;
        default:
                options->output = argument;
                return render_format(&options->format, argument);
        }
}

/* Which tree and which operation that is. */
static struct error find(struct options *options)
{
        struct moment moment = { .when = options->when };

        TRY(moment_find(&moment, options->input, options->tree));
        options->tree = moment.id;
        options->when = moment.when;
        moment_free(&moment);
        return SUCCESS;
}

static struct error run(struct options *options)
{
        struct picture_size size = { 0 };
        struct film *film;
        struct error error = SUCCESS;

        TRY(find(options));
        TRY(film_make(&film, options->input, options->tree, options->when.number, options->levels));
        if (options->output)
                error = film_render(film, options->format, options->theme, options->output, &size);
        if (!error.code && options->in_words)
                film_write_words(film, stdout);
        else if (!error.code)
                printf("%s: %s: %s; %s x %s pixels\n", options->output, film->title, format_counted(film->frames, "frame"),
                       format_count(size.width), format_count(size.height));
        film_free(film);
        return error;
}

int cmd_film(int argc, char **argv)
{
        static const struct option long_options[] = {
                { "output", required_argument, NULL, 'o' }, { "at", required_argument, NULL, 'a' },
                { "tree", required_argument, NULL, 't' },   { "theme", required_argument, NULL, 'T' },
                { "text", no_argument, NULL, 'w' },         { "levels", required_argument, NULL, 'l' },
                { "help", no_argument, NULL, 'h' },         { 0 },
        };
        struct options options = { 0 };
        int option;

        while ((option = getopt_long(argc, argv, "o:a:t:l:T:wh", long_options, NULL)) != -1) {
                if (option == 'h') {
                        fputs(help, stdout);
                        return VIZ_FINE;
                }
                if (option == '?')
                        return cannot("try `regionviz film --help'");
                if (parse_option(&options, option, optarg).code)
                        return cannot(error_message());
        }
        if (optind != argc - 1)
                return cannot("it takes one recording; try `regionviz film --help'");
        if (options.when.kind == MOMENT_END)
                return cannot("name the operation, as in --at op:57");
        if (!options.output && !options.in_words)
                return cannot("name the file to write, as in -o film.svg, or ask for words with --text");
        options.input = argv[optind];
        if (!strcmp(options.input, "-"))
                return cannot("the recording is read twice, so it must be a file");
        return run(&options).code ? cannot(error_message()) : VIZ_FINE;
}
