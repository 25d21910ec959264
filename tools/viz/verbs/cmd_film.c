#include "base/error_message.h"
#include "base/format.h"
#include "film/film.h"
#include "moment/moment.h"
#include "verbs/picture_verb.h"

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
        struct picture_options common;          /* the first, as picture_verb.h wants it */
        struct moment_when when;
        enum levels levels;
};

static struct error parse_option(struct picture_options *common, int option, const char *argument)
{
        struct options *options = (struct options *)common;

        if (option == 'l') {
                if (strcmp(argument, "black") != 0)
                        return FAILF(BAD_ARGUMENT, "--levels takes black, not \"%s\"", argument);
                options->levels = LEVELS_BY_BLACK;
                return SUCCESS;
        }
        TRY(moment_parse(&options->when, argument));
        if (options->when.kind != MOMENT_OPERATION && options->when.kind != MOMENT_LAST_SEARCH)
                return FAILF(BAD_ARGUMENT, "a film is of an operation: --at op:57, not \"%s\"", argument);
        return SUCCESS;
}

/* Which tree and which operation that is. */
static struct error find(struct options *options)
{
        struct moment moment = { .when = options->when };

        TRY(moment_find(&moment, options->common.recording[0], options->common.tree));
        options->common.tree = moment.id;
        options->when = moment.when;
        moment_free(&moment);
        return SUCCESS;
}

static struct error run(struct picture_options *common)
{
        struct options *options = (struct options *)common;
        struct picture_size size = { 0 };
        struct film *film;
        struct error error = SUCCESS;

        if (options->when.kind == MOMENT_END)
                return FAILF(BAD_ARGUMENT, "name the operation, as in --at op:57");
        TRY(find(options));
        TRY(film_make(&film, options->common.recording[0], options->common.tree, options->when.number,
                      options->levels));
        if (options->common.output)
                error = film_render(film, options->common.format, options->common.theme, options->common.output, &size);
        if (!error.code && options->common.in_words)
                film_write_words(film, stdout);
        else if (!error.code)
                printf("%s: %s: %s; %s x %s pixels\n", options->common.output, film->title,
                       format_counted(film->frames, "frame"), format_count(size.width), format_count(size.height));
        film_free(film);
        return error;
}

int cmd_film(int argc, char **argv)
{
        static const struct option long_options[] = {
                PICTURE_OPTIONS, TREE_OPTION,
                { "at", required_argument, NULL, 'a' }, { "levels", required_argument, NULL, 'l' },
                { 0 },
        };
        static const struct picture_verb verb = {
                .name = "film",
                .help = help,
                .options = long_options,
                .times_read = "twice",
                .parse_option = parse_option,
                .run = run,
        };
        struct options options = { 0 };

        return picture_verb_run(&verb, argc, argv, &options.common);
}
