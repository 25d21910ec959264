/*
 * Applies the events of saved_events.def. They only add what the model does not have yet, so a stream that has them at
 * a place where they do not belong changes nothing that other events said.
 */
#include "model/model_internal.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

static struct error need_absent(struct model *model, const void *object, const char *what, uint64_t id)
{
        if (!id || object)
                return REJECT(model, "%s %" PRIu64 " was saved, but %s", what, id,
                              id ? "there is one already" : "0 means none");
        return SUCCESS;
}

static struct error load_region(struct model *model, const struct event *event)
{
        uint64_t id = VALUE(event, saved_region, region);
        struct model_region *region;

        TRY(need_absent(model, model_region(model, id), "region", id));
        if (VALUE(event, saved_region, colour) > RED)
                return REJECT(model, "region %" PRIu64 " was saved with no proper colour", id);
        TRY(model_add_region(model, id, event->text, &region));
        region->range = (struct vrange){ VALUE(event, saved_region, base), VALUE(event, saved_region, end) };
        region->protection = (enum protection)VALUE(event, saved_region, protection);
        region->before = VALUE(event, saved_region, before);
        region->after = VALUE(event, saved_region, after);
        region->colour = (enum colour)VALUE(event, saved_region, colour);
        region->gap = VALUE(event, saved_region, gap);
        region->max[LEFT] = VALUE(event, saved_region, max_left);
        region->max[RIGHT] = VALUE(event, saved_region, max_right);
        region->changed_by = VALUE(event, saved_region, changed_by);
        return SUCCESS;
}

static struct error load_tree(struct model *model, const struct event *event)
{
        uint64_t id = VALUE(event, saved_tree, tree);
        struct model_tree *tree;

        TRY(need_absent(model, model_tree(model, id), "tree", id));
        TRY(model_add_tree(model, id, &tree));
        tree->space = VALUE(event, saved_tree, space);
        tree->range = (struct vrange){ VALUE(event, saved_tree, base), VALUE(event, saved_tree, end) };
        tree->promises = (enum promise)VALUE(event, saved_tree, promises);
        tree->operations = VALUE(event, saved_tree, operations);
        tree->tail_gap = VALUE(event, saved_tree, tail_gap);
        tree->gone = VALUE(event, saved_tree, destroyed) != 0;
        tree->unknown = VALUE(event, saved_tree, unknown) != 0;
        tree->is_list = VALUE(event, saved_tree, is_list) != 0;
        model_note_tree(model, tree);
        return SUCCESS;
}

static struct error load_space(struct model *model, const struct event *event)
{
        uint64_t id = VALUE(event, saved_space, space);
        struct model_space *space;

        TRY(need_absent(model, model_space(model, id), "space", id));
        TRY(model_add_space(model, id, event->text, &space));
        space->tree = VALUE(event, saved_space, tree);
        space->gone = VALUE(event, saved_space, destroyed) != 0;
        space->cpu = (unsigned)VALUE(event, saved_space, cpu);
        space->has_moved = VALUE(event, saved_space, has_moved) != 0;
        if (VALUE(event, saved_space, in_progress))
                model_space_enter(model, space, space->cpu, space->has_moved ? MAY_HAVE_MOVED : STAYS_ON_ITS_CPU);
        space->begin = VALUE(event, saved_space, begin);
        space->operation = VALUE(event, saved_space, operation);
        space->kind = (enum space_operation)VALUE(event, saved_space, kind);
        space->base = VALUE(event, saved_space, base);
        space->size = VALUE(event, saved_space, size);
        space->protection = (enum protection)VALUE(event, saved_space, protection);
        space->parent = VALUE(event, saved_space, parent);
        return SUCCESS;
}

static struct error load_task(struct model *model, const struct event *event)
{
        uint64_t id = VALUE(event, saved_task, task);
        struct model_task *task;

        TRY(need_absent(model, model_task(model, id), "task", id));
        TRY(model_add_task(model, id, event->text, &task));
        task->process = VALUE(event, saved_task, process);
        task->space = VALUE(event, saved_task, space);
        task->running = VALUE(event, saved_task, running) != 0;
        task->cpu = (unsigned)VALUE(event, saved_task, cpu);
        task->woken = VALUE(event, saved_task, woken);
        task->exited = VALUE(event, saved_task, exited) != 0;
        task->status = VALUE(event, saved_task, status);
        task->in_call = VALUE(event, saved_task, in_call) != 0;
        task->call = (enum system_call)VALUE(event, saved_task, call);
        task->is_shown = VALUE(event, saved_task, is_shown) != 0;
        return SUCCESS;
}

/* --- operations on trees ---------------------------------------------------------------------------------- */

/* A tree that was saved, and has no operation yet. */
static struct error load_request(struct model *model, const struct event *event)
{
        uint64_t id = VALUE(event, saved_request, tree);
        struct model_tree *tree = model_tree(model, id);
        struct model_operation *operation;

        if (!tree || tree->operation.begin)
                return REJECT(model, "an operation was saved of tree %" PRIu64 ", which %s", id,
                              tree ? "has one already" : "is not known");
        operation = &tree->operation;
        *operation = (struct model_operation){
                .in_progress = VALUE(event, saved_request, in_progress) != 0,
                .number = VALUE(event, saved_request, operation),
                .cause = VALUE(event, saved_request, cause),
                .kind = (enum tree_operation)VALUE(event, saved_request, kind),
                .region = VALUE(event, saved_request, region),
                .size = VALUE(event, saved_request, size),
                .alignment = VALUE(event, saved_request, alignment),
                .before = VALUE(event, saved_request, before),
                .after = VALUE(event, saved_request, after),
                .window = { VALUE(event, saved_request, window_base), VALUE(event, saved_request, window_end) },
                .address = VALUE(event, saved_request, address),
                .begin = VALUE(event, saved_request, begin),
                .cpu = (unsigned)VALUE(event, saved_request, cpu),
        };
        if (event->text)
                strncpy(operation->name, event->text, sizeof operation->name - 1);
        return SUCCESS;
}

/* The tree of an event that completes an operation. */
static struct error need_operation(struct model *model, uint64_t id, struct model_tree **out)
{
        *out = model_tree(model, id);
        if (!*out || !(*out)->operation.begin)
                return REJECT(model, "part of an operation was saved of tree %" PRIu64 ", which has none", id);
        return SUCCESS;
}

static struct error load_course(struct model *model, const struct event *event)
{
        struct model_operation *operation;
        struct model_tree *tree;

        TRY(need_operation(model, VALUE(event, saved_course, tree), &tree));
        operation = &tree->operation;
        operation->was_linked = VALUE(event, saved_course, was_linked) != 0;
        operation->footprint = (struct vrange){ VALUE(event, saved_course, base), VALUE(event, saved_course, end) };
        operation->result = (enum error_code)VALUE(event, saved_course, result);
        operation->result_region = VALUE(event, saved_course, result_region);
        operation->result_address = VALUE(event, saved_course, result_address);
        operation->end = VALUE(event, saved_course, finished);
        operation->rotations = VALUE(event, saved_course, rotations);
        operation->recolourings = VALUE(event, saved_course, recolourings);
        operation->links = VALUE(event, saved_course, links);
        operation->unlinks = VALUE(event, saved_course, unlinks);
        return SUCCESS;
}

static struct error load_visit(struct model *model, const struct event *event)
{
        struct model_tree *tree;

        TRY(need_operation(model, VALUE(event, saved_visit, tree), &tree));
        return model_add_visit(tree, (struct model_visit){
                .region = VALUE(event, saved_visit, region),
                .decision = (enum decision)VALUE(event, saved_visit, decision),
                .skipped = (enum skip)VALUE(event, saved_visit, skipped),
                .event = VALUE(event, saved_visit, event),
                .draws = VALUE(event, saved_visit, draws),
                .address = VALUE(event, saved_visit, address),
                .footprint = { VALUE(event, saved_visit, base), VALUE(event, saved_visit, end) },
                .gap = VALUE(event, saved_visit, gap),
                .child = { VALUE(event, saved_visit, left), VALUE(event, saved_visit, right) },
                .max = { VALUE(event, saved_visit, max_left), VALUE(event, saved_visit, max_right) },
        });
}

static struct error load_draw(struct model *model, const struct event *event)
{
        struct model_tree *tree;

        TRY(need_operation(model, VALUE(event, saved_draw, tree), &tree));
        return model_add_draw(tree, (struct model_draw){ VALUE(event, saved_draw, address),
                                                         VALUE(event, saved_draw, event) });
}

/* --- early kernels ---------------------------------------------------------------------------------------- */

static struct error load_question(struct model *model, const struct event *event)
{
        struct model_tree *tree = model_tree(model, VALUE(event, saved_question, tree));

        if (!tree || tree->question.event)
                return REJECT(model, "a question was saved of tree %" PRIu64 ", which %s",
                              VALUE(event, saved_question, tree), tree ? "has one already" : "is not known");
        tree->question = (struct model_question){
                .is_open = VALUE(event, saved_question, open) != 0,
                .authority = (enum authority)VALUE(event, saved_question, authority),
                .question = (enum question)VALUE(event, saved_question, question),
                .base = VALUE(event, saved_question, base),
                .size = VALUE(event, saved_question, size),
                .event = VALUE(event, saved_question, event),
                .result = (enum error_code)VALUE(event, saved_question, result),
                .answer = VALUE(event, saved_question, answer),
        };
        return SUCCESS;
}

static struct error load_allocator(struct model *model, const struct event *event)
{
        uint64_t id = VALUE(event, saved_allocator, allocator);
        struct model_tree *tree = model_tree(model, VALUE(event, saved_allocator, tree));
        bool is_gone = VALUE(event, saved_allocator, destroyed) != 0;
        struct model_allocator *allocator;

        TRY(need_absent(model, model_allocator(model, id), "allocator", id));
        TRY(model_add_allocator(model, id, VALUE(event, saved_allocator, tree), &allocator));
        allocator->range = (struct vrange){ VALUE(event, saved_allocator, base), VALUE(event, saved_allocator, end) };
        allocator->gone = is_gone;
        allocator->unknown = VALUE(event, saved_allocator, unknown) != 0;
        if (tree && !is_gone)
                tree->allocator = allocator;
        return SUCCESS;
}

static struct error load_free_range(struct model *model, const struct event *event)
{
        struct model_allocator *allocator = model_allocator(model, VALUE(event, saved_free_range, allocator));
        struct vrange range = { VALUE(event, saved_free_range, base), VALUE(event, saved_free_range, end) };

        if (!allocator || allocator->gone || vrange_is_empty(range) ||
            (allocator->count && allocator->free[allocator->count - 1].end >= range.base))
                return REJECT(model, "the saved free range at %s is not behind the one before it",
                              format_address(range.base));
        return model_add_free_range(model, allocator, range);
}

/* --- cpus, locks, the script ------------------------------------------------------------------------------ */

static struct error load_cpu(struct model *model, const struct event *event)
{
        uint64_t index = VALUE(event, saved_cpu, cpu), task = VALUE(event, saved_cpu, task);
        uint64_t tree = VALUE(event, saved_cpu, tree);
        struct model_cpu *cpu;

        if (index >= MODEL_CPUS_MAX || (task && !model_task(model, task)) || (tree && !model_tree(model, tree)))
                return REJECT(model, "cpu %" PRIu64 " was saved with a task or tree that is not known", index);
        cpu = &model->cpu[index];
        cpu->running = model_task(model, task);
        cpu->tree = model_tree(model, tree);
        cpu->in_interrupt = VALUE(event, saved_cpu, in_interrupt) != 0;
        cpu->vector = VALUE(event, saved_cpu, vector);
        return SUCCESS;
}

static struct error load_lock(struct model *model, const struct event *event)
{
        uint64_t address = VALUE(event, saved_lock, address), cpu = VALUE(event, saved_lock, cpu);
        struct model_lock *lock;

        if (model_lock(model, address) || cpu >= MODEL_CPUS_MAX)
                return REJECT(model, "the lock at %s was saved twice, or with no proper cpu", format_address(address));
        TRY(model_add_lock(model, address, &lock));
        lock->class = (enum lock_class)VALUE(event, saved_lock, lock);
        lock->turn = VALUE(event, saved_lock, turn);
        lock->cpu = (unsigned)cpu;
        lock->since = VALUE(event, saved_lock, since);
        if (VALUE(event, saved_lock, held))
                model_hold_lock(model, lock);
        return SUCCESS;
}

static struct error load_wait(struct model *model, const struct event *event)
{
        uint64_t cpu = VALUE(event, saved_wait, cpu);
        struct model_lock *lock = model_lock(model, VALUE(event, saved_wait, address));

        if (!lock || cpu >= MODEL_CPUS_MAX)
                return REJECT(model, "cpu %" PRIu64 " was saved waiting for a lock that was not saved", cpu);
        model_want_lock(&model->cpu[cpu], lock, VALUE(event, saved_wait, since));
        return SUCCESS;
}

static struct error load_script(struct model *model, const struct event *event)
{
        char *name = strdup(event->text ? event->text : "");

        if (!name)
                return fail_no_memory();
        free(model->script_name);
        model->script_name = name;
        model->script_line = VALUE(event, saved_script, line);
        return SUCCESS;
}

static struct error load_unconfirmed(struct model *model, const struct event *event)
{
        struct model_tree *tree = model_tree(model, VALUE(event, saved_unconfirmed, tree));
        struct model_space *space = model_space(model, VALUE(event, saved_unconfirmed, space));

        if (tree)
                tree->losses = model->losses - 1;
        if (space)
                space->losses = model->losses - 1;
        return SUCCESS;
}

/* In a recording that begins with a saved model, the numbers of missing events are others than when it was saved. */
static struct error load_model(struct model *model, const struct event *event)
{
        if (!model->unknown_since)
                model->unknown_since = VALUE(event, saved_model, unknown_since);
        model->has_lost |= VALUE(event, saved_model, has_lost) != 0;
        return SUCCESS;
}

struct error model_apply_saved_event(struct model *model, const struct event *event)
{
        switch ((int)event->type) {
        case EVENT_saved_region:
                return load_region(model, event);
        case EVENT_saved_tree:
                return load_tree(model, event);
        case EVENT_saved_space:
                return load_space(model, event);
        case EVENT_saved_task:
                return load_task(model, event);
        case EVENT_saved_request:
                return load_request(model, event);
        case EVENT_saved_course:
                return load_course(model, event);
        case EVENT_saved_visit:
                return load_visit(model, event);
        case EVENT_saved_draw:
                return load_draw(model, event);
        case EVENT_saved_question:
                return load_question(model, event);
        case EVENT_saved_allocator:
                return load_allocator(model, event);
        case EVENT_saved_free_range:
                return load_free_range(model, event);
        case EVENT_saved_cpu:
                return load_cpu(model, event);
        case EVENT_saved_lock:
                return load_lock(model, event);
        case EVENT_saved_wait:
                return load_wait(model, event);
        case EVENT_saved_script:
                return load_script(model, event);
        case EVENT_saved_unconfirmed:
                return load_unconfirmed(model, event);
        case EVENT_saved_keyframe:
                model->keyframe.shown = VALUE(event, saved_keyframe, nodes);
                model->keyframe.spaces_before = VALUE(event, saved_keyframe, spaces);
                model->keyframe.cpu = (unsigned)VALUE(event, saved_keyframe, cpu);
                model->keyframe.attempts = (unsigned)VALUE(event, saved_keyframe, attempts);
                model->keyframe.losses = model->losses - (VALUE(event, saved_keyframe, has_lost) != 0);
                return SUCCESS;
        default:
                return load_model(model, event);
        }
}
