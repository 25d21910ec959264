#include "error_message.h"
#include "format.h"
#include "moment.h"
#include "render.h"
#include "skyline.h"
#include "verbs.h"

#include <getopt.h>
#include <stdlib.h>
#include <string.h>

static const char help[] =
        "usage: regionviz skyline [OPTIONS] FILE -o PICTURE\n"
        "       regionviz skyline [OPTIONS] FILE --text\n"
        "\n"
        "Draws the holes of an address space as bars in address order, the request as a line, and what two ways to\n"
        "search look at: a linear walk, which is computed here from the addresses alone, and the kernel's search in its\n"
        "tree, with the subtrees that one comparison dismissed.\n"
        "\n"
        "  -o, --output PICTURE   the file to write: .svg, .png, .pdf, or .dot (for `neato -n2')\n"
        "  -a, --at MOMENT        the search: op:57, or last-search, which it is unless it says; or an event (1204) or\n"
        "                         a time (12.5ms): the operation that is going on or was the last, if it looks for a\n"
        "                         hole, else the holes alone\n"
        "  -t, --tree ID          which tree; unless it says, of those there by then the busiest in the recording\n"
        "  -w, --text             print the picture in words; then -o may be left out\n"
        "  -T, --theme THEME      light or dark; unless it says, an SVG follows the screen and all else is light\n"
        "  -h, --help             show this\n"
        "\n"
        "FILE is read twice, so it cannot be a pipe.\n"
        "Exit status: 0 the picture is written; 2 wrong usage, or it cannot be drawn.\n";

struct options {
        const char *input, *output;
        struct moment_when when;
        uint64_t tree;
        enum theme_choice theme;
        enum format format;
        bool in_words;
};

static int cannot(const char *words)
{
        fprintf(stderr, "regionviz skyline: %s\n", words);
        return VIZ_CANNOT;
}

static struct error parse_option(struct options *options, int option, const char *argument)
{
        char *end;

        switch (option) {
        case 'a':
                return moment_parse(&options->when, argument);
        case 't':
                options->tree = strtoull(argument, &end, 10);
                if (*argument < '1' || *argument > '9' || *end)
                        return FAILF(BAD_ARGUMENT, "--tree takes the number of a tree, not \"%s\"", argument);
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

static bool has_search(const struct moment *moment)
{
        return moment->has_operation && shown_seeks_hole(&moment->shown);
}

/* The moment; and if it lies within or behind a search, that search as it chose, before it changed the tree. */
static struct error find(struct moment *moment, const struct options *options)
{
        moment->when = options->when;
        TRY(moment_find(moment, options->input, options->tree));
        if (!has_search(moment) || moment->when.kind == MOMENT_OPERATION || !shown_is_over(&moment->shown))
                return SUCCESS;
        moment->when = (struct moment_when){MOMENT_OPERATION, moment->shown.operation.number};
        moment_free(moment);
        return moment_find(moment, options->input, options->tree ? options->tree : moment->id);
}

static const char *note_of(const struct moment *moment)
{
        if (model_tree_knowledge(moment->model, moment->tree) != KNOWN_NOW)
                return "Events are missing: this is what was known last.";
        if (moment->refused)
                return "Some events could not be carried out: see `regiontrace check'.";
        return NULL;
}

static struct error write_picture(const struct skyline *skyline, const struct options *options)
{
        struct picture picture;
        struct error error;

        TRY(skyline_picture(&picture, skyline));
        error = render(&picture, options->format, options->theme, options->output);
        if (!error.code && !options->in_words) {
                struct picture_size size = render_size(&picture, options->format);

                printf("%s: %s: %s; %s x %s pixels\n", options->output, skyline->title,
                       format_counted(skyline->holes, "hole"), format_count(size.width), format_count(size.height));
        }
        skyline_picture_clear(&picture);
        return error;
}

static struct error draw(const struct options *options, const struct moment *moment)
{
        struct skyline *skyline;
        struct error error = SUCCESS;

        TRY(skyline_make(&skyline, &(struct skyline_request){
                                           .tree = moment->tree,
                                           .shown = has_search(moment) ? &moment->shown : NULL,
                                           .space = moment->space,
                                           .event = moment->event,
                                           .note = note_of(moment),
                                   }));
        if (options->output)
                error = write_picture(skyline, options);
        if (!error.code && options->in_words)
                skyline_write_words(stdout, skyline);
        skyline_free(skyline);
        return error;
}

static struct error run(const struct options *options)
{
        struct moment moment = {0};
        struct error error;

        TRY(find(&moment, options));
        error = draw(options, &moment);
        moment_free(&moment);
        return error;
}

int cmd_skyline(int argc, char **argv)
{
        static const struct option long_options[] = {
                {"output", required_argument, NULL, 'o'},
                {"at", required_argument, NULL, 'a'},
                {"tree", required_argument, NULL, 't'},
                {"theme", required_argument, NULL, 'T'},
                {"text", no_argument, NULL, 'w'},
                {"help", no_argument, NULL, 'h'},
                {0},
        };
        struct options options = {.when = {.kind = MOMENT_LAST_SEARCH}};
        int option;

        while ((option = getopt_long(argc, argv, "o:a:t:T:wh", long_options, NULL)) != -1) {
                if (option == 'h') {
                        fputs(help, stdout);
                        return VIZ_FINE;
                }
                if (option == '?')
                        return cannot("try `regionviz skyline --help'");
                if (parse_option(&options, option, optarg).code)
                        return cannot(error_message());
        }
        if (optind != argc - 1)
                return cannot("it takes one recording; try `regionviz skyline --help'");
        if (!options.output && !options.in_words)
                return cannot("name the file to write, as in -o skyline.svg, or ask for words with --text");
        options.input = argv[optind];
        if (!strcmp(options.input, "-"))
                return cannot("the recording is read twice, so it must be a file");
        return run(&options).code ? cannot(error_message()) : VIZ_FINE;
}
