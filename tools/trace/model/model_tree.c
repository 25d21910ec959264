#include "model/model_internal.h"

#include <inttypes.h>

/* --- moving nodes ----------------------------------------------------------------------------------------- */

/*
 * A region's children have changed, so its height is no longer known, nor any above it: above an unknown one all are.
 */
static void forget_heights(struct model_region *region)
{
        for (; region && region->height; region = region->parent)
                region->height = 0;
}

/* Hangs `region`, which may be NULL, where `parent` has its child `side`; no parent means the root. */
static void set_child(struct model_tree *tree, struct model_region *parent, enum side side, struct model_region *region)
{
        if (parent)
                parent->child[side] = region;
        else
                tree->root = region;
        if (region)
                region->parent = parent;
        forget_heights(parent);
}

static enum side side_of(const struct model_region *region)
{
        return region->parent && region->parent->child[RIGHT] == region ? RIGHT : LEFT;
}

void model_count_in(struct model_tree *tree, const struct model_region *region)
{
        tree->mapped += vrange_size(region->range);
        tree->occupied += vrange_size(model_footprint(region));
}

void model_count_out(struct model_tree *tree, const struct model_region *region)
{
        tree->mapped -= vrange_size(region->range);
        tree->occupied -= vrange_size(model_footprint(region));
}

void model_link_region(struct model_tree *tree, struct model_region *region, struct model_region *parent,
                       enum side side)
{
        set_child(tree, parent, side, region);
        region->tree = tree;
        tree->regions++;
        model_count_in(tree, region);
}

static void take_out(struct model_tree *tree, struct model_region *region)
{
        region->parent = region->child[LEFT] = region->child[RIGHT] = NULL;
        region->tree = NULL;
        region->height = 0;
        tree->regions--;
        model_count_out(tree, region);
}

/* Removes the lowest node repeatedly: it has no left child, and its right child takes its place. */
void model_empty_tree(struct model_tree *tree)
{
        struct model_region *region = model_outermost(tree, LEFT), *next;

        for (; region; region = next) {
                next = model_neighbour(region, RIGHT);
                set_child(tree, region->parent, side_of(region), region->child[RIGHT]);
                take_out(tree, region);
        }
}

/* The node sinks to `side`; its child on the other side rises. */
static void rotate(struct model_tree *tree, struct model_region *region, enum side side)
{
        struct model_region *risen = region->child[!side];

        set_child(tree, region->parent, side_of(region), risen);
        set_child(tree, region, !side, risen->child[side]);
        set_child(tree, risen, side, region);
}

/* A node with two children and its successor, which has no left child, trade places. */
static void exchange(struct model_tree *tree, struct model_region *region, struct model_region *successor)
{
        struct model_region *left = region->child[LEFT], *right = region->child[RIGHT];
        struct model_region *parent = successor->parent, *orphan = successor->child[RIGHT];
        enum colour colour = region->colour;

        set_child(tree, region->parent, side_of(region), successor);
        set_child(tree, successor, LEFT, left);
        if (parent == region) {
                set_child(tree, successor, RIGHT, region);
        } else {
                set_child(tree, successor, RIGHT, right);
                set_child(tree, parent, LEFT, region);
        }
        set_child(tree, region, LEFT, NULL);
        set_child(tree, region, RIGHT, orphan);
        region->colour = successor->colour;
        successor->colour = colour;
        for (enum side side = LEFT; side <= RIGHT; side++) {
                uint64_t max = region->max[side];

                region->max[side] = successor->max[side];
                successor->max[side] = max;
        }
}

/* --- events that change nodes ----------------------------------------------------------------------------- */

/* Finds a region that must be in the tree. */
static struct error need_node(struct model *model, struct model_tree *tree, uint64_t id, struct model_region **out)
{
        TRY(model_need_region(model, id, out));
        if ((*out)->tree != tree)
                return REJECT(model, "region %" PRIu64 " is not in tree %" PRIu64, id, tree->id);
        return SUCCESS;
}

static struct error need_side(struct model *model, uint64_t side)
{
        if (side > RIGHT)
                return REJECT(model, "side %" PRIu64 " is neither left nor right", side);
        return SUCCESS;
}

static struct error apply_link(struct model *model, struct model_tree *tree, const struct event *event)
{
        uint64_t id = VALUE(event, tree_link, region), parent_id = VALUE(event, tree_link, parent);
        uint64_t side = VALUE(event, tree_link, side);
        struct model_region *region, *parent = NULL;

        TRY(model_meet_region(model, id, &region));
        TRY(need_side(model, side));
        if (region->tree)
                return REJECT(model, "region %" PRIu64 " is linked, but is in tree %" PRIu64 " already", id,
                              region->tree->id);
        if (parent_id)
                TRY(need_node(model, tree, parent_id, &parent));
        if (parent ? parent->child[side] : tree->root)
                return REJECT(model, "region %" PRIu64 " is linked where region %" PRIu64 " is", id,
                              parent ? parent->child[side]->id : tree->root->id);
        if (model->has_lost && vrange_is_empty(region->range)) {
                model_give_up_tree(model, tree);        /* the event that told the range is missing */
                return SUCCESS;
        }
        model_link_region(tree, region, parent, (enum side)side);
        region->colour = RED;
        region->max[LEFT] = region->max[RIGHT] = 0;
        region->changed_by = event->number;
        tree->operation.links++;
        return SUCCESS;
}

static struct error apply_unlink(struct model *model, struct model_tree *tree, const struct event *event)
{
        struct model_region *region;

        TRY(need_node(model, tree, VALUE(event, tree_unlink, region), &region));
        if (region->child[LEFT] && region->child[RIGHT])
                return REJECT(model, "region %" PRIu64 " is unlinked, but has two children", region->id);
        set_child(tree, region->parent, side_of(region),
                  region->child[LEFT] ? region->child[LEFT] : region->child[RIGHT]);
        take_out(tree, region);
        if (tree->promises == PROMISE_BALANCE_AT_FIRST)
                tree->promises = PROMISE_ORDER;
        region->changed_by = event->number;
        tree->operation.unlinks++;
        return SUCCESS;
}

static struct error apply_exchange(struct model *model, struct model_tree *tree, const struct event *event)
{
        struct model_region *region, *successor;

        TRY(need_node(model, tree, VALUE(event, tree_exchange, region), &region));
        TRY(need_node(model, tree, VALUE(event, tree_exchange, successor), &successor));
        if (!region->child[LEFT] || !region->child[RIGHT] || model_neighbour(region, RIGHT) != successor)
                return REJECT(model,
                              "region %" PRIu64 " cannot trade places with region %" PRIu64
                              ": it has not two children, or the other is not its successor",
                              region->id, successor->id);
        exchange(tree, region, successor);
        region->changed_by = successor->changed_by = event->number;
        return SUCCESS;
}

static struct error apply_rotate(struct model *model, struct model_tree *tree, const struct event *event)
{
        uint64_t side = VALUE(event, tree_rotate, side);
        struct model_region *region;

        TRY(need_node(model, tree, VALUE(event, tree_rotate, region), &region));
        TRY(need_side(model, side));
        if (!region->child[!side])
                return REJECT(model,
                              "region %" PRIu64 " is rotated to the %s, but has no %s child to rise in its place",
                              region->id, side == LEFT ? "left" : "right", side == LEFT ? "right" : "left");
        region->changed_by = region->child[!side]->changed_by = event->number;
        rotate(tree, region, (enum side)side);
        tree->operation.rotations++;
        return SUCCESS;
}

static struct error apply_colour(struct model *model, struct model_tree *tree, const struct event *event)
{
        uint64_t colour = VALUE(event, tree_colour, colour);
        struct model_region *region;

        TRY(need_node(model, tree, VALUE(event, tree_colour, region), &region));
        if (colour > RED)
                return REJECT(model, "colour %" PRIu64 " is neither red nor black", colour);
        region->colour = (enum colour)colour;
        region->changed_by = event->number;
        tree->operation.recolourings++;
        return SUCCESS;
}

/* A region gets its gap before it is linked, so it need not be in the tree yet. */
static struct error apply_gap(struct model *model, struct model_tree *tree, const struct event *event)
{
        uint64_t id = VALUE(event, tree_gap, region);
        struct model_region *region;

        if (!id) {
                tree->tail_gap = VALUE(event, tree_gap, gap);
                return SUCCESS;
        }
        TRY(model_meet_region(model, id, &region));
        if (region->tree && region->tree != tree)
                return REJECT(model, "region %" PRIu64 " is not in tree %" PRIu64, id, tree->id);
        region->gap = VALUE(event, tree_gap, gap);
        return SUCCESS;
}

static struct error apply_max(struct model *model, struct model_tree *tree, const struct event *event)
{
        uint64_t side = VALUE(event, tree_max, side);
        struct model_region *region;

        TRY(need_node(model, tree, VALUE(event, tree_max, region), &region));
        TRY(need_side(model, side));
        region->max[side] = VALUE(event, tree_max, max);
        return SUCCESS;
}

/* --- all events of trees ---------------------------------------------------------------------------------- */

struct error model_apply_tree_event(struct model *model, const struct event *event)
{
        uint64_t id = event->field[0];          /* every event of a tree names the tree first */
        struct model_tree *tree;

        _Static_assert(EVENT_FIELD(tree_begin, tree) == 0 && EVENT_FIELD(tree_visit, tree) == 0 &&
                       EVENT_FIELD(tree_link, tree) == 0 && EVENT_FIELD(tree_unlink, tree) == 0 &&
                       EVENT_FIELD(tree_exchange, tree) == 0 && EVENT_FIELD(tree_rotate, tree) == 0 &&
                       EVENT_FIELD(tree_colour, tree) == 0 && EVENT_FIELD(tree_gap, tree) == 0 &&
                       EVENT_FIELD(tree_max, tree) == 0 && EVENT_FIELD(tree_end, tree) == 0,
                       "the tree is the first field");
        TRY(model_need_tree(model, id, &tree));
        if (tree->unknown)
                return SUCCESS;
        switch (event->type) {
        case EVENT_tree_begin:
                return model_begin_operation(model, tree, event);
        case EVENT_tree_visit:
                return model_apply_visit(model, tree, event);
        case EVENT_tree_draw:
                return model_apply_draw(tree, event);
        case EVENT_tree_link:
                return apply_link(model, tree, event);
        case EVENT_tree_unlink:
                return apply_unlink(model, tree, event);
        case EVENT_tree_exchange:
                return apply_exchange(model, tree, event);
        case EVENT_tree_rotate:
                return apply_rotate(model, tree, event);
        case EVENT_tree_colour:
                return apply_colour(model, tree, event);
        case EVENT_tree_gap:
                return apply_gap(model, tree, event);
        case EVENT_tree_max:
                return apply_max(model, tree, event);
        case EVENT_tree_end:
                return model_end_operation(model, tree, event);
        default:
                return SUCCESS;
        }
}
