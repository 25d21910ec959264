#include "error_message.h"
#include "format.h"
#include "map.h"
#include "render.h"
#include "verbs.h"

#include <getopt.h>
#include <stdlib.h>
#include <string.h>

static const char help[] =
        "usage: regionviz map [OPTIONS] FILE -o PICTURE\n"
        "       regionviz map [OPTIONS] FILE --text\n"
        "\n"
        "Draws an address space over time: addresses up, time to the right, each region a bar, page faults as dots,\n"
        "and requests that were refused at the moment they were made. What is never used is folded.\n"
        "\n"
        "  -o, --output PICTURE   the file to write: .svg, .png, .pdf, or .dot (for `neato -n2')\n"
        "  -t, --tree ID          whose memory; without it that of the tree with the most operations\n"
        "  -w, --text             print the map in words; then -o may be left out\n"
        "  -T, --theme THEME      light or dark; without it an SVG follows the screen and all else is light\n"
        "  -h, --help             show this\n"
        "\n"
        "FILE is read three times, so it cannot be a pipe.\n"
        "Exit status: 0 the map is written; 2 wrong usage, or it cannot be drawn.\n";

struct options {
        const char *input, *output;
        uint64_t tree;
        enum format format;
        enum theme_choice theme;
        bool in_words;
};

static int cannot(const char *words)
{
        fprintf(stderr, "regionviz map: %s\n", words);
        return VIZ_CANNOT;
}

static struct error parse_option(struct options *options, int option, const char *argument)
{
        char *end;

        switch (option) {
        case 'o':
                options->output = argument;
                return render_format(&options->format, argument);
        case 't':
                options->tree = strtoull(argument, &end, 10);
                if (*argument < '1' || *argument > '9' || *end)
                        return FAILF(BAD_ARGUMENT, "--tree takes the number of a tree, not \"%s\"", argument);
                return SUCCESS;
        case 'w':
                options->in_words = true;
                return SUCCESS;
        default:
                if (strcmp(argument, "light") && strcmp(argument, "dark"))
                        return FAILF(BAD_ARGUMENT, "--theme takes light or dark, not \"%s\"", argument);
                options->theme = strcmp(argument, "dark") ? THEME_ONLY_LIGHT : THEME_ONLY_DARK;
                return SUCCESS;
        }
}

static struct error write_picture(const struct map *map, const struct options *options)
{
        struct picture picture;
        struct picture_size size;
        struct error error;

        TRY(map_picture(&picture, map));
        error = render(&picture, options->format, options->theme, options->output);
        size = render_size(&picture, options->format);
        map_picture_clear(&picture);
        if (error.code)
                return error;
        printf("%s: tree %s (%s), %s, %s, %s; %s x %s pixels\n", options->output, format_count(map->tree), map->name,
               format_counted(map->spans, "region"), format_counted(map->faults, "page fault"),
               format_counted(map->refusals, "refused request"), format_count(size.width), format_count(size.height));
        return SUCCESS;
}

static struct error run(const struct options *options)
{
        struct map *map;
        struct error error = SUCCESS;

        TRY(map_make(&map, options->input, options->tree));
        if (options->output)
                error = write_picture(map, options);
        if (!error.code && options->in_words)
                map_write_words(map, stdout);
        map_free(map);
        return error;
}

int cmd_map(int argc, char **argv)
{
        static const struct option long_options[] = {
                { "output", required_argument, NULL, 'o' }, { "tree", required_argument, NULL, 't' },
                { "text", no_argument, NULL, 'w' },         { "theme", required_argument, NULL, 'T' },
                { "help", no_argument, NULL, 'h' },         { 0 },
        };
        struct options options = { 0 };
        int option;

        while ((option = getopt_long(argc, argv, "o:t:wT:h", long_options, NULL)) != -1) {
                if (option == 'h') {
                        fputs(help, stdout);
                        return VIZ_FINE;
                }
                if (option == '?')
                        return cannot("try `regionviz map --help'");
                if (parse_option(&options, option, optarg).code)
                        return cannot(error_message());
        }
        if (optind != argc - 1)
                return cannot("it takes one recording; try `regionviz map --help'");
        if (!options.output && !options.in_words)
                return cannot("name the file to write, as in -o map.svg, or ask for words with --text");
        options.input = argv[optind];
        if (!strcmp(options.input, "-"))
                return cannot("the recording is read three times, so it must be a file");
        return run(&options).code ? cannot(error_message()) : VIZ_FINE;
}
