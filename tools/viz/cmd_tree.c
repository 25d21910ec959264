#include "error_message.h"
#include "format.h"
#include "gallery.h"
#include "layout_draw.h"
#include "layout_json.h"
#include "moment.h"
#include "render.h"
#include "verbs.h"
#include "words.h"

#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

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
        "  -w, --text             print the picture in words; then -o may be left out\n"
        "  -j, --json             print the picture as JSON: positions, colours, marks, words; likewise\n"
        "  -T, --theme THEME      light or dark; unless it says, an SVG follows the screen and all else is light\n"
        "  -h, --help             show this\n"
        "\n"
        "FILE is read twice, so it cannot be a pipe.\n"
        "Exit status: 0 the picture is written; 2 wrong usage, or it cannot be drawn.\n";

struct options {
        const char *input, *output;
        struct moment_when when;
        uint64_t tree;
        enum fit fit;
        enum levels levels;
        enum arrangement arrangement;
        bool in_both;
        enum theme_choice theme;
        enum format format;
        bool in_words, in_json;
};

static int cannot(const char *words)
{
        fprintf(stderr, "regionviz tree: %s\n", words);
        return VIZ_CANNOT;
}

static struct error parse_theme(enum theme_choice *out, const char *text)
{
        if (!strcmp(text, "light"))
                *out = THEME_ONLY_LIGHT;
        else if (!strcmp(text, "dark"))
                *out = THEME_ONLY_DARK;
        else
                return FAILF(BAD_ARGUMENT, "--theme takes light or dark, not \"%s\"", text);
        return SUCCESS;
}

static struct error parse_tree(uint64_t *out, const char *text)
{
        char *end;

        *out = strtoull(text, &end, 10);
        if (*text < '1' || *text > '9' || *end)
                return FAILF(BAD_ARGUMENT, "--tree takes the number of a tree, not \"%s\"", text);
        return SUCCESS;
}

static struct error parse_fit(enum fit *out, const char *text)
{
        if (!strcmp(text, "screen"))
                *out = FIT_SCREEN;
        else if (!strcmp(text, "page"))
                *out = FIT_PAGE;
        else if (!strcmp(text, "poster"))
                *out = FIT_POSTER;
        else
                return FAILF(BAD_ARGUMENT, "--fit takes screen, page or poster, not \"%s\"", text);
        return SUCCESS;
}

static struct error parse_option(struct options *options, int option, const char *argument)
{
        switch (option) {
        case 'a':
                return moment_parse(&options->when, argument);
        case 't':
                return parse_tree(&options->tree, argument);
        case 'f':
                return parse_fit(&options->fit, argument);
        case 'L':
                if (strcmp(argument, "in-order") != 0 && strcmp(argument, "tidy") != 0 && strcmp(argument, "both") != 0)
                        return FAILF(BAD_ARGUMENT, "--layout takes in-order, tidy or both, not \"%s\"", argument);
                options->arrangement = !strcmp(argument, "tidy") ? TIDY : IN_ORDER;
                options->in_both = !strcmp(argument, "both");
                return SUCCESS;
        case 'l':
                if (strcmp(argument, "depth") != 0 && strcmp(argument, "black") != 0)
                        return FAILF(BAD_ARGUMENT, "--levels takes depth or black, not \"%s\"", argument);
                options->levels = !strcmp(argument, "black") ? LEVELS_BY_BLACK : LEVELS_BY_DEPTH;
                return SUCCESS;
        case 'F':
                options->fit = FIT_POSTER;
                return SUCCESS;
        case 'w':
                options->in_words = true;
                return SUCCESS;
        case 'j':
                options->in_json = true;
                return SUCCESS;
        case 'T':
                return parse_theme(&options->theme, argument);
        default:
                options->output = argument;
                return render_format(&options->format, argument);
        }
}

/* A warning for the reader of the picture: the tree may have differed, or was destroyed. Empty if there is none. */
static void write_note(char *note, size_t size, const struct moment *moment)
{
        const enum knowledge knowledge = model_tree_knowledge(moment->model, moment->tree);

        note[0] = 0;
        if (knowledge == KNOWN_NOTHING)
                snprintf(note, size, "Unknown: events from %s on are missing, and no keyframe has shown it since.",
                         format_count(model_unknown_since(moment->model)));
        else if (knowledge == KNOWN_ONCE)
                snprintf(note, size, "Events from %s on are missing: this is what was known last.",
                         format_count(model_unknown_since(moment->model)));
        else if (moment->refused)
                snprintf(note, size, "%s could not be carried out: see `regiontrace check'.",
                         format_counted(moment->refused, "event"));
        else if (moment->tree->gone)
                snprintf(note, size, "This tree was destroyed.");
}

static void say_what_was_drawn(const struct options *options, const struct moment *moment,
                               const struct picture *picture)
{
        struct picture_size size = render_size(picture, options->format);

        printf("%s: tree %s (%s) at event %s, %s; %s x %s pixels\n", options->output, format_count(moment->tree->id),
               moment->space, format_count(moment->event), format_counted(moment->tree->regions, "region"),
               format_count(size.width), format_count(size.height));
        if (size.is_reduced)
                printf("It is reduced to the largest size of a PNG, so its text may be too small to read: "
                       "write an .svg, or leave out --full\n");
        if (!options->tree && moment->trees[0])
                printf("The recording has other trees, to be had with --tree: %s\n", moment->trees);
}

static struct error write_picture(const struct options *options, const struct moment *moment,
                                  const struct picture *picture)
{
        if (!options->output)
                return SUCCESS;
        TRY(render(picture, options->format, options->theme, options->output));
        if (!options->in_json && !options->in_words)
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
        char note[160];
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

        write_note(note, sizeof note, moment);
        if (note[0])
                request.note = note;
        TRY(layout_create(&layout, &request));
        if (options->in_both) {
                error = write_both(options, moment, layout, &request);
        } else {
                struct picture picture = layout_picture(layout);

                error = write_picture(options, moment, &picture);
        }
        if (!error.code && options->in_json)
                layout_write_json(stdout, layout, moment->event);
        else if (!error.code && options->in_words)
                words_write(stdout, layout);
        layout_free(layout);
        return error;
}

static struct error run(const struct options *options)
{
        struct moment moment = { .when = options->when };
        struct error error;

        TRY(moment_find(&moment, options->input, options->tree));
        error = draw(options, &moment);
        moment_free(&moment);
        return error;
}

int cmd_tree(int argc, char **argv)
{
        static const struct option long_options[] = {
                { "output", required_argument, NULL, 'o' }, { "at", required_argument, NULL, 'a' },
                { "tree", required_argument, NULL, 't' },   { "theme", required_argument, NULL, 'T' },
                { "fit", required_argument, NULL, 'f' },    { "full", no_argument, NULL, 'F' },
                { "text", no_argument, NULL, 'w' },         { "json", no_argument, NULL, 'j' },
                { "levels", required_argument, NULL, 'l' },
                { "layout", required_argument, NULL, 'L' }, { "help", no_argument, NULL, 'h' },         { 0 },
        };
        struct options options = { 0 };
        int option;

        while ((option = getopt_long(argc, argv, "o:a:t:f:l:L:FT:wjh", long_options, NULL)) != -1) {
                if (option == 'h') {
                        fputs(help, stdout);
                        return VIZ_FINE;
                }
                if (option == '?')
                        return cannot("try `regionviz tree --help'");
                if (parse_option(&options, option, optarg).code)
                        return cannot(error_message());
        }
        if (optind != argc - 1)
                return cannot("it takes one recording; try `regionviz tree --help'");
        if (options.levels == LEVELS_BY_BLACK && (options.arrangement == TIDY || options.in_both))
                return cannot("--levels black has a layout of its own: leave out --layout");
        if (options.in_words && options.in_json)
                return cannot("--text and --json both print: choose one");
        if (!options.output && !options.in_words && !options.in_json)
                return cannot("name the file to write, as in -o tree.svg, or ask for words with --text");
        options.input = argv[optind];
        if (!strcmp(options.input, "-"))
                return cannot("the recording is read twice, so it must be a file");
        return run(&options).code ? cannot(error_message()) : VIZ_FINE;
}
