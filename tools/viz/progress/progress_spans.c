#include "base/error_message.h"
#include "model/model.h"
#include "progress/progress_internal.h"
#include "stream/reader.h"

#include <stdlib.h>

/* Reading what happened on the two axes. */
struct collector {
        struct progress *progress;
        struct model *model;
        size_t step_room[2], span_room, wait_room;
        size_t open, open_room;
        size_t *open_span;                      /* the indices of spans that have not ended */
};

/* Makes room for one element more; doubles it. */
static struct error grow(void *array, size_t count, size_t *room, size_t size)
{
        void **elements = array, *grown;

        if (count < *room)
                return SUCCESS;
        grown = reallocarray(*elements, *room ? 2 * *room : 64, size);
        if (!grown)
                return fail_no_memory();
        *elements = grown;
        *room = *room ? 2 * *room : 64;
        return SUCCESS;
}

/* The axis that an event moves along; -1: neither. The task is the one that ran before the event. */
static int axis_of(const struct collector *collector, const struct event *event)
{
        const struct model_task *task = model_running(collector->model, event->cpu);

        for (int axis = 0; axis < 2; axis++) {
                const struct progress_axis *it = &collector->progress->request.axis[axis];

                if (it->kind == AXIS_CPU ? it->id == event->cpu : task && it->id == task->id)
                        return axis;
        }
        return -1;
}

static struct error add_step(struct collector *collector, int axis, uint64_t event)
{
        struct progress *progress = collector->progress;

        TRY(grow(&progress->event[axis], progress->steps[axis], &collector->step_room[axis],
                 sizeof *progress->event[axis]));
        progress->event[axis][progress->steps[axis]++] = event;
        return SUCCESS;
}

/* --- spans ------------------------------------------------------------------------------------------------ */

/* The middle of the newest step of an axis. */
static double middle(const struct progress *progress, int axis)
{
        return (double)progress->steps[axis] - 0.5;
}

static struct error begin_span(struct collector *collector, struct progress_span span, const struct event *event)
{
        struct progress *progress = collector->progress;

        TRY(grow(&progress->span, progress->spans, &collector->span_room, sizeof *progress->span));
        TRY(grow(&collector->open_span, collector->open, &collector->open_room, sizeof *collector->open_span));
        span.first = event->number;
        span.last = UINT64_MAX;
        span.from = middle(progress, span.axis);
        collector->open_span[collector->open++] = progress->spans;
        progress->span[progress->spans++] = span;
        return SUCCESS;
}

/* The newest open span of its kind, on an axis, about an object; NULL if there is none. */
static struct progress_span *open_span(const struct collector *collector, enum progress_span_kind kind, int axis,
                                       uint64_t object)
{
        for (size_t i = collector->open; i-- > 0;) {
                struct progress_span *span = &collector->progress->span[collector->open_span[i]];

                if (span->kind == kind && span->axis == axis && span->object == object)
                        return span;
        }
        return NULL;
}

static void extend(const struct collector *collector, struct progress_span *span, const struct event *event)
{
        span->last = event->number;
        span->to = middle(collector->progress, span->axis);
}

static void close_span(struct collector *collector, const struct progress_span *span)
{
        size_t index = (size_t)(span - collector->progress->span);

        for (size_t i = 0; i < collector->open; i++)
                if (collector->open_span[i] == index) {
                        collector->open_span[i] = collector->open_span[--collector->open];
                        return;
                }
}

/* --- locks ------------------------------------------------------------------------------------------------ */

static struct error add_wait(struct collector *collector, int axis, const struct event *event)
{
        struct progress *progress = collector->progress;

        TRY(grow(&progress->wait, progress->waits, &collector->wait_room, sizeof *progress->wait));
        progress->wait[progress->waits++] = (struct progress_wait){
                .axis = axis, .lock = event->field[EVENT_FIELD(lock_wanted, address)], .event = event->number,
        };
        return SUCCESS;
}

/* The kernel's locks are held by processors: a thread may be gone from its processor before the lock is released. */
static struct error take_lock_event(struct collector *collector, int axis, const struct event *event)
{
        uint64_t address = event->field[EVENT_FIELD(lock_acquired, address)];
        struct progress_span *span;

        if (collector->progress->request.axis[axis].kind != AXIS_CPU)
                return SUCCESS;
        collector->progress->locks_told++;
        switch (event->type) {
        case EVENT_lock_wanted:
                return add_wait(collector, axis, event);
        case EVENT_lock_acquired:
                return begin_span(collector, (struct progress_span){
                        .kind = SPAN_LOCK, .axis = axis, .object = address,
                        .what = event->field[EVENT_FIELD(lock_acquired, lock)],
                }, event);
        default:
                span = open_span(collector, SPAN_LOCK, axis, address);
                if (span) {
                        extend(collector, span, event);
                        close_span(collector, span);
                }
                return SUCCESS;
        }
}

/* --- windows ---------------------------------------------------------------------------------------------- */

/*
 * An operation on a tree checks from its first visit on, and acts with its last change: so the window ends later with each
 * change. One that changes nothing leaves no window.
 */
static struct error take_tree_event(struct collector *collector, int axis, const struct event *event)
{
        uint64_t tree = event->field[0];
        struct progress_span *span = open_span(collector, SPAN_WINDOW, axis, tree);
        const struct model_tree *model = model_tree(collector->model, tree);

        switch (event->type) {
        case EVENT_list_visit:
        case EVENT_tree_visit:
                if (span || !model)
                        return SUCCESS;
                return begin_span(collector, (struct progress_span){
                        .kind = SPAN_WINDOW, .axis = axis, .object = tree, .what = model->operation.kind,
                        .number = model->operation.number,
                }, event);
        case EVENT_list_link:
        case EVENT_list_unlink:
        case EVENT_tree_link:
        case EVENT_tree_unlink:
        case EVENT_tree_gap:
                if (span)
                        extend(collector, span, event);
                return SUCCESS;
        case EVENT_tree_end:
                if (span)
                        close_span(collector, span);
                return SUCCESS;
        default:
                return SUCCESS;
        }
}

/*
 * A program checks before the call, and acts after it: no later than its next call. When it acts, no event says. So the
 * window lasts from one call to the next.
 */
static struct error take_call_event(struct collector *collector, int axis, const struct event *event)
{
        const struct model_task *task = model_task(collector->model, event->field[0]);
        uint64_t process = task ? task->process : 0;
        struct progress_span *span = open_span(collector, SPAN_WINDOW, axis, process);

        if (span) {
                extend(collector, span, event);
                close_span(collector, span);
        }
        if (event->type != EVENT_system_call_begin ||
            event->field[EVENT_FIELD(system_call_begin, call)] != (uint64_t)collector->progress->request.window)
                return SUCCESS;
        return begin_span(collector, (struct progress_span){
                .kind = SPAN_WINDOW, .axis = axis, .object = process,
                .what = event->field[EVENT_FIELD(system_call_begin, call)],
        }, event);
}

/* --- all of it -------------------------------------------------------------------------------------------- */

static struct error take(struct collector *collector, int axis, const struct event *event)
{
        bool has_trees = collector->progress->request.window == WINDOW_OF_TREES;

        TRY(add_step(collector, axis, event->number));
        switch (event->type) {
        case EVENT_lock_wanted:
        case EVENT_lock_acquired:
        case EVENT_lock_released:
                return take_lock_event(collector, axis, event);
        case EVENT_list_visit:
        case EVENT_tree_visit:
        case EVENT_list_link:
        case EVENT_list_unlink:
        case EVENT_tree_link:
        case EVENT_tree_unlink:
        case EVENT_tree_gap:
        case EVENT_tree_end:
                return has_trees ? take_tree_event(collector, axis, event) : SUCCESS;
        case EVENT_system_call_begin:
        case EVENT_task_exited:
                return has_trees ? SUCCESS : take_call_event(collector, axis, event);
        default:
                return SUCCESS;
        }
}

/* What has not ended ends with the axis; a window without an act is none. */
static void finish(struct progress *progress)
{
        size_t kept = 0;

        for (size_t i = 0; i < progress->spans; i++) {
                struct progress_span span = progress->span[i];

                if (span.last == UINT64_MAX && span.kind == SPAN_WINDOW && progress->request.window == WINDOW_OF_TREES)
                        continue;
                if (span.last == UINT64_MAX)
                        span.to = (double)progress->steps[span.axis] + 1;
                progress->span[kept++] = span;
        }
        progress->spans = kept;
}

struct error progress_read(struct progress *progress)
{
        struct collector collector = { .progress = progress };
        struct reader *reader;
        struct event event;
        struct error error;

        TRY(model_create(&collector.model));
        error = reader_open(progress->request.path, &reader);
        if (!error.code) {
                while (!error.code && reader_next(reader, &event)) {
                        int axis = axis_of(&collector, &event);

                        if (error_is(model_apply(collector.model, &event), ERROR_NO_MEMORY))
                                error = fail_no_memory();
                        else if (axis >= 0)
                                error = take(&collector, axis, &event);
                }
                if (!error.code && reader_failed(reader))
                        error = FAIL(IO);
                reader_close(reader);
        }
        model_destroy(collector.model);
        free(collector.open_span);
        finish(progress);
        return error;
}
