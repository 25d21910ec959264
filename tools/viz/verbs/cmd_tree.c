#include "base/error_message.h"
#include "base/format.h"
#include "draw/gallery.h"
#include "layout/layout_draw.h"
#include "layout/layout_json.h"
#include "layout/words.h"
#include "moment/moment.h"
#include "verbs/picture_verb.h"

#include <stdio.h>

static const char help[] =
        "usage: regionviz tree [OPTIONS] FILE -o PICTURE\n"
        "       regionviz tree [OPTIONS] FILE --text | --json\n"
        "\n"
        "Draws a region tree as it was at some moment of a recording, and highlights what an operation did in it.\n"
        "\n"
        "  -o, --output PICTURE   the file to write: .svg, .png, .pdf, or .dot (for `neato -n2')\n"
        "  -a, --at MOMENT        the end, unless it says\n"
        "                           1204         after this event (numbers as in `regiontrace dump')\n"
        "                           12.5ms       at this time (s, ms, us or ns)\n"
        "                           op:57        as the tree's operation 57 chose, before it changed anything\n"
        "                           last-search  the same for the tree's last search for a hole\n"
        "  -t, --tree ID          which tree; unless it says, of those there by then the busiest in the whole recording\n"
        "  -f, --fit FRAME        what the picture must fit: subtrees away from the search path become triangles until it does\n"
        "                           screen       1,400 x 780 pixels: a browser on a laptop; unless it says\n"
        "                           page         830 x 1,100: a column of text, a sheet of paper\n"
        "                           poster       whatever it takes to draw every region\n"
        "  -l, --levels LEVELS    depth, unless it says; or black: a row for each black depth, red nodes beside their\n"
        "                           parents, so that the tree is the 2-3-4 tree that it stands for\n"
        "  -L, --layout LAYOUT    in-order, unless it says: nodes from left to right in the order of addresses;\n"
        "                           tidy: each above the middle of its children, as textbooks have it; or both\n"
        "  -F, --full             the same as --fit poster\n"
        "  -n, --note WORDS       write them above the tree, in red: what the picture is to show\n"
        "  -w, --text             print the picture in words; then -o may be left out\n"
        "  -j, --json             print the picture as JSON: positions, colours, marks, words; likewise\n"
        "  -T, --theme THEME      light or dark; unless it says, an SVG follows the screen and all else is light\n"
        "  -h, --help             show this\n"
        "\n"
        "FILE is read twice, so it cannot be a pipe.\n"
        "Exit status: 0 the picture is written; 2 wrong usage, or it cannot be drawn.\n";

struct options {
        struct picture_options common;          /* the first, as picture_verb.h wants it */
        struct moment_when when;
        enum fit fit;
        enum levels levels;
        enum arrangement arrangement;
        bool in_both, in_json;
        const char *note;
};

static struct error parse_arrangement(struct options *options, const char *text)
{
        static const char *const words[] = { "in-order", "tidy", "both" };
        int word;

        TRY(picture_verb_word(&word, "layout", text, words, 3));
        options->arrangement = word == 1 ? TIDY : IN_ORDER;
        options->in_both = word == 2;
        return SUCCESS;
}

static struct error parse_levels(enum levels *out, const char *text)
{
        static const char *const words[] = { [LEVELS_BY_DEPTH] = "depth", [LEVELS_BY_BLACK] = "black" };
        int word;

        TRY(picture_verb_word(&word, "levels", text, words, 2));
        *out = (enum levels)word;
        return SUCCESS;
}

static struct error parse_option(struct picture_options *common, int option, const char *argument)
{
        struct options *options = (struct options *)common;

        switch (option) {
        case 'a':
                return moment_parse(&options->when, argument);
        case 'f':
                return picture_verb_fit(&options->fit, argument);
        case 'F':
                options->fit = FIT_POSTER;
                return SUCCESS;
        case 'L':
                return parse_arrangement(options, argument);
        case 'l':
                return parse_levels(&options->levels, argument);
        case 'n':
                options->note = argument;
                return SUCCESS;
        default:
                options->in_json = true;
                common->is_printed = true;
                return SUCCESS;
        }
}

/* A warning for the reader of the picture: the tree may have differed, or was destroyed. Else what the command line says. */
static void write_note(char *note, size_t size, const struct moment *moment, const char *otherwise)
{
        const enum knowledge knowledge = model_tree_knowledge(moment->model, moment->tree);

        snprintf(note, size, "%s", otherwise ? otherwise : "");
        if (knowledge == KNOWN_NOTHING)
                snprintf(note, size, "Unknown: events from %s on are missing, and no keyframe has shown it since.",
                         format_count(model_unknown_since(moment->model)));
        else if (knowledge == KNOWN_ONCE)
                snprintf(note, size, "Events from %s on are missing: this is what was known last.",
                         format_count(model_unknown_since(moment->model)));
        else if (moment->refused && !otherwise)
                snprintf(note, size, "%s could not be carried out: see `regiontrace check'.",
                         format_counted(moment->refused, "event"));
        else if (moment->tree->gone && !otherwise)
                snprintf(note, size, "This tree was destroyed.");
}

/*
 * Where the tree of an early kernel and the range allocator beside it disagree: the lowest such addresses, to be marked.
 * While an operation on the space is in progress one of the two is always behind the other. `words` is where they go.
 */
static bool find_disagreement(const struct moment *moment, struct layout_difference *out, char *words, size_t size)
{
        const struct model_tree *tree = moment->tree;
        const struct model_space *space = model_space(moment->model, tree->space);
        struct model_divergence divergence;

        if (tree->gone || tree->operation.in_progress || (space && space->in_progress) ||
            !model_diverges(tree, &divergence))
                return false;
        *out = (struct layout_difference){ .range = divergence.range, .words = words };
        snprintf(words, size, "two authorities: %s", divergence.region ? "in a region, but free for the allocator" :
                                                                         "in no region, but not free for the allocator");
        return true;
}

static void say_what_was_drawn(const struct options *options, const struct moment *moment,
                               const struct picture *picture)
{
        struct picture_size size = render_size(picture, options->common.format);

        printf("%s: tree %s (%s) at event %s, %s; %s x %s pixels\n", options->common.output,
               format_count(moment->tree->id), moment->space, format_count(moment->event),
               format_counted(moment->tree->regions, "region"), format_count(size.width), format_count(size.height));
        if (size.is_reduced)
                printf("It is reduced to the largest size of a PNG, so its text may be too small to read: "
                       "write an .svg, or leave out --full\n");
        if (!options->common.tree && moment->trees[0])
                printf("The recording has other trees, to be had with --tree: %s\n", moment->trees);
}

static struct error write_picture(const struct options *options, const struct moment *moment,
                                  const struct picture *picture)
{
        if (!options->common.output)
                return SUCCESS;
        TRY(render(picture, options->common.format, options->common.theme, options->common.output));
        if (!options->in_json && !options->common.in_words)
                say_what_was_drawn(options, moment, picture);
        return SUCCESS;
}

/* The tree in both arrangements, beside each other on one sheet. */
static struct error write_both(const struct options *options, const struct moment *moment, const struct layout *whole,
                               const struct layout_request *request)
{
        static const char *const titles[] = { "in the order of addresses", "tidy" };
        struct layout *layout[2] = { NULL, NULL };
        struct picture picture[2];
        struct gallery *gallery = NULL;
        struct error error = SUCCESS;

        for (enum arrangement arrangement = IN_ORDER; arrangement <= TIDY && !error.code; arrangement++) {
                struct layout_request half = *request;

                half.fit = FIT_FRAME;
                half.arrangement = arrangement;
                half.title = titles[arrangement];
                error = layout_create(&layout[arrangement], &half);
                if (!error.code)
                        picture[arrangement] = layout_picture(layout[arrangement]);
        }
        if (!error.code)
                error = gallery_create(&gallery, &(struct gallery_request){
                        .title = whole->title, .description = whole->description, .columns = 2, .pictures = 2,
                        .picture = picture,
                });
        if (!error.code)
                error = write_picture(options, moment, gallery_picture(gallery));
        gallery_free(gallery);
        layout_free(layout[IN_ORDER]);
        layout_free(layout[TIDY]);
        return error;
}

static struct error draw(const struct options *options, const struct moment *moment)
{
        char note[400], words[80];
        struct layout_difference disagreement;
        struct layout *layout;
        struct error error;
        struct layout_request request = {
                .tree = moment->tree,
                .space = moment->space,
                .event = moment->event,
                .shown = moment->has_operation ? &moment->shown : NULL,
                .fit = options->fit,
                .levels = options->levels,
                .arrangement = options->arrangement,
        };

        write_note(note, sizeof note, moment, options->note);
        if (note[0])
                request.note = note;
        if (find_disagreement(moment, &disagreement, words, sizeof words)) {
                request.difference = &disagreement;
                request.differences = 1;
        }
        TRY(layout_create(&layout, &request));
        if (options->in_both) {
                error = write_both(options, moment, layout, &request);
        } else {
                struct picture picture = layout_picture(layout);

                error = write_picture(options, moment, &picture);
        }
        if (!error.code && options->in_json)
                layout_write_json(stdout, layout, moment->event);
        else if (!error.code && options->common.in_words)
                words_write(stdout, layout);
        layout_free(layout);
        return error;
}

static struct error run(struct picture_options *common)
{
        const struct options *options = (const struct options *)common;
        struct moment moment = { .when = options->when };
        struct error error;

        if (options->levels == LEVELS_BY_BLACK && (options->arrangement == TIDY || options->in_both))
                return FAILF(BAD_ARGUMENT, "--levels black has a layout of its own: leave out --layout");
        if (common->in_words && options->in_json)
                return FAILF(BAD_ARGUMENT, "--text and --json both print: choose one");
        TRY(moment_find(&moment, options->common.recording[0], options->common.tree));
        error = draw(options, &moment);
        moment_free(&moment);
        return error;
}

int cmd_tree(int argc, char **argv)
{
        static const struct option long_options[] = {
                PICTURE_OPTIONS, TREE_OPTION,
                { "at", required_argument, NULL, 'a' }, { "fit", required_argument, NULL, 'f' },
                { "full", no_argument, NULL, 'F' }, { "levels", required_argument, NULL, 'l' },
                { "layout", required_argument, NULL, 'L' }, { "json", no_argument, NULL, 'j' },
                { "note", required_argument, NULL, 'n' },
                { 0 },
        };
        static const struct picture_verb verb = {
                .name = "tree",
                .help = help,
                .options = long_options,
                .times_read = "twice",
                .parse_option = parse_option,
                .run = run,
        };
        struct options options = { 0 };

        return picture_verb_run(&verb, argc, argv, &options.common);
}
