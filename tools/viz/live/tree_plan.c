#include "base/error_message.h"
#include "live/canvas.h"
#include "live/tree_plan_words.h"

#include <limits.h>
#include <stdlib.h>

enum { EVERY_LEVEL = 1000, BETWEEN_NODES = 1 };

/* --- which nodes ------------------------------------------------------------------------------------------ */

static size_t new_node(struct tree_plan *plan, struct making *making)
{
        if (plan->nodes == making->room) {
                size_t room = making->room ? 2 * making->room : 256;
                struct plan_node *more = realloc(plan->node, room * sizeof *more);

                if (!more) {
                        making->failed = true;
                        return PLAN_NOWHERE;
                }
                plan->node = more;
                making->room = room;
        }
        return plan->nodes++;
}

/* Whether a node is only counted. `away` is how far it is from the path, which is never folded. */
static bool is_folded(const struct making *making, const struct model_region *region, int depth, int away)
{
        if (!away)
                return false;
        if (!region->child[LEFT] && !region->child[RIGHT] && depth < making->rows)
                return false;                   /* its letter takes no more room than a count */
        return depth >= making->rows - 1 || away > making->levels + making->letters;
}

/* Adds the subtree of a region, in address order; `away` is 0 on the path. Yields the index of its node. */
static size_t add_subtree(struct tree_plan *plan, struct making *making, const struct model_region *region, int depth,
                          int away, bool skipped)
{
        struct plan_node node = {
                .region = region,
                .depth = depth,
                .parent = PLAN_NOWHERE,
                .child = { PLAN_NOWHERE, PLAN_NOWHERE },
                .is_here = region->id == making->request->scene->here,
                .is_selected = region->id == making->request->selected,
        };
        size_t left = PLAN_NOWHERE, right = PLAN_NOWHERE, index = PLAN_NOWHERE;

        plan_describe_visits(making, &node);
        if (node.role == PLAN_PLAIN)
                plan_describe_skip(making, &node);
        node.is_skipped = (node.is_skipped || skipped) && !plan_is_on_path(making, region);
        if (is_folded(making, region, depth, away)) {
                node.count = model_regions_below(region);
                plan_label_subtree(&node);
        } else {
                plan_label_node(making, &node, away > making->levels ? SIZE_LETTER : plan->size);
                for (enum side side = LEFT; side <= RIGHT; side++) {
                        const struct model_region *child = region->child[side];
                        int farther;

                        if (side == RIGHT) {
                                index = new_node(plan, making);
                                if (index == PLAN_NOWHERE)
                                        return index;
                        }
                        if (!child)
                                continue;
                        farther = plan_holds_path(making, child) ? 0 : away + 1;
                        *(side == LEFT ? &left : &right) =
                                add_subtree(plan, making, child, depth + 1, farther, node.is_skipped);
                }
        }
        if (node.count && (index = new_node(plan, making)) == PLAN_NOWHERE)
                return index;
        node.child[LEFT] = left;
        node.child[RIGHT] = right;
        plan->node[index] = node;
        for (enum side side = LEFT; side <= RIGHT; side++)
                if (node.child[side] != PLAN_NOWHERE)
                        plan->node[node.child[side]].parent = index;
        return index;
}

/* --- where they go ---------------------------------------------------------------------------------------- */

/* Columns that a node takes to the left of its label: for its number, or for half of the words below. */
static int columns_before(const struct tree_plan *plan, const struct plan_node *node)
{
        int number = node->number[0] ? text_columns(node->number) + 1 : 0;
        int below = plan->has_words_below && node->why[0] ? (text_columns(node->why) - node->width) / 2 : 0;

        return number > below ? number : below;
}

/* And to the right of it. */
static int columns_beside(const struct tree_plan *plan, const struct plan_node *node)
{
        int columns = node->why[0] ? text_columns(node->why) : 0;

        if (plan->has_words_below)
                return columns > node->width ? (columns - node->width + 1) / 2 : 0;
        return columns ? columns + 1 : 0;
}

/* How far right a node's label may begin at least. */
static int leftmost(const struct tree_plan *plan, size_t i, const int *end_of_row)
{
        const struct plan_node *node = &plan->node[i];
        int x = end_of_row[node->depth] + columns_before(plan, node);
        int middle = i ? plan->node[i - 1].center + 1 - node->width / 2 : 0;

        return x > middle ? x : middle;
}

static void move_to(struct plan_node *node, int x)
{
        node->x = x;
        node->center = x + node->width / 2;
}

/* Moves a parent towards the middle of its children, as far as its neighbours in order and in its row allow. */
static void centre_parent(struct tree_plan *plan, size_t i)
{
        struct plan_node *node = &plan->node[i];
        int wanted, limit = i + 1 < plan->nodes ? plan->node[i + 1].center - 1 : INT32_MAX;

        if (node->child[LEFT] == PLAN_NOWHERE || node->child[RIGHT] == PLAN_NOWHERE)
                return;
        wanted = (plan->node[node->child[LEFT]].center + plan->node[node->child[RIGHT]].center) / 2;
        for (size_t next = i + 1; next < plan->nodes; next++) {
                const struct plan_node *other = &plan->node[next];
                int space = other->x - columns_before(plan, other) - BETWEEN_NODES -
                            (node->width + columns_beside(plan, node));

                if (other->depth != node->depth)
                        continue;
                if (limit > space + node->width / 2)
                        limit = space + node->width / 2;
                break;
        }
        if (wanted > limit)
                wanted = limit;
        if (wanted > node->center)
                move_to(node, wanted - node->width / 2);
}

static struct error place(struct tree_plan *plan, int depths)
{
        int *end_of_row = calloc((size_t)depths + 1, sizeof *end_of_row);

        if (!end_of_row)
                return fail_no_memory();
        plan->width = plan->height = 0;
        for (size_t i = 0; i < plan->nodes; i++) {
                struct plan_node *node = &plan->node[i];

                move_to(node, leftmost(plan, i, end_of_row));
                end_of_row[node->depth] = node->x + node->width + columns_beside(plan, node) + BETWEEN_NODES;
        }
        for (int depth = depths; depth >= 0; depth--)
                for (size_t i = 0; i < plan->nodes; i++)
                        if (plan->node[i].depth == depth)
                                centre_parent(plan, i);
        for (size_t i = 0; i < plan->nodes; i++) {
                struct plan_node *node = &plan->node[i];

                node->row = node->depth * plan->row_step;
                if (plan->height < node->row + node->height + (plan->has_words_below && node->why[0]))
                        plan->height = node->row + node->height + 1;
                node->reach = node->width + columns_beside(plan, node);
                if (plan->width < node->x + node->reach)
                        plan->width = node->x + node->reach;
                if (plan->height < node->row + node->height)
                        plan->height = node->row + node->height;
        }
        free(end_of_row);
        return SUCCESS;
}

/* A size and how much of the tree is drawn in it. */
struct attempt {
        enum node_size size;
        int levels;                             /* around the path; EVERY_LEVEL: all, even what is deeper than the pane is high */
        bool has_words_below;
        int letters;                            /* levels below these */
};

static struct error make(struct tree_plan *plan, const struct plan_request *request, struct attempt attempt)
{
        const enum node_size size = attempt.size;
        const bool has_words_below = attempt.has_words_below && request->scene->shown.searching;
        struct making making = {
                .request = request, .shown = &request->scene->shown, .units = request->scene->units,
                .levels = attempt.levels, .letters = attempt.letters, .rows = EVERY_LEVEL,
        };
        const struct model_region *root = request->scene->tree->root;
        int depths;

        tree_plan_free(plan);
        *plan = (struct tree_plan){
                .size = size,
                .row_step = (size == SIZE_BOX ? 6 : 2) + has_words_below,
                .has_words_below = has_words_below,
                .letters = attempt.letters,
        };
        if (attempt.levels != EVERY_LEVEL)
                making.rows = (request->height + plan->row_step - (size == SIZE_BOX ? 5 : 1)) / plan->row_step;
        if (making.rows < 2)
                making.rows = 2;
        depths = (int)model_height(request->scene->tree) + 1;
        plan->root = add_subtree(plan, &making, root, 0, plan_holds_path(&making, root) ? 0 : 1, false);
        if (making.failed)
                return fail_no_memory();
        return place(plan, depths);
}

/* What is tried, the best first. */
static const struct attempt tries[] = {
        { SIZE_BOX, EVERY_LEVEL, false, 0 },
        { SIZE_LINE, EVERY_LEVEL, false, 0 },
        { SIZE_LINE, EVERY_LEVEL, true, 0 },
        { SIZE_ADDRESS, EVERY_LEVEL, false, 0 },
        { SIZE_ADDRESS, EVERY_LEVEL, true, 0 },
        { SIZE_BOX, 3, true, 0 },
        { SIZE_BOX, 2, true, 0 },
        { SIZE_LINE, 4, true, 0 },
        { SIZE_LINE, 3, true, 0 },
        { SIZE_ADDRESS, 4, true, 0 },
        { SIZE_LINE, 2, false, 0 },
        { SIZE_LINE, 2, true, 0 },
        { SIZE_ADDRESS, 3, false, 0 },
        { SIZE_ADDRESS, 3, true, 0 },
        { SIZE_LINE, 1, false, 0 },
        { SIZE_LINE, 1, true, 0 },
        { SIZE_ADDRESS, 2, false, 0 },
        { SIZE_ADDRESS, 1, false, 0 },
        { SIZE_ADDRESS, 0, false, 0 },
};
enum { TRIES = sizeof tries / sizeof tries[0], MOST_TO_TRY_WHOLE = 400, LEAST_OF_BOXES = 7 };

/* Boxes are no gain where they leave little but counts. */
static bool shows_enough(const struct tree_plan *plan)
{
        size_t whole = 0;

        for (size_t i = 0; i < plan->nodes; i++)
                whole += !plan->node[i].count;
        return plan->size != SIZE_BOX || whole == plan->nodes || whole >= LEAST_OF_BOXES;
}

static bool fits(const struct tree_plan *plan, const struct plan_request *request)
{
        return plan->width <= request->width && plan->height <= request->height && shows_enough(plan);
}

static bool has_counts(const struct tree_plan *plan)
{
        for (size_t i = 0; i < plan->nodes; i++)
                if (plan->node[i].count)
                        return true;
        return false;
}

/* Shows as many levels below as fit, in letters. */
static struct error add_letters(struct tree_plan *plan, const struct plan_request *request, unsigned tried)
{
        const int most = tried == request->first_try ? request->most_letters : INT_MAX;
        struct attempt attempt = tries[tried];

        while (attempt.size != SIZE_BOX && attempt.letters < most && has_counts(plan)) {
                struct tree_plan larger = { .root = PLAN_NOWHERE };

                attempt.letters++;
                TRY_OR(make(&larger, request, attempt), tree_plan_free(&larger));
                /* Nothing more is shown where the pane is not high enough. */
                if (larger.nodes == plan->nodes || !fits(&larger, request)) {
                        tree_plan_free(&larger);
                        break;
                }
                tree_plan_free(plan);
                *plan = larger;
        }
        plan->tried = tried;
        return SUCCESS;
}

struct error tree_plan_make(struct tree_plan *plan, const struct plan_request *request)
{
        *plan = (struct tree_plan){ .root = PLAN_NOWHERE };
        if (!request->scene->tree || !request->scene->tree->root)
                return SUCCESS;
        if (request->size != SIZE_FITTING)
                return make(plan, request, (struct attempt){ .size = request->size, .levels = EVERY_LEVEL });
        for (unsigned i = request->first_try; i < TRIES; i++) {
                if (tries[i].levels == EVERY_LEVEL && request->scene->tree->regions > MOST_TO_TRY_WHOLE)
                        continue;
                TRY(make(plan, request, tries[i]));
                plan->tried = i;
                if (fits(plan, request))
                        return add_letters(plan, request, i);
        }
        return SUCCESS;
}

void tree_plan_free(struct tree_plan *plan)
{
        free(plan->node);
        *plan = (struct tree_plan){ .root = PLAN_NOWHERE };
}
