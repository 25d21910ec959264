/*
 * How much of the tree a picture shows.
 *
 * For a screen or a page there are several plans, from generous to frugal: how many lines a box has, how far apart the
 * rows are, and how many levels around the search path are shown before the rest of a subtree becomes a triangle. Each
 * is tried, and the first whose picture fits is taken.
 *
 * A poster shows everything: boxes down to the level at which the picture would become too wide, small nodes below.
 */
#include "base/error_message.h"
#include "draw/text.h"
#include "layout/layout_steps.h"

#include <math.h>
#include <stdlib.h>

enum {
        BAR_LEAST = 640,
        TEXT_WIDEST = 1200,                     /* a title longer than this is broken instead of making room */
        COLUMNS_MOST = 12,                      /* regions */
        EVERYTHING = 1000,                      /* levels: deeper than any tree that can be drawn */
};

/*
 * The size at which a picture is shown, in pixels: what a browser leaves of 1440 x 900; a column of 830, a sheet high;
 * one of two beside each other on that screen, with room for a title.
 */
static const struct layout_frame frames[] = {
        [FIT_SCREEN] = { 1400, 780 }, [FIT_PAGE] = { 830, 1100 }, [FIT_FRAME] = { 676, 620 },
};

/* A picture that is a little too large is scaled down, until its smallest text is 9 pixels high. */
static const double smallest_scale = 9 / 10.5;

/* How a tree is drawn, from generous to frugal. */
enum style { IN_COLUMNS, ROOMY, CLOSE, CLOSEST, DENSE, DENSER, ONE_LINE, NARROWEST, LOWEST, KEYS, TIGHT, TIGHTEST, FEW_WORDS };

static const struct {
        unsigned box_lines;
        double box_height, row_height;
        double subtree_width;                   /* in which the words beneath a triangle are broken */
        bool has_columns;                       /* each node in a column of its own, unless there are many */
        bool is_tight;                          /* as few words and as little room as can be read */
        bool has_words_beneath;                 /* a box without children, rather than beside it */
        bool has_few_words;                     /* and stands tidily, unless rows are levels */
} styles[] = {
        [IN_COLUMNS] = { 3, 62, 118, 104, true },
        [ROOMY] = { 3, 62, 118, 104, false },
        [CLOSE] = { 3, 62, 92, 104, false },
        [CLOSEST] = { 3, 62, 86, 104, false },
        [DENSE] = { 2, 40, 66, 104, false },
        [DENSER] = { 2, 36, 56, 104, false },
        [ONE_LINE] = { 1, 22, 44, 104, false },
        [NARROWEST] = { 1, 22, 44, 50, false },
        [LOWEST] = { 1, 22, 37, 50, false },
        [KEYS] = { 1, 22, 44, 50, .has_few_words = true },
        [TIGHT] = { 1, 22, 37, 34, false, true },
        [TIGHTEST] = { 1, 22, 37, 34, false, true, true },
        [FEW_WORDS] = { 1, 22, 37, 34, false, true, true, true },
};

struct plan {
        enum style style;
        unsigned levels;                        /* so many levels around the search path are shown */
        size_t least;                           /* regions in a triangle: a smaller subtree is drawn */
};

static const struct plan plans[] = {
        { IN_COLUMNS, EVERYTHING, 2 }, { ROOMY, EVERYTHING, 2 }, { CLOSE, EVERYTHING, 2 },
        { ROOMY, 3, 2 }, { CLOSE, 3, 2 },
        { ROOMY, 2, 2 }, { CLOSE, 2, 2 },
        { ROOMY, 1, 2 }, { CLOSE, 1, 2 },
        { ROOMY, 0, 2 }, { CLOSE, 0, 2 }, { CLOSEST, 0, 2 },
        { DENSE, 1, 2 }, { DENSE, 0, 2 }, { DENSER, 0, 2 },
        { ONE_LINE, 0, 2 }, { ONE_LINE, 0, 1 }, { NARROWEST, 0, 1 }, { LOWEST, 0, 1 },
        { KEYS, 0, 1 }, { TIGHT, 0, 1 }, { TIGHTEST, 0, 1 }, { FEW_WORDS, 0, 1 },
};

/* For a picture that is to be whole rather than roomy. */
static const enum style whole[] = { IN_COLUMNS, ROOMY, CLOSE, CLOSEST, DENSE, DENSER, ONE_LINE, LOWEST };

enum { WHOLE_STYLES = sizeof whole / sizeof whole[0] };
enum { PLANS = sizeof plans / sizeof plans[0] };
/* So many of the last plans make a picture less wide at the cost of what is best seen in it. */
enum { LAST_RESORTS = 2 };

static double larger(double a, double b)
{
        return a > b ? a : b;
}

/* --- trying it out ---------------------------------------------------------------------------------------- */

/* A bar that must be as long as another one may make the frame wider. */
static struct layout_frame frame_of(const struct layout *layout, const struct layout_request *request)
{
        const bool has_own = layout->fit == FIT_FRAME && request->frame.width > 0;
        struct layout_frame frame = has_own ? request->frame : frames[layout->fit];

        frame.width = larger(frame.width, (request->least_width + 2 * LAYOUT_MARGIN) * smallest_scale);
        return frame;
}

/* The width within which lines of text are broken, for a tree that reaches to `right`. */
static double width_of_text(const struct layout *layout, const struct layout_request *request, double right)
{
        double text = larger(text_width(layout->title, TEXT_TITLE), text_width(layout->subtitle, TEXT_SUBTITLE));
        double most = layout->fit == FIT_POSTER ? TEXT_WIDEST :
                      fmin(TEXT_WIDEST, frame_of(layout, request).width / smallest_scale - 2 * LAYOUT_MARGIN);

        return larger(larger(right, larger(BAR_LEAST, request->least_width)), fmin(text, most));
}

/* Makes everything that depends on which nodes are shown, and how. */
static struct error arrange(struct layout *layout, const struct layout_request *request)
{
        double right;

        free(layout->piece);
        free(layout->tick);
        free(layout->band);
        free(layout->step);
        layout->piece = NULL;
        layout->tick = NULL;
        layout->band = NULL;
        layout->step = NULL;
        layout->pieces = layout->ticks = layout->marks = layout->lines = layout->bands = layout->steps = 0;

        TRY(layout_spread(layout, &right));
        layout->left = LAYOUT_MARGIN;
        layout->right = LAYOUT_MARGIN + width_of_text(layout, request, right);
        layout->width = layout->right + LAYOUT_MARGIN;
        for (size_t i = 0; i < layout->nodes; i++)
                layout->node[i].x += LAYOUT_MARGIN + (layout->right - layout->left - right) / 2;

        layout_place_captions(layout);
        TRY(layout_place_rows(layout));
        TRY(layout_add_levels(layout));
        TRY(layout_add_bar(layout, request->tree, request->shown));
        layout_add_marks(layout, request);
        if (layout->fit != FIT_FRAME)
                layout_add_legend(layout);
        return SUCCESS;
}

static void use_style(struct layout *layout, enum style style)
{
        layout->box_lines = styles[style].box_lines;
        layout->box_height = styles[style].box_height;
        layout->row_height = styles[style].row_height;
        layout->subtree_width = styles[style].subtree_width;
        layout->is_tight = styles[style].is_tight;
        layout->has_words_beneath = styles[style].has_words_beneath && !layout->is_levelled;
        layout->has_few_words = styles[style].has_few_words;
        if (layout->has_few_words && !layout->is_levelled)
                layout->arrangement = TIDY;
        layout->has_columns = styles[style].has_columns && layout->nodes <= COLUMNS_MOST;
}

static double scale_that_fits(const struct layout *layout, const struct layout_request *request)
{
        const struct layout_frame frame = frame_of(layout, request);

        return fmin(1, fmin(frame.width / layout->width, frame.height / layout->height));
}

/*
 * Nodes that are neighbours in the order of addresses stand in different rows, and the middle of the one is clear of the
 * other, so even the smallest take this much width each.
 */
static bool is_hopeless(const struct layout *layout, const struct layout_request *request)
{
        size_t shown = 0;

        for (size_t i = 0; i < layout->nodes; i++)
                shown += layout_is_shown(&layout->node[i]);
        return layout->arrangement == IN_ORDER && !layout->is_levelled &&
               (double)shown * TRIANGLE_WIDTH / 2 > frame_of(layout, request).width / smallest_scale + LAYOUT_MARGIN;
}

/* Whether anything was searched yet, so that a subtree may be called not reached. */
static bool has_search(const struct layout_request *request)
{
        return request->shown && request->shown->searching;
}

/* Every region as a box, in the first style that fits. */
static struct error try_whole(struct layout *layout, const struct layout_request *request, const unsigned *distance,
                              bool *fits)
{
        for (unsigned i = request->least_style; i < WHOLE_STYLES && !*fits; i++) {
                use_style(layout, whole[i]);
                layout_collapse(layout, distance, EVERYTHING, 1);
                if (is_hopeless(layout, request))
                        break;
                layout_measure(layout, has_search(request));
                TRY(arrange(layout, request));
                *fits = layout->is_whole = scale_that_fits(layout, request) >= smallest_scale;
                layout->style = i;
        }
        return SUCCESS;
}

/* Whether a picture is too high for its frame, but not too wide. */
static bool is_only_too_high(const struct layout *layout, const struct layout_request *request)
{
        return layout->width * smallest_scale <= frame_of(layout, request).width;
}

/*
 * Tries the plans in turn; the last resorts only if `is_last`. Then the last one stands, whether it fits or not; and so
 * does one before it with which the picture is only too high, since a last resort makes it less wide.
 */
static struct error try_plans(struct layout *layout, const struct layout_request *request, const unsigned *distance,
                              bool is_last, bool *fits)
{
        for (size_t i = 0; i < (is_last ? PLANS : PLANS - LAST_RESORTS); i++) {
                const bool may_stand = is_last && i + 1 + LAST_RESORTS >= PLANS;

                if (plans[i].style == KEYS && !layout->is_levelled)
                        continue;
                use_style(layout, plans[i].style);
                layout_collapse(layout, distance, plans[i].levels, plans[i].least);
                if (!may_stand && is_hopeless(layout, request))
                        continue;
                layout_measure(layout, has_search(request));
                TRY(arrange(layout, request));
                *fits = scale_that_fits(layout, request) >= smallest_scale;
                if (*fits || (may_stand && is_only_too_high(layout, request)))
                        break;
        }
        return SUCCESS;
}

/*
 * What differs from another picture is shown, as far as there is room: first up to ten regions, then fewer, and the rest
 * of them is counted at the triangles.
 */
static struct error fit_frame(struct layout *layout, const struct layout_request *request)
{
        static const size_t differences[] = { 10, 6, 4, 3, 2, 1, 0 };
        const size_t tries = request->differences ? sizeof differences / sizeof *differences : 1;
        unsigned *distance = calloc(layout->nodes + 1, sizeof *distance);
        struct error error = SUCCESS;
        bool fits = false;

        if (!distance)
                return fail_no_memory();
        for (size_t i = 0; i < tries && !fits && !error.code; i++) {
                layout_find_distances(layout, differences[i], distance);
                if (request->prefers_whole)
                        error = try_whole(layout, request, distance, &fits);
                if (!fits && !error.code)
                        error = try_plans(layout, request, distance, i + 1 == tries, &fits);
        }
        if (!error.code)
                layout->scale = larger(scale_that_fits(layout, request), smallest_scale);
        free(distance);
        return error;
}

/* --- the poster ------------------------------------------------------------------------------------------- */

/* Boxes down to a level, and wherever the operation went; small nodes below. */
static void choose_boxes(struct layout *layout, unsigned levels)
{
        for (size_t i = 0; i < layout->nodes; i++) {
                struct layout_node *node = &layout->node[i];

                node->form = node->depth < levels || node->role != NODE_PLAIN ? NODE_BOX : NODE_SMALL;
        }
        layout_measure(layout, true);
}

/* A tree that fits a wide screen is drawn in boxes throughout; beyond that, width is given out sparingly. */
static double poster_width(const struct layout *layout)
{
        return fmin(3600 + 9.0 * layout->nodes, 7800);
}

/* Even the smallest nodes take half of their width each in the order of addresses: see is_hopeless(). */
static bool is_wide_without_boxes(const struct layout *layout)
{
        return layout->arrangement == IN_ORDER && !layout->is_levelled &&
               (double)layout->nodes * SMALL_NODE / 2 > poster_width(layout);
}

/* The most levels of boxes with which the tree is not too wide; at least one. */
static struct error fit_poster(struct layout *layout, const struct layout_request *request)
{
        unsigned enough = 1, too_many = layout->height_of_tree + 1, levels = layout->height_of_tree;
        double right;

        use_style(layout, IN_COLUMNS);
        layout->scale = 1;
        if (is_wide_without_boxes(layout))
                levels = 1;
        for (;; levels = (enough + too_many) / 2) {
                choose_boxes(layout, levels);
                TRY(layout_spread(layout, &right));
                if (right <= poster_width(layout))
                        enough = levels;
                else
                        too_many = levels;
                if (levels <= 1 || too_many <= enough + 1)
                        break;
        }
        choose_boxes(layout, enough);
        return arrange(layout, request);
}

struct error layout_fit(struct layout *layout, const struct layout_request *request)
{
        return layout->fit == FIT_POSTER ? fit_poster(layout, request) : fit_frame(layout, request);
}
