#include "history/history_internal.h"

#include <stdlib.h>

#define VALUE(event, type, name) ((event)->field[EVENT_FIELD(type, name)])

/* --- keeping ---------------------------------------------------------------------------------------------- */

/* Landmarks may take half of the memory. The first one that has no room is the end of them all. */
static struct error keep(struct history *history, const struct event *event, struct history_landmark landmark)
{
        if (history->landmarks_full)
                return SUCCESS;
        if (history->landmarks == history->room_for_landmarks) {
                size_t room = history->room_for_landmarks + history->room_for_landmarks / 4 + 64;
                struct history_landmark *grown;

                if (room * sizeof *grown > history->memory_limit / 2) {
                        history->landmarks_full = true;
                        return SUCCESS;
                }
                grown = reallocarray(history->landmark, room, sizeof *grown);
                if (!grown)
                        return fail_no_memory();
                history->memory += (room - history->room_for_landmarks) * sizeof *grown;
                history->landmark = grown;
                history->room_for_landmarks = room;
        }
        landmark.event = event->number;
        history->landmark[history->landmarks++] = landmark;
        return SUCCESS;
}

static struct error keep_operation(struct history *history, const struct event *event)
{
        size_t before = history->landmarks;

        TRY(keep(history, event, (struct history_landmark){
                .kind = LANDMARK_OPERATION,
                .object = VALUE(event, tree_begin, tree),
                .number = VALUE(event, tree_begin, operation),
                .what = (uint8_t)VALUE(event, tree_begin, kind),
        }));
        if (event->cpu < MODEL_CPUS_MAX)
                history->operation_on[event->cpu] = history->landmarks > before ? history->landmarks : 0;
        return SUCCESS;
}

/* The operation in progress on the event's cpu; NULL if none is. */
static struct history_landmark *operation_of(struct history *history, const struct event *event)
{
        size_t position = event->cpu < MODEL_CPUS_MAX ? history->operation_on[event->cpu] : 0;

        return position ? &history->landmark[position - 1] : NULL;
}

static void see_change(struct history *history, const struct event *event)
{
        struct history_landmark *operation = operation_of(history, event);

        if (operation && !operation->change)
                operation->change = event->number;
}

static void see_end(struct history *history, const struct event *event)
{
        struct history_landmark *operation = operation_of(history, event);

        if (operation)
                operation->end = event->number;
        if (event->cpu < MODEL_CPUS_MAX)
                history->operation_on[event->cpu] = 0;
}

static void see_visit(struct history *history, const struct event *event)
{
        struct history_landmark *operation = operation_of(history, event);

        if (operation)
                operation->visits++;
}

/* The space's operation that is over: the newest one of that space and number. It is among the last landmarks. */
static void see_space_end(struct history *history, const struct event *event)
{
        enum { FAR = 4096 };

        for (size_t i = history->landmarks; i > 0 && i + FAR > history->landmarks; i--) {
                struct history_landmark *landmark = &history->landmark[i - 1];

                if (landmark->kind != LANDMARK_SPACE_OPERATION || landmark->object != VALUE(event, space_end, space))
                        continue;
                if (landmark->number == VALUE(event, space_end, operation))
                        landmark->end = event->number;
                return;
        }
}

static struct error see_loss(struct history *history, const struct event *event)
{
        if (event->cpu < MODEL_CPUS_MAX)
                history->operation_on[event->cpu] = 0;
        return keep(history, event, (struct history_landmark){ .kind = LANDMARK_LOSS, .number = event->missing });
}

struct error history_see_landmark(struct history *history, const struct event *event)
{
        if (event->missing)
                TRY(see_loss(history, event));
        switch (event->type) {
        case EVENT_tree_begin:
                return keep_operation(history, event);
        case EVENT_list_visit:
        case EVENT_tree_visit:
                see_visit(history, event);
                return SUCCESS;
        case EVENT_list_link:
        case EVENT_list_unlink:
        case EVENT_tree_link:
        case EVENT_tree_unlink:
        case EVENT_tree_exchange:
        case EVENT_tree_rotate:
        case EVENT_tree_colour:
        case EVENT_tree_gap:
        case EVENT_tree_max:
        case EVENT_region_changed:
                see_change(history, event);
                return SUCCESS;
        case EVENT_tree_end:
                see_end(history, event);
                return SUCCESS;
        case EVENT_space_begin:
                return keep(history, event, (struct history_landmark){
                        .kind = LANDMARK_SPACE_OPERATION,
                        .object = VALUE(event, space_begin, space),
                        .number = VALUE(event, space_begin, operation),
                        .what = (uint8_t)VALUE(event, space_begin, kind),
                });
        case EVENT_space_end:
                see_space_end(history, event);
                return SUCCESS;
        case EVENT_page_fault:
                return keep(history, event, (struct history_landmark){
                        .kind = LANDMARK_FAULT,
                        .object = VALUE(event, page_fault, space),
                        .what = (uint8_t)VALUE(event, page_fault, verdict),
                });
        case EVENT_error_raised:
                return keep(history, event, (struct history_landmark){
                        .kind = LANDMARK_ERROR, .number = VALUE(event, error_raised, code) });
        case EVENT_panicked:
                return keep(history, event, (struct history_landmark){ .kind = LANDMARK_ERROR });
        case EVENT_lock_order_violated:
                return keep(history, event, (struct history_landmark){
                        .kind = LANDMARK_LOCK_ORDER, .number = VALUE(event, lock_order_violated, wanted) });
        case EVENT_script_line:
                return keep(history, event, (struct history_landmark){
                        .kind = LANDMARK_SCRIPT_LINE, .number = VALUE(event, script_line, line) });
        default:
                return SUCCESS;
        }
}

/* --- finding ---------------------------------------------------------------------------------------------- */

const struct history_landmark *history_landmarks(const struct history *history, size_t *count)
{
        *count = history->landmarks;
        return history->landmark;
}

/* How many landmarks are at events up to `number`. */
static size_t landmarks_up_to(const struct history *history, uint64_t number)
{
        size_t low = 0, high = history->landmarks;

        while (low < high) {
                size_t middle = low + (high - low) / 2;

                if (history->landmark[middle].event <= number)
                        low = middle + 1;
                else
                        high = middle;
        }
        return low;
}

static bool is_wanted(const struct history_landmark *landmark, uint32_t kinds, uint64_t object)
{
        return (kinds & LANDMARKS_OF(landmark->kind)) && (!object || landmark->object == object);
}

const struct history_landmark *history_landmark_after(const struct history *history, uint64_t event, uint32_t kinds,
                                                      uint64_t object)
{
        for (size_t i = landmarks_up_to(history, event); i < history->landmarks; i++)
                if (is_wanted(&history->landmark[i], kinds, object))
                        return &history->landmark[i];
        return NULL;
}

const struct history_landmark *history_landmark_before(const struct history *history, uint64_t event, uint32_t kinds,
                                                       uint64_t object)
{
        for (size_t i = event ? landmarks_up_to(history, event - 1) : 0; i > 0; i--)
                if (is_wanted(&history->landmark[i - 1], kinds, object))
                        return &history->landmark[i - 1];
        return NULL;
}

const struct history_landmark *history_operation(const struct history *history, uint64_t tree, uint64_t number)
{
        for (size_t i = 0; i < history->landmarks; i++) {
                const struct history_landmark *landmark = &history->landmark[i];

                if (landmark->kind == LANDMARK_OPERATION && landmark->object == tree && landmark->number == number)
                        return landmark;
        }
        return NULL;
}
