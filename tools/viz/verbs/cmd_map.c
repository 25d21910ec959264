#include "base/format.h"
#include "map/map.h"
#include "verbs/picture_verb.h"

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

static struct error write_picture(const struct map *map, const struct picture_options *options)
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

static struct error run(struct picture_options *options)
{
        struct map *map;
        struct error error = SUCCESS;

        TRY(map_make(&map, options->recording[0], options->tree));
        if (options->output)
                error = write_picture(map, options);
        if (!error.code && options->in_words)
                map_write_words(map, stdout);
        map_free(map);
        return error;
}

int cmd_map(int argc, char **argv)
{
        static const struct option long_options[] = { PICTURE_OPTIONS, TREE_OPTION, { 0 } };
        static const struct picture_verb verb = {
                .name = "map",
                .help = help,
                .options = long_options,
                .times_read = "three times",
                .run = run,
        };
        struct picture_options options = { 0 };

        return picture_verb_run(&verb, argc, argv, &options);
}
