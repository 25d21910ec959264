#include "base/error_message.h"
#include "base/format.h"
#include "diff/diff_picture.h"
#include "verbs/picture_verb.h"

static const char help[] =
        "usage: regionviz diff [OPTIONS] A B -o PICTURE\n"
        "       regionviz diff [OPTIONS] FILE --at MOMENT --and MOMENT -o PICTURE\n"
        "\n"
        "Draws a tree of two recordings, or one tree at two moments, and lights what differs. Of two recordings it takes\n"
        "the tree and the moment at which they first differ, and says in words which operation that is.\n"
        "\n"
        "  -o, --output PICTURE   the file to write: .svg, .png, .pdf, or .dot (for `neato -n2')\n"
        "  -a, --at MOMENT        the moment of A: an event (1204), a time (12.5ms), op:57 or last-search\n"
        "  -b, --and MOMENT       the moment of B; of two recordings, unless it says, the same\n"
        "  -t, --tree ID          which tree of A; B's is the one of the space with the same name\n"
        "  -f, --fit FRAME        screen: side by side, unless it says; page: one above the other; poster: every region\n"
        "  -w, --text             print the comparison in words; then -o may be left out\n"
        "  -T, --theme THEME      light or dark; unless it says, an SVG follows the screen and all else is light\n"
        "  -h, --help             show this\n"
        "\n"
        "Each recording is read twice or more, so it cannot be a pipe. `regiontrace diff' compares whole recordings.\n"
        "Exit status: 0 the picture is written, whether anything differs or not; 2 wrong usage, or it cannot be drawn.\n";

struct options {
        struct picture_options common;          /* the first, as picture_verb.h wants it */
        struct sides_request sides;
        enum fit fit;
};

static struct error parse_moment(struct sides_request *sides, enum compared_side side, const char *text)
{
        sides->has_when[side] = true;
        return moment_parse(&sides->when[side], text);
}

static struct error parse_option(struct picture_options *common, int option, const char *argument)
{
        struct options *options = (struct options *)common;

        switch (option) {
        case 'a':
                return parse_moment(&options->sides, SIDE_A, argument);
        case 'b':
                return parse_moment(&options->sides, SIDE_B, argument);
        default:
                return picture_verb_fit(&options->fit, argument);
        }
}

static struct error write_picture(const struct diff_picture *diff, const struct options *options)
{
        const struct picture *picture = diff_picture_of(diff);
        struct picture_size size = render_size(picture, options->common.format);

        TRY(render(picture, options->common.format, options->common.theme, options->common.output));
        if (!options->common.in_words)
                printf("%s: %s: %s of %s; %s x %s pixels\n", options->common.output, picture->title,
                       format_counted(diff_picture_comparison(diff)->differences, "difference"),
                       format_counted(diff_picture_comparison(diff)->regions, "region"), format_count(size.width),
                       format_count(size.height));
        return SUCCESS;
}

/* One recording and two moments, or two recordings. */
static struct error take_recordings(struct options *options)
{
        struct sides_request *sides = &options->sides;

        sides->path[SIDE_A] = options->common.recording[0];
        sides->path[SIDE_B] = options->common.recording[1];
        sides->tree = options->common.tree;
        if (!sides->path[SIDE_B] && (!sides->has_when[SIDE_A] || !sides->has_when[SIDE_B]))
                return FAILF(BAD_ARGUMENT, "of one recording name two moments, as in --at op:5 --and op:9");
        if (sides->path[SIDE_B] && sides->has_when[SIDE_B] && !sides->has_when[SIDE_A])
                return FAILF(BAD_ARGUMENT, "--and is the moment of B; name that of A, too, with --at");
        return SUCCESS;
}

static struct error run(struct picture_options *common)
{
        struct options *options = (struct options *)common;
        struct sides sides;
        struct diff_picture *diff;
        struct error error;

        TRY(take_recordings(options));
        TRY(sides_find(&sides, &options->sides));
        error = diff_picture_create(&diff, &sides, options->fit);
        if (!error.code) {
                if (options->common.output)
                        error = write_picture(diff, options);
                if (!error.code && options->common.in_words)
                        diff_picture_write_words(diff, stdout);
                diff_picture_free(diff);
        }
        sides_free(&sides);
        return error;
}

int cmd_diff(int argc, char **argv)
{
        static const struct option long_options[] = {
                PICTURE_OPTIONS, TREE_OPTION,
                { "at", required_argument, NULL, 'a' }, { "and", required_argument, NULL, 'b' },
                { "fit", required_argument, NULL, 'f' },
                { 0 },
        };
        static const struct picture_verb verb = {
                .name = "diff",
                .help = help,
                .options = long_options,
                .two_recordings = "two recordings, or one and two moments",
                .times_read = "twice or more",
                .parse_option = parse_option,
                .run = run,
        };
        struct options options = { 0 };

        return picture_verb_run(&verb, argc, argv, &options.common);
}
