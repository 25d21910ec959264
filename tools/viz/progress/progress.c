#include "base/error_message.h"
#include "progress/progress_internal.h"
#include "stream/event_table.h"

#include <math.h>
#include <stdlib.h>

enum { BESIDE_FOCUS = 4 };

bool progress_is_race(const struct progress_span *a, const struct progress_span *b)
{
        return a->kind == SPAN_WINDOW && b->kind == SPAN_WINDOW && a->axis != b->axis && a->object == b->object &&
               a->first < b->last && b->first < a->last;
}

bool progress_is_same_lock(const struct progress_span *a, const struct progress_span *b)
{
        return a->kind == SPAN_LOCK && b->kind == SPAN_LOCK && a->axis != b->axis && a->object == b->object;
}

bool progress_is_shown(const struct progress *progress, const struct progress_span *span)
{
        return span->to > (double)progress->from[span->axis] && span->from < (double)progress->to[span->axis];
}

const char *progress_span_name(const struct progress *progress, const struct progress_span *span)
{
        if (span->kind == SPAN_LOCK)
                return lock_class_name(span->what);
        return progress->request.window == WINDOW_OF_TREES ? tree_operation_name(span->what) :
                                                             system_call_name(span->what);
}

/* --- what is shown ---------------------------------------------------------------------------------------- */

static void set_focus(struct progress *progress, const struct progress_span *a, const struct progress_span *b,
                      const char *why)
{
        progress->focus[a->axis] = a;
        progress->focus[b->axis] = b;
        progress->why = why;
}

/* The pair whose later span begins first. Spans come in the order of their begins; a race is with one still open then. */
static bool find_race(struct progress *progress)
{
        uint64_t reach[2] = { 0, 0 };           /* the latest end of a window so far, of each axis */

        for (size_t i = 0; i < progress->spans; i++) {
                const struct progress_span *span = &progress->span[i];

                if (span->kind != SPAN_WINDOW)
                        continue;
                for (size_t j = i; span->first < reach[!span->axis] && j-- > 0;)
                        if (progress_is_race(&progress->span[j], span)) {
                                set_focus(progress, &progress->span[j], span, "the first race");
                                return true;
                        }
                if (reach[span->axis] < span->last)
                        reach[span->axis] = span->last;
        }
        return false;
}

/* The span of a lock on an axis that is open at an event; or else the first that begins later. */
static const struct progress_span *lock_span(const struct progress *progress, int axis, uint64_t lock, uint64_t event)
{
        for (size_t i = 0; i < progress->spans; i++) {
                const struct progress_span *span = &progress->span[i];

                if (span->kind == SPAN_LOCK && span->axis == axis && span->object == lock && span->last > event)
                        return span;
        }
        return NULL;
}

static bool find_wait(struct progress *progress)
{
        for (size_t i = 0; i < progress->waits; i++) {
                const struct progress_wait *wait = &progress->wait[i];
                const struct progress_span *mine = lock_span(progress, wait->axis, wait->lock, wait->event);
                const struct progress_span *other = lock_span(progress, !wait->axis, wait->lock, wait->event);

                if (mine && other && other->first < wait->event) {
                        set_focus(progress, mine, other, "the first wait for a lock");
                        return true;
                }
        }
        return false;
}

static bool find_common_lock(struct progress *progress)
{
        for (size_t i = 0; i < progress->spans; i++) {
                const struct progress_span *span = &progress->span[i];
                const struct progress_span *other = span->kind == SPAN_LOCK ?
                        lock_span(progress, !span->axis, span->object, span->first) : NULL;

                if (other) {
                        set_focus(progress, span, other, "the first lock that both take");
                        return true;
                }
        }
        return false;
}

size_t progress_steps_until(const struct progress *progress, int axis, uint64_t event)
{
        size_t low = 0, high = progress->steps[axis];

        while (low < high) {
                size_t middle = (low + high) / 2;

                if (progress->event[axis][middle] <= event)
                        low = middle + 1;
                else
                        high = middle;
        }
        return low;
}

/* The part of an axis around what is in focus there. */
static void frame_axis(struct progress *progress, int axis)
{
        const struct progress_span *focus = progress->focus[axis];
        size_t steps = progress->steps[axis], from = 0, to = 0, length;

        if (focus) {
                from = (size_t)floor(focus->from);
                to = (size_t)ceil(focus->to);
        } else if (progress->request.at) {
                from = to = progress_steps_until(progress, axis, progress->request.at);
        }
        length = to - from + 2 * BESIDE_FOCUS;
        if (length < progress->request.steps)
                length = progress->request.steps;
        if (length > PROGRESS_STEPS_MOST)
                length = PROGRESS_STEPS_MOST;
        from = from + to > length ? (from + to - length) / 2 : 0;
        if (from + length > steps)
                from = steps > length ? steps - length : 0;
        progress->from[axis] = from;
        progress->to[axis] = from + length < steps ? from + length : steps;
}

static void choose_part(struct progress *progress)
{
        if (progress->request.at)
                progress->why = "the event that was asked for";
        else if (!find_race(progress) && !find_wait(progress) && !find_common_lock(progress))
                progress->why = "the beginning: the two take no lock in common";
        frame_axis(progress, 0);
        frame_axis(progress, 1);
}

/* --- all of it -------------------------------------------------------------------------------------------- */

static struct error make(struct progress *progress)
{
        TRY(progress_choose_axes(progress));
        TRY(progress_read(progress));
        for (int axis = 0; axis < 2; axis++)
                if (!progress->steps[axis])
                        return FAILF(NOT_FOUND, "%s: %s has no events", progress->request.path, progress->name[axis]);
        choose_part(progress);
        return SUCCESS;
}

struct error progress_make(struct progress **out, const struct progress_request *request)
{
        struct progress *progress = calloc(1, sizeof *progress);
        struct error error;

        if (!progress)
                return fail_no_memory();
        progress->request = *request;
        error = make(progress);
        if (error.code) {
                progress_free(progress);
                return error;
        }
        *out = progress;
        return SUCCESS;
}

void progress_free(struct progress *progress)
{
        if (!progress)
                return;
        free(progress->event[0]);
        free(progress->event[1]);
        free(progress->span);
        free(progress->wait);
        free(progress);
}
