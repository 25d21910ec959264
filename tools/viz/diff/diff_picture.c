#include "diff/diff_picture.h"
#include "base/error_message.h"
#include "base/format.h"
#include "draw/gallery.h"
#include "draw/text.h"
#include "layout/layout_draw.h"

#include <stdlib.h>
#include <string.h>

enum { SENTENCES_MAX = 10 };

struct diff_picture {
        const struct sides *sides;
        struct comparison comparison;
        struct layout_difference *difference[2];        /* for each side's layout */
        struct layout *layout[2];
        struct picture picture[2];
        struct gallery *gallery;
        char title[LAYOUT_TITLE_SIZE], summary[256];
        char *lines;                            /* the words of the sides, cut into lines */
        size_t sentences;
        struct gallery_sentence sentence[SENTENCES_MAX];
        char *description;
};

/* --- words ------------------------------------------------------------------------------------------------ */

/* "3 of 10 regions differ" */
static void summarize(struct diff_picture *diff)
{
        const struct comparison *comparison = &diff->comparison;

        if (!comparison->differences)
                snprintf(diff->summary, sizeof diff->summary, "The two trees are alike: %s.",
                         format_counted(comparison->regions, "region"));
        else
                snprintf(diff->summary, sizeof diff->summary,
                         "%s of %s %s, in dashed frames. A region is the same on both sides if it begins or ends at "
                         "the same address.",
                         format_count(comparison->differences), format_counted(comparison->regions, "region"),
                         comparison->differences == 1 ? "differs" : "differ");
}

static void name_side(char name[static MODEL_NAME_SIZE + 8], const struct moment *moment, enum compared_side side)
{
        char space[MODEL_NAME_SIZE];

        text_copy_name(space, sizeof space, moment->space);
        snprintf(name, MODEL_NAME_SIZE + 8, "%c: %s", side == SIDE_A ? 'A' : 'B', space);
}

static const char *base_name(const struct moment *moment)
{
        const char *path = history_name(moment->history), *slash = strrchr(path, '/');

        return slash ? slash + 1 : path;
}

static void write_title(struct diff_picture *diff)
{
        const struct moment *a = &diff->sides->moment[SIDE_A], *b = &diff->sides->moment[SIDE_B];
        char from[LAYOUT_LINE_SIZE], to[LAYOUT_LINE_SIZE];

        text_copy_name(from, sizeof from, base_name(a));
        text_copy_name(to, sizeof to, base_name(b));
        if (!strcmp(history_name(a->history), history_name(b->history)))
                snprintf(diff->title, sizeof diff->title, "%s: event %s (A) and event %s (B)", from,
                         format_count(a->event), format_count(b->event));
        else
                snprintf(diff->title, sizeof diff->title, "%s (A) and %s (B)", from, to);
}

/* Above the pictures: which operations make the difference, a line each; then how much differs. */
static struct error write_sentences(struct diff_picture *diff)
{
        char *rest;

        diff->lines = rest = strdup(diff->sides->words);
        if (!rest)
                return fail_no_memory();
        for (char *line; (line = strsep(&rest, "\n")) && diff->sentences < SENTENCES_MAX - 1;)
                if (*line)
                        diff->sentence[diff->sentences++] = (struct gallery_sentence){ TEXT_SUBTITLE, line };
        diff->sentence[diff->sentences++] = (struct gallery_sentence){ TEXT_DIFFERENT, diff->summary };
        return SUCCESS;
}

static struct error describe(struct diff_picture *diff)
{
        size_t length;
        FILE *file = open_memstream(&diff->description, &length);

        if (!file)
                return fail_no_memory();
        for (size_t i = 0; i < diff->sentences; i++)
                fprintf(file, "%s%s", i ? " " : "", diff->sentence[i].text);
        for (int side = SIDE_A; side <= SIDE_B; side++)
                fprintf(file, " %s", diff->layout[side]->description);
        return fclose(file) ? fail_no_memory() : SUCCESS;
}

static void write_difference(FILE *file, const struct tree_difference *difference)
{
        fprintf(file, "  %s %s: ", units_range(difference->range), difference->name);
        if (difference->region[SIDE_A] && difference->region[SIDE_B])
                fprintf(file, "%s; %s\n", difference->words[SIDE_B], difference->words[SIDE_A]);
        else
                fprintf(file, "%s\n", difference->words[SIDE_A]);
}

void diff_picture_write_words(const struct diff_picture *diff, FILE *file)
{
        const struct comparison *comparison = &diff->comparison;
        size_t of_space = 0;

        fprintf(file, "%s\n", diff->title);
        for (int side = SIDE_A; side <= SIDE_B; side++)
                fprintf(file, "  %s\n     %s\n", diff->layout[side]->title, diff->layout[side]->subtitle);
        fprintf(file, "\n%s", diff->sides->words);
        for (size_t i = 0; i < comparison->differences; i++)
                of_space += comparison->difference[i].is_of_space;
        if (!comparison->differences) {
                fprintf(file, "\n%s\n", diff->summary);
                return;
        }
        fprintf(file, "\n%s %s, %s of them in the tree alone\n", format_counted(comparison->differences, "region"),
                comparison->differences == 1 ? "differs" : "differ", format_count(comparison->differences - of_space));
        for (size_t i = 0; i < comparison->differences; i++)
                write_difference(file, &comparison->difference[i]);
}

/* --- the pictures ----------------------------------------------------------------------------------------- */

/* In the bar a range that only one side uses is marked on both. */
static struct error add_differences(struct diff_picture *diff, enum compared_side side)
{
        const struct comparison *comparison = &diff->comparison;

        diff->difference[side] = calloc(comparison->differences + 1, sizeof *diff->difference[side]);
        if (!diff->difference[side])
                return fail_no_memory();
        for (size_t i = 0; i < comparison->differences; i++) {
                const struct tree_difference *difference = &comparison->difference[i];

                diff->difference[side][i] = (struct layout_difference){
                        .region = difference->region[side],
                        .range = difference->is_of_space ? difference->range : (struct vrange){ 0 },
                        .words = difference->words[side],
                };
        }
        return SUCCESS;
}

/* What is left of a screen or a page for each of the two, below the text of the gallery. */
static struct layout_frame frame_of(const struct diff_picture *diff, enum fit fit)
{
        enum { TITLE = 116, LINE = 20, GAPS = 48, SCREEN_WIDE = 1400, SCREEN_HIGH = 780, PAGE_WIDE = 830, PAGE_HIGH = 1100 };
        const double text = TITLE + LINE * (double)diff->sentences;

        if (fit == FIT_SCREEN)
                return (struct layout_frame){ (SCREEN_WIDE - GAPS) / 2, SCREEN_HIGH - text };
        return (struct layout_frame){ PAGE_WIDE - GAPS, (PAGE_HIGH - text) / 2 };
}

/* The bar is at least `least_width` long. */
static struct error lay_out(struct diff_picture *diff, enum compared_side side, enum fit fit, double least_width)
{
        const struct moment *moment = &diff->sides->moment[side];
        char name[MODEL_NAME_SIZE + 8];

        name_side(name, moment, side);
        layout_free(diff->layout[side]);
        diff->layout[side] = NULL;
        TRY(layout_create(&diff->layout[side], &(struct layout_request){
                .tree = moment->tree, .space = name, .event = moment->event,
                .shown = moment->has_operation ? &moment->shown : NULL,
                .fit = fit == FIT_POSTER ? FIT_POSTER : FIT_FRAME,
                .frame = frame_of(diff, fit), .least_width = least_width,
                .differences = diff->comparison.differences, .difference = diff->difference[side],
        }));
        diff->picture[side] = layout_picture(diff->layout[side]);
        return SUCCESS;
}

static double length_of_bar(const struct diff_picture *diff, enum compared_side side)
{
        return diff->layout[side]->right - diff->layout[side]->left;
}

/* The two bars are of one length, so that they can be compared. */
static struct error draw_sides(struct diff_picture *diff, enum fit fit)
{
        double length[2];

        for (enum compared_side side = SIDE_A; side <= SIDE_B; side++) {
                TRY(add_differences(diff, side));
                TRY(lay_out(diff, side, fit, 0));
                length[side] = length_of_bar(diff, side);
        }
        if (length[SIDE_A] < length[SIDE_B])
                return lay_out(diff, SIDE_A, fit, length[SIDE_B]);
        return length[SIDE_B] < length[SIDE_A] ? lay_out(diff, SIDE_B, fit, length[SIDE_A]) : SUCCESS;
}

static struct error draw_both(struct diff_picture *diff, enum fit fit)
{
        TRY(comparison_make(&diff->comparison, diff->sides->moment[SIDE_A].tree, diff->sides->moment[SIDE_B].tree));
        summarize(diff);
        write_title(diff);
        TRY(write_sentences(diff));
        TRY(draw_sides(diff, fit));
        TRY(describe(diff));
        return gallery_create(&diff->gallery, &(struct gallery_request){
                .title = diff->title, .description = diff->description, .columns = fit == FIT_SCREEN ? 2 : 1,
                .sentences = diff->sentences, .sentence = diff->sentence,
                .pictures = 2, .picture = diff->picture,
        });
}

struct error diff_picture_create(struct diff_picture **out, const struct sides *sides, enum fit fit)
{
        struct diff_picture *diff = calloc(1, sizeof *diff);
        struct error error;

        if (!diff)
                return fail_no_memory();
        diff->sides = sides;
        error = draw_both(diff, fit);
        if (error.code) {
                diff_picture_free(diff);
                return error;
        }
        *out = diff;
        return SUCCESS;
}

void diff_picture_free(struct diff_picture *diff)
{
        if (!diff)
                return;
        gallery_free(diff->gallery);
        for (int side = SIDE_A; side <= SIDE_B; side++) {
                layout_free(diff->layout[side]);
                free(diff->difference[side]);
        }
        comparison_clear(&diff->comparison);
        free(diff->lines);
        free(diff->description);
        free(diff);
}

const struct picture *diff_picture_of(const struct diff_picture *diff)
{
        return gallery_picture(diff->gallery);
}

const struct comparison *diff_picture_comparison(const struct diff_picture *diff)
{
        return &diff->comparison;
}
