#include "model/model_internal.h"

#include <stdlib.h>

/* --- regions ---------------------------------------------------------------------------------------------- */

bool model_saves_nodes(const struct model_tree *tree)
{
        return !tree->gone && !tree->unknown;
}

static struct error save_region(const struct model_region *region, struct model_sink sink)
{
        return PUT(sink, saved_region, region->name, region->id, region->range.base, region->range.end,
                   region->protection, region->before, region->after, region->colour, region->gap, region->max[LEFT],
                   region->max[RIGHT], region->changed_by);
}

static int by_id(const void *a, const void *b)
{
        const struct model_region *const *left = a, *const *right = b;

        return ((*left)->id > (*right)->id) - ((*left)->id < (*right)->id);
}

/* In the order of their ids. */
static struct error save_regions(const struct model *model, struct model_sink sink)
{
        const struct model_region **sorted = calloc(model->regions.used + 1, sizeof *sorted);
        struct error error = SUCCESS;
        size_t position = 0, count = 0;

        if (!sorted)
                return fail_no_memory();
        while ((sorted[count] = dense_map_walk(&model->regions, &position)))
                count++;
        qsort(sorted, count, sizeof *sorted, by_id);
        for (size_t i = 0; i < count && !error.code; i++)
                error = save_region(sorted[i], sink);
        free(sorted);
        return error;
}

/* --- trees, spaces and tasks ------------------------------------------------------------------------------ */

static struct error save_trees(const struct model *model, struct model_sink sink)
{
        const struct model_tree *tree;

        for (size_t i = 0; (tree = model_tree_at(model, i)); i++)
                TRY(PUT(sink, saved_tree, NULL, tree->id, tree->space, tree->range.base, tree->range.end,
                        tree->promises, tree->operations, tree->tail_gap, tree->gone, tree->unknown, tree->is_list));
        return SUCCESS;
}

static struct error save_spaces(const struct model *model, struct model_sink sink)
{
        const struct model_space *space;

        for (size_t i = 0; (space = model_space_at(model, i)); i++)
                TRY(PUT(sink, saved_space, space->name, space->id, space->tree, space->gone, space->in_progress,
                        space->cpu, space->operation, space->kind, space->base, space->size, space->protection,
                        space->parent, space->begin, space->has_moved));
        return SUCCESS;
}

static struct error save_tasks(const struct model *model, struct model_sink sink)
{
        const struct model_task *task;

        for (size_t i = 0; (task = model_task_at(model, i)); i++)
                TRY(PUT(sink, saved_task, task->name, task->id, task->process, task->space, task->running, task->cpu,
                        task->woken, task->exited, task->status, task->in_call, task->call, task->is_shown));
        return SUCCESS;
}

static struct error save_allocator(const struct model_allocator *allocator, struct model_sink sink)
{
        TRY(PUT(sink, saved_allocator, NULL, allocator->id, allocator->tree, allocator->range.base,
                allocator->range.end, allocator->gone, allocator->unknown));
        for (size_t i = 0; i < allocator->count; i++)
                TRY(PUT(sink, saved_free_range, NULL, allocator->id, allocator->free[i].base, allocator->free[i].end));
        return SUCCESS;
}

static int by_allocator_id(const void *a, const void *b)
{
        const struct model_allocator *const *left = a, *const *right = b;

        return ((*left)->id > (*right)->id) - ((*left)->id < (*right)->id);
}

static struct error save_allocators(const struct model *model, struct model_sink sink)
{
        const struct model_allocator **sorted = calloc(model->allocators.used + 1, sizeof *sorted);
        struct error error = SUCCESS;
        size_t position = 0, count = 0;

        if (!sorted)
                return fail_no_memory();
        while ((sorted[count] = id_map_walk(&model->allocators, &position)))
                count++;
        qsort(sorted, count, sizeof *sorted, by_allocator_id);
        for (size_t i = 0; i < count && !error.code; i++)
                error = save_allocator(sorted[i], sink);
        free(sorted);
        return error;
}

/* --- the keyframe ----------------------------------------------------------------------------------------- */

static struct error save_node(const struct model_tree *tree, const struct model_region *node, struct model_sink sink)
{
        enum side side = node->parent && node->parent->child[RIGHT] == node ? RIGHT : LEFT;

        return keyframe_save_node(node, NULL, tree->id, node->parent ? node->parent->id : 0, side, sink);
}

const struct model_region *model_next_before_children(const struct model_region *node)
{
        if (node->child[LEFT])
                return node->child[LEFT];
        while (node && !node->child[RIGHT]) {
                while (node->parent && node->parent->child[RIGHT] == node)
                        node = node->parent;
                node = node->parent;
        }
        return node ? node->child[RIGHT] : NULL;
}

static struct error save_nodes(const struct model_tree *tree, struct model_sink sink)
{
        TRY(keyframe_save_tree(tree, 0, sink));
        for (const struct model_region *node = tree->root; node; node = model_next_before_children(node))
                TRY(save_node(tree, node, sink));
        return SUCCESS;
}

static struct error save_keyframe(const struct model *model, struct model_sink sink)
{
        const struct model_space *space;
        const struct model_tree *tree;
        uint64_t spaces = 0, nodes = 0;

        for (size_t i = 0; (space = model_space_at(model, i)); i++)
                spaces += !space->gone;
        TRY(PUT(sink, keyframe_begin, NULL, spaces));
        for (size_t i = 0; (space = model_space_at(model, i)); i++)
                if (!space->gone)
                        TRY(keyframe_save_space(space, sink));
        for (size_t i = 0; (tree = model_tree_at(model, i)); i++) {
                if (!model_saves_nodes(tree))
                        continue;
                TRY(save_nodes(tree, sink));
                nodes += tree->regions;
        }
        return PUT(sink, keyframe_end, NULL, nodes);
}

/* --- operations on trees ---------------------------------------------------------------------------------- */

static struct error save_visit(const struct model_tree *tree, const struct model_visit *visit, struct model_sink sink)
{
        return PUT(sink, saved_visit, NULL, tree->id, visit->region, visit->decision, visit->skipped, visit->event,
                   visit->draws, visit->address, visit->footprint.base, visit->footprint.end, visit->gap,
                   visit->child[LEFT], visit->child[RIGHT], visit->max[LEFT], visit->max[RIGHT]);
}

static struct error save_operation(const struct model_tree *tree, struct model_sink sink)
{
        const struct model_operation *from = &tree->operation;

        if (!from->begin)
                return SUCCESS;
        TRY(PUT(sink, saved_request, from->name, tree->id, from->in_progress, from->number, from->cause, from->kind,
                from->region, from->size, from->alignment, from->before, from->after, from->window.base,
                from->window.end, from->address, from->begin, from->cpu));
        TRY(PUT(sink, saved_course, NULL, tree->id, from->was_linked, from->footprint.base, from->footprint.end,
                from->result, from->result_region, from->result_address, from->end, from->rotations,
                from->recolourings, from->links, from->unlinks));
        for (size_t i = 0; i < from->draws; i++)
                TRY(PUT(sink, saved_draw, NULL, tree->id, from->draw[i].address, from->draw[i].event));
        for (size_t i = 0; i < from->visits; i++)
                TRY(save_visit(tree, &from->visit[i], sink));
        return SUCCESS;
}

static struct error save_question(const struct model_tree *tree, struct model_sink sink)
{
        const struct model_question *from = &tree->question;

        if (!from->event)
                return SUCCESS;
        return PUT(sink, saved_question, NULL, tree->id, from->is_open, from->authority, from->question, from->base,
                   from->size, from->event, from->result, from->answer);
}

static struct error save_operations(const struct model *model, struct model_sink sink)
{
        const struct model_tree *tree;

        for (size_t i = 0; (tree = model_tree_at(model, i)); i++) {
                TRY(save_operation(tree, sink));
                TRY(save_question(tree, sink));
        }
        return SUCCESS;
}

/* --- what a loss has left --------------------------------------------------------------------------------- */

static struct error save_unconfirmed(const struct model *model, struct model_sink sink)
{
        const struct model_space *space;
        const struct model_tree *tree;

        for (size_t i = 0; (tree = model_tree_at(model, i)); i++)
                if (model_tree_knowledge(model, tree) == KNOWN_ONCE)
                        TRY(PUT(sink, saved_unconfirmed, NULL, tree->id, 0));
        for (size_t i = 0; (space = model_space_at(model, i)); i++)
                if (!model_space_is_known(model, space))
                        TRY(PUT(sink, saved_unconfirmed, NULL, 0, space->id));
        return SUCCESS;
}

/* --- cpus and locks --------------------------------------------------------------------------------------- */

static struct error save_cpus(const struct model *model, struct model_sink sink)
{
        for (unsigned i = 0; i < MODEL_CPUS_MAX; i++) {
                const struct model_cpu *cpu = &model->cpu[i];

                if (cpu->running || cpu->tree || cpu->in_interrupt || cpu->vector)
                        TRY(PUT(sink, saved_cpu, NULL, i, cpu->running ? cpu->running->id : 0,
                                cpu->tree ? cpu->tree->id : 0, cpu->in_interrupt, cpu->vector));
        }
        return SUCCESS;
}

static struct error save_lock(const struct model_lock *lock, struct model_sink sink)
{
        return PUT(sink, saved_lock, NULL, lock->class, lock->address, lock->turn, lock->held, lock->cpu, lock->since);
}

/* How many locks a cpu acquired and still holds before this one. */
static size_t held_before(const struct model_lock *lock)
{
        size_t before = 0;

        while ((lock = lock->next))
                before++;
        return before;
}

/* Those that are free first; those of a cpu in the order in which it acquired them. */
static int by_holder(const void *a, const void *b)
{
        const struct model_lock *left = *(const struct model_lock *const *)a;
        const struct model_lock *right = *(const struct model_lock *const *)b;

        if (left->held != right->held)
                return left->held ? 1 : -1;
        if (!left->held)
                return (left->address > right->address) - (left->address < right->address);
        if (left->cpu != right->cpu)
                return left->cpu > right->cpu ? 1 : -1;
        return held_before(left) > held_before(right) ? 1 : -1;
}

static struct error save_locks(const struct model *model, struct model_sink sink)
{
        const struct model_lock **sorted = calloc(model->locks.used + 1, sizeof *sorted);
        struct error error = SUCCESS;
        size_t position = 0, count = 0;

        if (!sorted)
                return fail_no_memory();
        while ((sorted[count] = id_map_walk(&model->locks, &position)))
                count++;
        qsort(sorted, count, sizeof *sorted, by_holder);
        for (size_t i = 0; i < count && !error.code; i++)
                error = save_lock(sorted[i], sink);
        free(sorted);
        return error;
}

static struct error save_waits(const struct model *model, struct model_sink sink)
{
        for (unsigned i = 0; i < MODEL_CPUS_MAX; i++) {
                const struct model_cpu *cpu = &model->cpu[i];

                if (cpu->wanted)
                        TRY(PUT(sink, saved_wait, NULL, i, cpu->wanted->address, cpu->wanted_since));
        }
        return SUCCESS;
}

/* --- all -------------------------------------------------------------------------------------------------- */

static struct error save_categories(const struct model *model, struct model_sink sink)
{
        if (model->unsent == UNSENT_AT_FIRST)
                return SUCCESS;
        return PUT(sink, categories_chosen, NULL, model_categories(model));
}

static struct error save_objects(const struct model *model, struct model_sink sink)
{
        TRY(save_trees(model, sink));
        TRY(save_spaces(model, sink));
        TRY(save_tasks(model, sink));
        return save_allocators(model, sink);
}

/* What needs to know regions and nodes when it is loaded. */
static struct error save_the_rest(const struct model *model, struct model_sink sink)
{
        TRY(save_operations(model, sink));
        TRY(save_unconfirmed(model, sink));
        TRY(save_cpus(model, sink));
        TRY(save_locks(model, sink));
        TRY(save_waits(model, sink));
        if (model->script_name)
                TRY(PUT(sink, saved_script, model->script_name, model->script_line));
        TRY(PUT(sink, saved_model, NULL, model->unknown_since, model->has_lost));
        return keyframe_save(&model->keyframe, model->losses, sink);
}

struct error model_save(const struct model *model, struct model_sink sink)
{
        TRY(save_categories(model, sink));
        TRY(save_regions(model, sink));
        TRY(save_objects(model, sink));
        TRY(save_keyframe(model, sink));
        return save_the_rest(model, sink);
}

struct error model_save_around_nodes(const struct model *model, struct model_sink sink, model_put_nodes *put_nodes)
{
        TRY(save_categories(model, sink));
        TRY(save_objects(model, sink));
        TRY(put_nodes(sink.context, model));
        return save_the_rest(model, sink);
}

bool model_is_between(const struct model *model)
{
        const struct model_tree *tree;

        if (model->keyframe.open)
                return false;
        for (size_t i = 0; (tree = model_tree_at(model, i)); i++)
                if (tree->operation.in_progress)
                        return false;
        return true;
}
