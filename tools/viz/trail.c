#include "trail.h"
#include "complaint.h"
#include "text.h"

#include <stdlib.h>

void trail_init(struct trail *trail, uint64_t tree)
{
        *trail = (struct trail){ .tree = tree };
}

void trail_free(struct trail *trail)
{
        free(trail->step);
        *trail = (struct trail){ 0 };
}

void trail_forget(struct trail *trail)
{
        trail->begun = trail->foretold = false;
        trail->steps = trail->searching = trail->draws = 0;
        trail->taken = false;
        trail->operation = (struct model_operation){ 0 };
}

static void begin(struct trail *trail, const struct model *model, const struct model_tree *tree)
{
        const struct model_region *region;

        trail_forget(trail);
        trail->begun = true;
        trail->operation = tree->operation;
        trail->name[0] = 0;
        trail->before = (struct vrange){ 0 };
        region = model_region(model, trail->operation.region);
        if (!region)
                return;
        text_copy_name(trail->name, sizeof trail->name, region->name);
        if (region->tree)
                trail->before = model_footprint(region);
}

/*
 * Once a place is chosen the operation goes on down to where the region is linked. Only a verdict after that shows that
 * the search was not over (place near searches twice).
 */
static void tell_search_from_linking(struct trail *trail, enum decision decision)
{
        bool goes_on = decision == GO_LEFT || decision == GO_RIGHT;

        if (!goes_on)
                trail->taken = decision == TAKEN;
        if (trail->operation.kind != SPLIT && !(goes_on && trail->taken))
                trail->searching = trail->steps;
}

static struct error append(struct trail *trail, struct trail_step step)
{
        if (trail->steps == trail->room) {
                size_t room = trail->room ? trail->room * 2 : 32;
                struct trail_step *grown = reallocarray(trail->step, room, sizeof *grown);

                if (!grown)
                        return complain_no_memory();
                trail->step = grown;
                trail->room = room;
        }
        trail->step[trail->steps++] = step;
        tell_search_from_linking(trail, step.decision);
        return SUCCESS;
}

static struct error visit(struct trail *trail, const struct model *model, const struct model_tree *tree,
                          const struct event *event)
{
        struct trail_step step = {
                .region = event->field[EVENT_FIELD(tree_visit, region)],
                .decision = (enum decision)event->field[EVENT_FIELD(tree_visit, decision)],
                .sought = trail->draws ? trail->draw[trail->draws - 1] : trail->operation.address,
                .by_address = !trail_seeks_hole(trail) || (trail->draws && trail->draws <= TRAIL_TRIES),
                .footprint = { tree->range.end, tree->range.end },
                .gap = tree->tail_gap,
        };
        const struct model_region *region = model_region(model, step.region);

        if (region) {
                step.footprint = model_footprint(region);
                step.gap = region->gap;
                for (enum side side = LEFT; side <= RIGHT; side++) {
                        step.child[side] = region->child[side] ? region->child[side]->id : 0;
                        step.max[side] = region->max[side];
                }
        }
        return append(trail, step);
}

struct error trail_follow(struct trail *trail, const struct model *model, const struct event *event)
{
        const struct model_tree *tree = model_tree(model, trail->tree);

        if (model_unknown_since(model)) {
                trail_forget(trail);
                return SUCCESS;
        }
        /* Every tree event begins with the tree's id; the others do not concern the trail. */
        if (!tree || event->type < EVENT_tree_begin || event->type > EVENT_tree_end || event->field[0] != trail->tree)
                return SUCCESS;
        if (event->type == EVENT_tree_begin)
                begin(trail, model, tree);
        if (!trail->begun)
                return SUCCESS;
        trail->operation = tree->operation;
        trail->operation.visit = NULL;
        if (event->type == EVENT_tree_draw) {
                if (trail->draws == TRAIL_DRAWS_MAX)
                        trail->draws--;
                trail->draw[trail->draws++] = event->field[EVENT_FIELD(tree_draw, address)];
        }
        return event->type == EVENT_tree_visit ? visit(trail, model, tree, event) : SUCCESS;
}

uint64_t trail_need(const struct trail *trail)
{
        return trail_pages(trail) + (trail->operation.before + trail->operation.after) / PAGE_SIZE;
}

uint64_t trail_pages(const struct trail *trail)
{
        return trail->operation.size / PAGE_SIZE + (trail->operation.size % PAGE_SIZE != 0);
}

bool trail_seeks_hole(const struct trail *trail)
{
        enum tree_operation kind = trail->operation.kind;

        return kind == PLACE_ANYWHERE || kind == PLACE_NEAR || kind == PLACE_RANDOM;
}

bool trail_places(const struct trail *trail)
{
        return trail_seeks_hole(trail) || trail->operation.kind == PLACE_SPECIFICALLY;
}

bool trail_is_over(const struct trail *trail)
{
        return trail->begun && !trail->operation.in_progress;
}

bool trail_succeeded(const struct trail *trail)
{
        return trail_is_over(trail) && trail->operation.result == ERROR_OK;
}

/* The footprint of a region of the size asked for, were it at `base`. */
struct vrange trail_footprint_at(const struct trail *trail, uint64_t base)
{
        const struct model_operation *operation = &trail->operation;
        struct vrange range;

        if (!vrange_make(&range, base, operation->size) ||
            !vrange_widen(&range, range, operation->before, operation->after))
                return (struct vrange){ base, base };
        return range;
}

struct vrange trail_place(const struct trail *trail)
{
        if (!trail_places(trail) || !trail_succeeded(trail))
                return (struct vrange){ 0 };
        return trail_footprint_at(trail, trail->operation.result_address);
}
