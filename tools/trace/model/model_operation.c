/* The history of the newest operation on a tree: its request, visits and draws, and what came of it. */
#include "model/model_internal.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

/* Copies what is known about the operation's region, before anything changes. */
static void note_region(struct model_operation *operation, const struct model_region *region)
{
        if (!region)
                return;
        snprintf(operation->name, sizeof operation->name, "%s", region->name);
        operation->was_linked = region->tree != NULL;
        if (region->tree)
                operation->footprint = model_footprint(region);
}

struct error model_begin_operation(struct model *model, struct model_tree *tree, const struct event *event)
{
        if (tree->operation.in_progress)
                return REJECT(model, "operation %" PRIu64 " begins before operation %" PRIu64 " has ended",
                              VALUE(event, tree_begin, operation), tree->operation.number);
        tree->operations = VALUE(event, tree_begin, operation);
        tree->operation = (struct model_operation){
                .in_progress = true,
                .number = VALUE(event, tree_begin, operation),
                .cause = VALUE(event, tree_begin, cause),
                .kind = (enum tree_operation)VALUE(event, tree_begin, kind),
                .region = VALUE(event, tree_begin, region),
                .size = VALUE(event, tree_begin, size),
                .alignment = VALUE(event, tree_begin, alignment),
                .before = VALUE(event, tree_begin, before),
                .after = VALUE(event, tree_begin, after),
                .window = { VALUE(event, tree_begin, window_base), VALUE(event, tree_begin, window_end) },
                .address = VALUE(event, tree_begin, address),
                .begin = event->number,
                .cpu = event->cpu,
        };
        note_region(&tree->operation, model_region(model, tree->operation.region));
        if (event->cpu < MODEL_CPUS_MAX)
                model->cpu[event->cpu].tree = tree;
        return SUCCESS;
}

struct error model_end_operation(struct model *model, struct model_tree *tree, const struct event *event)
{
        struct model_operation *operation = &tree->operation;

        if (!operation->in_progress)
                return REJECT(model, "operation %" PRIu64 " ends, but none is in progress",
                              VALUE(event, tree_end, operation));
        if (operation->number != VALUE(event, tree_end, operation))
                return REJECT(model, "operation %" PRIu64 " ends, but operation %" PRIu64 " is in progress",
                              VALUE(event, tree_end, operation), operation->number);
        operation->in_progress = false;
        if (operation->cpu < MODEL_CPUS_MAX && model->cpu[operation->cpu].tree == tree)
                model->cpu[operation->cpu].tree = NULL;
        operation->end = event->number;
        operation->result = (enum error_code)VALUE(event, tree_end, result);
        operation->result_region = VALUE(event, tree_end, region);
        operation->result_address = VALUE(event, tree_end, address);
        return SUCCESS;
}

/* The tree is the first member of its record. */
static struct tree_record *record_of(struct model_tree *tree)
{
        return (struct tree_record *)tree;
}

/*
 * The array with room for one element more than `count`; NULL if there is no memory. It is kept for later operations.
 */
static void *with_room(struct tree_record *record, void *array, size_t count, size_t *room, size_t size)
{
        size_t more = *room + *room / 4 + 16;   /* no more, or one step may go far beyond the memory allowed */
        void *grown;

        if (count < *room)
                return array;
        grown = reallocarray(array, more, size);
        if (grown) {
                *record->counted += (more - *room) * size;
                *room = more;
        }
        return grown;
}

struct error model_add_draw(struct model_tree *tree, struct model_draw added)
{
        struct tree_record *record = record_of(tree);
        struct model_operation *operation = &tree->operation;
        struct model_draw *draw = with_room(record, record->draw, operation->draws, &record->room_for_draws,
                                            sizeof *draw);

        if (!draw)
                return fail_no_memory();
        draw[operation->draws++] = added;
        operation->draw = record->draw = draw;
        return SUCCESS;
}

struct error model_apply_draw(struct model_tree *tree, const struct event *event)
{
        return model_add_draw(tree, (struct model_draw){ VALUE(event, tree_draw, address), event->number });
}

/* Records a visit, with the present values of the node. */
static struct model_visit visit_now(const struct model *model, const struct model_tree *tree, const struct event *event)
{
        const struct model_operation *operation = &tree->operation;
        struct model_visit visit = {
                .region = VALUE(event, tree_visit, region),
                .decision = (enum decision)VALUE(event, tree_visit, decision),
                .skipped = (enum skip)VALUE(event, tree_visit, skipped),
                .event = event->number,
                .draws = operation->draws,
                .address = operation->draws ? operation->draw[operation->draws - 1].address : operation->address,
                .footprint = { tree->range.end, tree->range.end },
        };
        const struct model_region *region = model_region(model, visit.region);

        visit.gap = model_gap(tree, region);

        if (!region)
                return visit;
        visit.footprint = model_footprint(region);
        for (enum side side = LEFT; side <= RIGHT; side++) {
                visit.child[side] = region->child[side] ? region->child[side]->id : 0;
                visit.max[side] = region->max[side];
        }
        return visit;
}

struct error model_add_visit(struct model_tree *tree, struct model_visit added)
{
        struct tree_record *record = record_of(tree);
        struct model_operation *operation = &tree->operation;
        struct model_visit *visit = with_room(record, record->visit, operation->visits, &record->room_for_visits,
                                              sizeof *visit);

        if (!visit)
                return fail_no_memory();
        visit[operation->visits++] = added;
        operation->visit = record->visit = visit;
        return SUCCESS;
}

void model_forget_course(struct model_tree *tree)
{
        struct tree_record *record = record_of(tree);

        *record->counted -= record->room_for_visits * sizeof *record->visit + record->room_for_draws * sizeof *record->draw;
        free(record->visit);
        free(record->draw);
        record->visit = NULL;
        record->draw = NULL;
        record->room_for_visits = record->room_for_draws = 0;
        tree->operation.visit = NULL;
        tree->operation.draw = NULL;
        tree->operation.visits = tree->operation.draws = 0;
}

void model_leave_out_visits(struct model *model, uint64_t id, uint64_t before)
{
        struct model_tree *tree = model_tree(model, id);

        if (tree && record_of(tree)->visits_from < before)
                record_of(tree)->visits_from = before;
}

struct error model_apply_visit(const struct model *model, struct model_tree *tree, const struct event *event)
{
        if (event->number < record_of(tree)->visits_from)
                return SUCCESS;
        return model_add_visit(tree, visit_now(model, tree, event));
}
