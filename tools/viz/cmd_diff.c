#include "diff_picture.h"
#include "error_message.h"
#include "format.h"
#include "verbs.h"

#include <getopt.h>
#include <stdlib.h>
#include <string.h>

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
        struct sides_request sides;
        const char *output;
        enum fit fit;
        enum theme_choice theme;
        enum format format;
        bool in_words;
};

static int cannot(const char *words)
{
        fprintf(stderr, "regionviz diff: %s\n", words);
        return VIZ_CANNOT;
}

static struct error parse_word(int *out, const char *option, const char *text, const char *const *words, int count)
{
        for (int i = 0; i < count; i++)
                if (!strcmp(text, words[i])) {
                        *out = i;
                        return SUCCESS;
                }
        return FAILF(BAD_ARGUMENT, "--%s does not take \"%s\"; try `regionviz diff --help'", option, text);
}

static struct error parse_moment(struct sides_request *sides, enum compared_side side, const char *text)
{
        sides->has_when[side] = true;
        return moment_parse(&sides->when[side], text);
}

static struct error parse_option(struct options *options, int option, const char *argument)
{
        static const char *const fits[] = { [FIT_SCREEN] = "screen", [FIT_PAGE] = "page" };
        static const char *const themes[] = { "light", "dark" };
        char *end;
        int word = 0;

        switch (option) {
        case 'a':
                return parse_moment(&options->sides, SIDE_A, argument);
        case 'b':
                return parse_moment(&options->sides, SIDE_B, argument);
        case 't':
                options->sides.tree = strtoull(argument, &end, 10);
                if (*argument < '1' || *argument > '9' || *end)
                        return FAILF(BAD_ARGUMENT, "--tree takes the number of a tree, not \"%s\"", argument);
                return SUCCESS;
        case 'f':
                options->fit = FIT_POSTER;
                if (!strcmp(argument, "poster"))
                        return SUCCESS;
                TRY(parse_word(&word, "fit", argument, fits, 2));
                options->fit = (enum fit)word;
                return SUCCESS;
        case 'w':
                options->in_words = true;
                return SUCCESS;
        case 'T':
                TRY(parse_word(&word, "theme", argument, themes, 2));
                options->theme = word ? THEME_ONLY_DARK : THEME_ONLY_LIGHT;
                return SUCCESS;
        default:
                options->output = argument;
                return render_format(&options->format, argument);
        }
}

static struct error write_picture(const struct diff_picture *diff, const struct options *options)
{
        const struct picture *picture = diff_picture_of(diff);
        struct picture_size size = render_size(picture, options->format);

        TRY(render(picture, options->format, options->theme, options->output));
        if (!options->in_words)
                printf("%s: %s: %s of %s; %s x %s pixels\n", options->output, picture->title,
                       format_counted(diff_picture_comparison(diff)->differences, "difference"),
                       format_counted(diff_picture_comparison(diff)->regions, "region"), format_count(size.width),
                       format_count(size.height));
        return SUCCESS;
}

static struct error run(const struct options *options)
{
        struct sides sides;
        struct diff_picture *diff;
        struct error error;

        TRY(sides_find(&sides, &options->sides));
        error = diff_picture_create(&diff, &sides, options->fit);
        if (!error.code) {
                if (options->output)
                        error = write_picture(diff, options);
                if (!error.code && options->in_words)
                        diff_picture_write_words(diff, stdout);
                diff_picture_free(diff);
        }
        sides_free(&sides);
        return error;
}

/* One recording and two moments, or two recordings. */
static struct error take_recordings(struct options *options, int count, char **paths)
{
        struct sides_request *sides = &options->sides;

        if (count < 1 || count > 2)
                return FAILF(BAD_ARGUMENT, "it takes two recordings, or one and two moments; try `regionviz diff --help'");
        for (int i = 0; i < count; i++) {
                sides->path[i] = paths[i];
                if (!strcmp(paths[i], "-"))
                        return FAILF(BAD_ARGUMENT, "a recording is read twice or more, so it must be a file");
        }
        if (count == 1 && (!sides->has_when[SIDE_A] || !sides->has_when[SIDE_B]))
                return FAILF(BAD_ARGUMENT, "of one recording name two moments, as in --at op:5 --and op:9");
        if (count == 2 && sides->has_when[SIDE_B] && !sides->has_when[SIDE_A])
                return FAILF(BAD_ARGUMENT, "--and is the moment of B; name that of A, too, with --at");
        if (!options->output && !options->in_words)
                return FAILF(BAD_ARGUMENT, "name the file to write, as in -o diff.svg, or ask for words with --text");
        return SUCCESS;
}

int cmd_diff(int argc, char **argv)
{
        static const struct option long_options[] = {
                { "output", required_argument, NULL, 'o' }, { "at", required_argument, NULL, 'a' },
                { "and", required_argument, NULL, 'b' },    { "tree", required_argument, NULL, 't' },
                { "fit", required_argument, NULL, 'f' },    { "theme", required_argument, NULL, 'T' },
                { "text", no_argument, NULL, 'w' },         { "help", no_argument, NULL, 'h' },         { 0 },
        };
        struct options options = { 0 };
        int option;

        while ((option = getopt_long(argc, argv, "o:a:b:t:f:T:wh", long_options, NULL)) != -1) {
                if (option == 'h') {
                        fputs(help, stdout);
                        return VIZ_FINE;
                }
                if (option == '?')
                        return cannot("try `regionviz diff --help'");
                if (parse_option(&options, option, optarg).code)
                        return cannot(error_message());
        }
        if (take_recordings(&options, argc - optind, argv + optind).code || run(&options).code)
                return cannot(error_message());
        return VIZ_FINE;
}
