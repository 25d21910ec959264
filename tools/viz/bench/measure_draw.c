/*
 * How long pictures take: the layout of a tree and its SVG, and a film of an operation.
 *
 *      measure_draw tree FILE FOLDER      also writes the tree as tree.dot (every position fixed) and plain.dot (none)
 *      measure_draw film FILE OPERATION
 *
 * Prints lines of a Markdown table: what, the median and the best of the rounds, in processor time, since other work may
 * share the machine. A tree is drawn into memory, after the
 * recording has been read; the film reads it and writes its file, as the command does.
 */
#include "base/error_message.h"
#include "base/format.h"
#include "draw/svg.h"
#include "film/film.h"
#include "layout/layout_draw.h"
#include "moment/moment.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { ROUNDS = 15 };

/* Processor time of this program, in milliseconds. */
static double now(void)
{
        struct timespec time;

        clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
        return (double)time.tv_sec * 1e3 + (double)time.tv_nsec / 1e6;
}

static int by_value(const void *a, const void *b)
{
        double left = *(const double *)a, right = *(const double *)b;

        return (left > right) - (left < right);
}

static void print_row(const char *what, double time[static ROUNDS])
{
        qsort(time, ROUNDS, sizeof *time, by_value);
        printf("| %s | %.1f ms | %.1f ms |\n", what, time[ROUNDS / 2], time[0]);
}

/* --- a tree ----------------------------------------------------------------------------------------------- */

static struct error draw_once(const struct layout_request *request, double *layout_time, double *svg_time, size_t *bytes)
{
        double begin = now();
        struct layout *layout;
        struct picture picture;
        struct svg_drawing drawing;

        TRY(layout_create(&layout, request));
        *layout_time = now() - begin;
        begin = now();
        picture = layout_picture(layout);
        TRY(svg_draw(&drawing, &picture, THEME_LIGHT));
        *svg_time = now() - begin;
        *bytes = drawing.below.length + drawing.above.length;
        svg_drawing_clear(&drawing);
        layout_free(layout);
        return SUCCESS;
}

static struct error measure_fit(const struct layout_request *request, const char *name)
{
        double layout[ROUNDS], svg[ROUNDS], both[ROUNDS];
        char what[128];
        size_t bytes;

        for (size_t i = 0; i < ROUNDS; i++) {
                TRY(draw_once(request, &layout[i], &svg[i], &bytes));
                both[i] = layout[i] + svg[i];
        }
        snprintf(what, sizeof what, "layout of %s, %s", format_counted(request->tree->regions, "region"), name);
        print_row(what, layout);
        snprintf(what, sizeof what, "its SVG, %s", format_about(bytes));
        print_row(what, svg);
        print_row("**both**", both);
        return SUCCESS;
}

/* The same tree for Graphviz: with our positions, and as `dot' gets a tree, with none. */
static struct error write_graphs(const struct layout_request *request, const char *folder)
{
        char path[512];
        struct layout *layout;
        struct picture picture;
        FILE *file;

        TRY(layout_create(&layout, request));
        picture = layout_picture(layout);
        snprintf(path, sizeof path, "%s/tree.dot", folder);
        file = fopen(path, "w");
        if (!file)
                return FAIL(IO);
        picture_write_dot(file, &picture, THEME_LIGHT);
        fclose(file);
        snprintf(path, sizeof path, "%s/plain.dot", folder);
        file = fopen(path, "w");
        if (!file)
                return FAIL(IO);
        fputs("digraph tree {\n\tnode [shape=box];\n", file);
        for (size_t i = 0; i < layout->nodes; i++)
                fprintf(file, "\tr%zu [label=\"%s\"];\n", i, layout->node[i].heading);
        for (size_t i = 0; i < layout->nodes; i++)
                if (layout->node[i].parent != NOWHERE)
                        fprintf(file, "\tr%zu -> r%zu;\n", layout->node[i].parent, i);
        fputs("}\n", file);
        fclose(file);
        layout_free(layout);
        return SUCCESS;
}

static struct error measure_tree(const char *path, const char *folder)
{
        struct moment moment = { .when = { .kind = MOMENT_LAST_SEARCH } };
        struct layout_request request;

        TRY(moment_find(&moment, path, 0));
        request = (struct layout_request){
                .tree = moment.tree, .space = moment.space, .event = moment.event, .shown = &moment.shown,
                .fit = FIT_POSTER,
        };
        TRY(measure_fit(&request, "each drawn (`--fit poster`)"));
        TRY(write_graphs(&request, folder));
        request.fit = FIT_SCREEN;
        TRY(measure_fit(&request, "for a screen"));
        moment_free(&moment);
        return SUCCESS;
}

/* --- a film ----------------------------------------------------------------------------------------------- */

static struct error film_once(const char *path, uint64_t operation, size_t *frames)
{
        struct film *film;

        TRY(film_make(&film, path, 1, operation, LEVELS_BY_DEPTH));
        *frames = film->frames;
        TRY(film_render(film, FORMAT_SVG, THEME_BOTH, "/dev/null", &(struct picture_size){ 0 }));
        film_free(film);
        return SUCCESS;
}

static struct error measure_film(const char *path, const char *operation)
{
        double time[ROUNDS];
        size_t frames = 0;
        char what[128];

        for (size_t i = 0; i < ROUNDS; i++) {
                double begin = now();

                TRY(film_once(path, strtoull(operation, NULL, 10), &frames));
                time[i] = now() - begin;
        }
        snprintf(what, sizeof what, "**a film of an operation**, %s", format_counted(frames, "frame"));
        print_row(what, time);
        return SUCCESS;
}

int main(int argc, char **argv)
{
        struct error error;

        if (argc != 4 || (strcmp(argv[1], "tree") != 0 && strcmp(argv[1], "film") != 0)) {
                fprintf(stderr, "usage: measure_draw tree FILE FOLDER | film FILE OPERATION\n");
                return 2;
        }
        error = !strcmp(argv[1], "tree") ? measure_tree(argv[2], argv[3]) : measure_film(argv[2], argv[3]);
        if (error.code) {
                fprintf(stderr, "measure_draw: %s\n", error_message());
                return 1;
        }
        return 0;
}
