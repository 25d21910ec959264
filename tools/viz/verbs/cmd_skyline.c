#include "base/error_message.h"
#include "base/format.h"
#include "moment/moment.h"
#include "skyline/skyline.h"
#include "verbs/picture_verb.h"

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
        struct picture_options common;          /* the first, as picture_verb.h wants it */
        struct moment_when when;
};

static struct error parse_option(struct picture_options *common, int option, const char *argument)
{
        (void)option;                           /* there is only --at */
        return moment_parse(&((struct options *)common)->when, argument);
}

static bool has_search(const struct moment *moment)
{
        return moment->has_operation && shown_seeks_hole(&moment->shown);
}

/* The moment; and if it lies within or behind a search, that search as it chose, before it changed the tree. */
static struct error find(struct moment *moment, const struct options *options)
{
        moment->when = options->when;
        TRY(moment_find(moment, options->common.recording[0], options->common.tree));
        if (!has_search(moment) || moment->when.kind == MOMENT_OPERATION || !shown_is_over(&moment->shown))
                return SUCCESS;
        moment->when = (struct moment_when){MOMENT_OPERATION, moment->shown.operation.number};
        moment_free(moment);
        return moment_find(moment, options->common.recording[0],
                           options->common.tree ? options->common.tree : moment->id);
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
        error = render(&picture, options->common.format, options->common.theme, options->common.output);
        if (!error.code && !options->common.in_words) {
                struct picture_size size = render_size(&picture, options->common.format);

                printf("%s: %s: %s; %s x %s pixels\n", options->common.output, skyline->title,
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
        if (options->common.output)
                error = write_picture(skyline, options);
        if (!error.code && options->common.in_words)
                skyline_write_words(stdout, skyline);
        skyline_free(skyline);
        return error;
}

static struct error run(struct picture_options *common)
{
        const struct options *options = (const struct options *)common;
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
                PICTURE_OPTIONS, TREE_OPTION, { "at", required_argument, NULL, 'a' }, { 0 },
        };
        static const struct picture_verb verb = {
                .name = "skyline",
                .help = help,
                .options = long_options,
                .times_read = "twice",
                .parse_option = parse_option,
                .run = run,
        };
        struct options options = { .when = { .kind = MOMENT_LAST_SEARCH } };

        return picture_verb_run(&verb, argc, argv, &options.common);
}
