/*
 * The tidy drawing of a tree by Reingold and Tilford (1981), as textbooks have it: a parent stands above the middle of
 * its children, equal subtrees look equal, and the two subtrees of a node are as close as their outlines allow. Deeper
 * nodes may stand below shallower ones, so no lines lead down to the bar.
 *
 * The outline of a subtree is how far it reaches to the left and right of its root, row by row:
 *
 *             o                left  right
 *           /   \               0      0
 *          o     o              1      1         the two children are placed so far apart that the right outline of
 *           \                   1      1         the one and the left outline of the other stay clear of each other
 *            o                  0
 */
#include "base/error_message.h"
#include "layout/layout_steps.h"

#include <math.h>
#include <stdlib.h>

enum { CLEAR = 14, TIGHT_CLEAR = 5, CLEAR_OF_SMALL = 4 };

struct outline {
        size_t rows;
        double *left, *right;                   /* of the root's middle; both count outwards */
};

/* A tidying in the making. */
struct tidying {
        struct layout *layout;
        size_t (*child)[2];                     /* indices, NOWHERE if there is none */
        double *offset;                         /* of each node's middle from its parent's */
};

static void clear(struct outline *outline)
{
        free(outline->left);
        free(outline->right);
        *outline = (struct outline){ 0 };
}

static struct error make_room(struct outline *outline, size_t rows)
{
        outline->rows = rows;
        outline->left = calloc(rows, sizeof *outline->left);
        outline->right = calloc(rows, sizeof *outline->right);
        if (outline->left && outline->right)
                return SUCCESS;
        clear(outline);
        return fail_no_memory();
}

/* The words beneath a node may reach down into further rows. */
static size_t rows_of(const struct layout *layout, const struct layout_node *node)
{
        return node->beneath[0][0] ? (size_t)fmax(1, ceil(layout_whole_height(node) / layout->row_height)) : 1;
}

static double clear_of(const struct layout *layout, const struct layout_node *node)
{
        return node->form == NODE_SMALL ? CLEAR_OF_SMALL : layout->is_tight ? TIGHT_CLEAR : CLEAR;
}

/* How far the frames around a box reach beyond it. */
static double frame_of(const struct layout_node *node)
{
        if (node->form != NODE_BOX)
                return 0;
        return node->differs[0] ? FRAME_OF_DIFFERENCE : node->role != NODE_PLAIN ? HALO * 1.5 : 0;
}

/* How far apart the two subtrees of a node must stand. */
static double distance(const struct tidying *tidying, const size_t child[2], const struct outline outline[2])
{
        const struct layout *layout = tidying->layout;
        const struct layout_node *left = &layout->node[child[LEFT]], *right = &layout->node[child[RIGHT]];
        double apart = 2 * fmax(layout_words_on_edge(layout, left), layout_words_on_edge(layout, right));

        for (size_t row = 0; row < outline[LEFT].rows && row < outline[RIGHT].rows; row++)
                apart = fmax(apart, outline[LEFT].right[row] + outline[RIGHT].left[row] + clear_of(layout, left));
        return apart;
}

/* An only child stands aside, so that one sees which it is. */
static double step_aside(const struct layout *layout, const struct layout_node *child)
{
        return fmax(layout_words_on_edge(layout, child), (layout_whole_width(child) + clear_of(layout, child)) / 2);
}

static void place_children(const struct tidying *tidying, const size_t child[2], const struct outline outline[2])
{
        if (child[LEFT] != NOWHERE && child[RIGHT] != NOWHERE) {
                double apart = distance(tidying, child, outline);

                tidying->offset[child[LEFT]] = -apart / 2;
                tidying->offset[child[RIGHT]] = apart / 2;
                return;
        }
        for (enum side side = LEFT; side <= RIGHT; side++)
                if (child[side] != NOWHERE)
                        tidying->offset[child[side]] = (side == LEFT ? -1 : 1) *
                                                       step_aside(tidying->layout, &tidying->layout->node[child[side]]);
}

/* The outline of a node is its own and, a row lower, those of its children. */
static struct error join(struct outline *out, const struct tidying *tidying, size_t i, const struct outline outline[2])
{
        const struct layout_node *node = &tidying->layout->node[i];
        size_t own = rows_of(tidying->layout, node);
        size_t rows = fmax((double)own, 1 + fmax((double)outline[LEFT].rows, (double)outline[RIGHT].rows));

        TRY(make_room(out, rows));
        for (size_t row = 0; row < rows; row++)
                out->left[row] = out->right[row] = -INFINITY;
        for (size_t row = 0; row < own; row++) {
                out->left[row] = layout_whole_width(node) / 2 + frame_of(node);
                out->right[row] = fmax(layout_reach(tidying->layout, node), node->width / 2 + frame_of(node));
        }
        for (enum side side = LEFT; side <= RIGHT; side++)
                for (size_t row = 0; row < outline[side].rows; row++) {
                        double offset = tidying->offset[tidying->child[i][side]];

                        out->left[row + 1] = fmax(out->left[row + 1], outline[side].left[row] - offset);
                        out->right[row + 1] = fmax(out->right[row + 1], outline[side].right[row] + offset);
                }
        return SUCCESS;
}

/* Places everything below a node relative to it. As deep a recursion as the tree. */
static struct error tidy(struct outline *out, const struct tidying *tidying, size_t i)
{
        struct outline outline[2] = { 0 };
        struct error error = SUCCESS;

        for (enum side side = LEFT; side <= RIGHT && !error.code; side++)
                if (tidying->child[i][side] != NOWHERE)
                        error = tidy(&outline[side], tidying, tidying->child[i][side]);
        if (!error.code) {
                place_children(tidying, tidying->child[i], outline);
                error = join(out, tidying, i, outline);
        }
        clear(&outline[LEFT]);
        clear(&outline[RIGHT]);
        return error;
}

/* From offsets to positions: the leftmost thing of all at 0. */
static double settle(const struct tidying *tidying, size_t i, double x)
{
        double right;

        tidying->layout->node[i].x = x;
        right = x + layout_reach(tidying->layout, &tidying->layout->node[i]);
        for (enum side side = LEFT; side <= RIGHT; side++)
                if (tidying->child[i][side] != NOWHERE)
                        right = fmax(right, settle(tidying, tidying->child[i][side],
                                                   x + tidying->offset[tidying->child[i][side]]));
        return right;
}

static struct error tidy_all(const struct tidying *tidying, double *right)
{
        struct layout *layout = tidying->layout;
        size_t root = NOWHERE;
        struct outline outline = { 0 };
        double left = 0;

        for (size_t i = 0; i < layout->nodes; i++)
                tidying->child[i][LEFT] = tidying->child[i][RIGHT] = NOWHERE;
        for (size_t i = 0; i < layout->nodes; i++) {
                if (layout->node[i].parent == NOWHERE)
                        root = i;
                else if (layout_is_shown(&layout->node[i]))
                        tidying->child[layout->node[i].parent][layout->node[i].side] = i;
        }
        if (root == NOWHERE)
                return SUCCESS;
        TRY(tidy(&outline, tidying, root));
        for (size_t row = 0; row < outline.rows; row++)
                left = fmax(left, outline.left[row]);
        *right = settle(tidying, root, left);
        clear(&outline);
        return SUCCESS;
}

struct error layout_spread_tidily(struct layout *layout, double *right)
{
        struct tidying tidying = {
                .layout = layout, .child = calloc(layout->nodes + 1, sizeof *tidying.child),
                .offset = calloc(layout->nodes + 1, sizeof *tidying.offset),
        };
        struct error error = SUCCESS;

        *right = 0;
        if (tidying.child && tidying.offset)
                error = tidy_all(&tidying, right);
        else
                error = fail_no_memory();
        free(tidying.child);
        free(tidying.offset);
        return error;
}
