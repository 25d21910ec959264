#include "base/error_message.h"
#include "perfetto/perfetto_timeline_internal.h"
#include "stream/event_table.h"

#include <stdlib.h>

/* What a search did at one point: it visited a node, or drew an address. */
struct step {
        bool is_draw;
        uint64_t region;                        /* 0: the tail gap */
        uint64_t gap;                           /* as it was then, in pages */
        uint64_t decision;
        uint64_t skipped;                       /* a child's subtree, and why; SKIPPED_NONE */
        uint64_t address;                       /* drawn */
};

/*
 * An operation that is not shown yet. All its events have one time in the stream, so it waits until the next event has
 * told how long it took at most, and its steps are spread evenly over that. Each has a time of its own: a viewer would
 * nest those that have the same.
 */
struct shown_operation {
        uint64_t tree;
        uint64_t begin;                         /* ns */
        bool open;                              /* begun, and not shown yet */
        size_t steps, room;
        struct step *step;
};

/* --- gathering -------------------------------------------------------------------------------------------- */

static struct error operation_of(struct timeline *timeline, uint64_t tree, struct shown_operation **out)
{
        *out = id_map_get(&timeline->operations, tree);
        if (*out)
                return SUCCESS;
        *out = calloc(1, sizeof **out);
        if (!*out || id_map_put(&timeline->operations, tree, *out).code) {
                free(*out);
                return fail_no_memory();
        }
        (*out)->tree = tree;
        return SUCCESS;
}

static struct error add_step(struct shown_operation *operation, const struct step *step)
{
        if (operation->steps == operation->room) {
                size_t room = 2 * operation->room + 16;
                struct step *grown = reallocarray(operation->step, room, sizeof *grown);

                if (!grown)
                        return fail_no_memory();
                operation->step = grown;
                operation->room = room;
        }
        operation->step[operation->steps++] = *step;
        return SUCCESS;
}

static struct error add_visit(const struct timeline *timeline, struct shown_operation *operation, uint64_t id,
                              enum decision decision, enum skip skipped)
{
        const struct model_region *region = model_region(timeline->model, id);
        const struct model_tree *tree = model_tree(timeline->model, operation->tree);

        return add_step(operation, &(struct step){
                .region = id,
                .gap = !id || region ? model_gap(tree, region) : 0,
                .decision = decision,
                .skipped = skipped,
        });
}

struct error timeline_tree_event(struct timeline *timeline, const struct event *event)
{
        const struct model_tree *tree = model_tree(timeline->model, event->field[0]);   /* always the first field */
        struct shown_operation *operation;

        if (!tree || tree->unknown)
                return SUCCESS;
        TRY(operation_of(timeline, tree->id, &operation));
        switch (event->type) {
        case EVENT_tree_begin:
                operation->open = true;
                operation->begin = timeline->now;
                operation->steps = 0;
                return SUCCESS;
        case EVENT_tree_visit:
                return add_visit(timeline, operation, VALUE(event, tree_visit, region),
                                 VALUE(event, tree_visit, decision), VALUE(event, tree_visit, skipped));
        case EVENT_list_visit:
                return add_visit(timeline, operation, VALUE(event, list_visit, region),
                                 VALUE(event, list_visit, decision), SKIPPED_NONE);
        case EVENT_tree_draw:
                return add_step(operation, &(struct step){
                        .is_draw = true,
                        .address = VALUE(event, tree_draw, address),
                });
        case EVENT_tree_end:
                timeline->done = operation;
                return SUCCESS;
        default:
                return SUCCESS;
        }
}

/* --- showing ---------------------------------------------------------------------------------------------- */

static void note_region(struct timeline *timeline, const char *name, uint64_t id)
{
        const struct model_region *region = model_region(timeline->model, id);

        perfetto_note_text(timeline->file, name, timeline_name(region ? region->name : NULL, "region", id));
}

static void note_request(struct timeline *timeline, const struct model_operation *operation)
{
        struct perfetto_file *file = timeline->file;

        perfetto_note_number(file, "operation", operation->number);
        perfetto_note_number(file, "cause", operation->cause);
        if (operation->region)
                note_region(timeline, "region", operation->region);
        perfetto_note_number(file, "size", operation->size);
        perfetto_note_number(file, "alignment", operation->alignment);
        perfetto_note_number(file, "guard_before", operation->before);
        perfetto_note_number(file, "guard_after", operation->after);
        perfetto_note_address(file, "window_base", operation->window.base);
        perfetto_note_address(file, "window_end", operation->window.end);
        perfetto_note_address(file, "address", operation->address);
}

static void note_outcome(struct timeline *timeline, const struct model_operation *operation)
{
        struct perfetto_file *file = timeline->file;

        perfetto_note_text(file, "result",
                           operation->in_progress ? "unknown" : error_code_name(operation->result));
        if (!operation->in_progress && operation->result_region) {
                note_region(timeline, "result_region", operation->result_region);
                perfetto_note_address(file, "result_address", operation->result_address);
        }
        perfetto_note_number(file, "visits", operation->visits);
        perfetto_note_number(file, "rotations", operation->rotations);
        perfetto_note_number(file, "recolourings", operation->recolourings);
}

static void show_step(struct timeline *timeline, uint64_t track, const struct step *step, uint64_t ns)
{
        struct perfetto_file *file = timeline->file;

        if (step->is_draw) {
                perfetto_instant(file, track, ns, "tree", "draw");
                perfetto_note_address(file, "address", step->address);
        } else {
                perfetto_instant(file, track, ns, "tree", decision_name(step->decision));
                if (step->region)
                        note_region(timeline, "region", step->region);
                else
                        perfetto_note_text(file, "region", "tail gap");
                perfetto_note_number(file, "gap", step->gap * PAGE_SIZE);
                if (step->skipped != SKIPPED_NONE)
                        perfetto_note_text(file, "skipped", skip_name(step->skipped));
        }
        perfetto_close(file);
}

static bool changed_the_tree(const struct model_operation *operation)
{
        return operation->kind != FIND && operation->result == ERROR_OK && !operation->in_progress;
}

static void show(struct timeline *timeline, struct shown_operation *shown)
{
        const struct model_tree *tree = model_tree(timeline->model, shown->tree);
        uint64_t track = timeline_track(timeline, TRACK_TREE, tree->id);
        uint64_t at_least = shown->begin + shown->steps + 1;
        uint64_t end = timeline->now > at_least ? timeline->now : at_least;
        uint64_t stride = (end - shown->begin) / (shown->steps + 1);

        timeline_known_again(timeline, track, shown->begin);
        perfetto_begin(timeline->file, track, shown->begin, "tree", tree_operation_name(tree->operation.kind));
        note_request(timeline, &tree->operation);
        note_outcome(timeline, &tree->operation);
        perfetto_close(timeline->file);
        for (size_t i = 0; i < shown->steps; i++)
                show_step(timeline, track, &shown->step[i], shown->begin + (i + 1) * stride);
        perfetto_end_all_of(timeline->file, track, end);
        if (changed_the_tree(&tree->operation))
                timeline_sample_tree(timeline, tree, end);
        shown->open = false;
}

void timeline_show_done(struct timeline *timeline)
{
        if (timeline->done)
                show(timeline, timeline->done);
        timeline->done = NULL;
}

void timeline_show_unfinished(struct timeline *timeline)
{
        struct shown_operation *operation;
        size_t position = 0;

        timeline_show_done(timeline);
        while ((operation = id_map_walk(&timeline->operations, &position)))
                if (operation->open)
                        show(timeline, operation);
}

void timeline_forget_operations(struct timeline *timeline)
{
        struct shown_operation *operation;
        size_t position = 0;

        while ((operation = id_map_walk(&timeline->operations, &position))) {
                free(operation->step);
                free(operation);
        }
        id_map_clear(&timeline->operations);
}
