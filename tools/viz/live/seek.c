#include "live/seek.h"
#include "base/error_message.h"
#include "base/format.h"
#include "live/arrival.h"
#include "moment/event_words.h"
#include "moment/moment.h"

#include <stdio.h>
#include <string.h>

enum {
        BEGIN_AT_MOST = 100000,                 /* events that are looked through for a program's first operation */
        STEP_AT_MOST = 50000,                   /* events that a step passes over, for the next one of the list */
        FOLLOW_AT_MOST = 1000,                  /* operations that are looked through for one on a tree that is there */
        FIND_AT_MOST = 2000000,                 /* ... that a search for words passes over */
};

static void seek(struct view *view, uint64_t number)
{
        if (timeline_seek(view->timeline, number).code)
                view_alarm(view, "%s", error_message());
}

/* Goes to the nearest event that is wanted; if there is none, says so. */
static void go(struct view *view, enum direction direction, timeline_wanted *wanted, const void *context,
               const char *noun)
{
        uint64_t number =
                timeline_find(view->timeline, timeline_at(view->timeline), direction, wanted, context, FIND_AT_MOST);

        if (number)
                seek(view, number);
        else
                view_say(view, "there is no %s %s this event", noun, direction == FORWARD ? "after" : "before");
}

static bool is_listed(const struct event *event, const void *context)
{
        return view_lists(context, event);
}

/* Where the next event of the list is far away, an operation on the tree is found by the index. */
void time_step(struct view *view, enum direction direction)
{
        const struct history *history = timeline_history(view->timeline);
        const uint64_t at = timeline_at(view->timeline);
        uint64_t number = timeline_find(view->timeline, at, direction, is_listed, view, STEP_AT_MOST);
        const struct history_landmark *operation;

        if (!number && view->tree && direction == FORWARD) {
                operation = history_landmark_after(history, at, LANDMARKS_OF(LANDMARK_OPERATION), view->tree);
                number = operation ? operation->event : 0;
        } else if (!number && view->tree) {
                operation = history_landmark_before(history, at, LANDMARKS_OF(LANDMARK_OPERATION), view->tree);
                number = !operation ? 0 : operation->end && operation->end < at ? operation->end : operation->event;
        }
        if (number)
                seek(view, number);
        else
                view_say(view, "there is no event in the list %s this one", direction == FORWARD ? "after" : "before");
}

/* The nearest landmark of these kinds, of one object (0: any). */
static void go_to_landmark(struct view *view, enum direction direction, uint32_t kinds, uint64_t object,
                           const char *noun)
{
        const struct history *history = timeline_history(view->timeline);
        uint64_t at = timeline_at(view->timeline);
        const struct history_landmark *landmark = direction == FORWARD ?
                                                          history_landmark_after(history, at, kinds, object) :
                                                          history_landmark_before(history, at, kinds, object);

        if (landmark)
                seek(view, landmark->event);
        else if (direction == FORWARD && !timeline_is_indexed(view->timeline))
                view_say(view, "there is no %s after this event in the %.0f %% that are read so far", noun,
                         100 * timeline_share_indexed(view->timeline));
        else
                view_say(view, "there is no %s %s this event", noun, direction == FORWARD ? "after" : "before");
}

void time_operation(struct view *view, enum direction direction)
{
        go_to_landmark(view, direction, LANDMARKS_OF(LANDMARK_OPERATION), view->filter == FILTER_TREE ? view->tree : 0,
                       "operation");
}

void time_fault(struct view *view, enum direction direction)
{
        go_to_landmark(view, direction, LANDMARKS_OF(LANDMARK_FAULT), 0, "page fault");
}

void time_error(struct view *view, enum direction direction)
{
        go_to_landmark(view, direction, LANDMARKS_OF(LANDMARK_ERROR) | LANDMARKS_OF(LANDMARK_LOCK_ORDER), 0, "error");
}

void time_first(struct view *view)
{
        seek(view, timeline_last(view->timeline) ? 1 : 0);
}

void time_last(struct view *view)
{
        seek(view, timeline_last(view->timeline));
}

/* Unless a tree was chosen, the one that was at work there is shown: of those that have not been destroyed. */
static void follow(struct view *view)
{
        const struct history_landmark *operation = NULL;
        uint64_t before = timeline_at(view->timeline) + 1;

        for (unsigned i = 0; i < FOLLOW_AT_MOST && !view->tree_was_chosen; i++) {
                operation = history_landmark_before(timeline_history(view->timeline), before,
                                                    LANDMARKS_OF(LANDMARK_OPERATION), 0);
                if (!operation)
                        return;
                if (model_tree(timeline_model(view->timeline), operation->object)) {
                        view->tree = operation->object;
                        return;
                }
                before = operation->event;
        }
}

void time_to_event(struct view *view, uint64_t number)
{
        if (number > timeline_last(view->timeline)) {
                view_say(view, "there is no event %s; the last one is %s", format_count(number),
                         format_count(timeline_last(view->timeline)));
                return;
        }
        seek(view, number);
        follow(view);
}

void time_to_words(struct view *view, const char *words)
{
        struct moment_when when;
        const struct history_landmark *operation;
        uint64_t number;

        if (moment_parse(&when, words).code || when.kind == MOMENT_LAST_SEARCH) {
                view_alarm(view,
                           "go to an event (1204), a time (12.5ms) or an operation of this tree (op:57), not \"%s\"",
                           words);
                return;
        }
        switch (when.kind) {
        case MOMENT_TIME:
                if (timeline_event_at_time(view->timeline, (double)when.number, &number).code)
                        view_alarm(view, "%s", error_message());
                else
                        seek(view, number);
                break;
        case MOMENT_OPERATION:
                operation = history_operation(timeline_history(view->timeline), view->tree, when.number);
                if (operation)
                        seek(view, operation->event);
                else
                        view_alarm(view, "this tree has no operation %s%s", format_count(when.number),
                                   timeline_is_indexed(view->timeline) ? "" : " in what is read so far");
                break;
        default:
                time_to_event(view, when.number);
                break;
        }
}

/* Whether more will be indexed. */
static bool may_grow(const struct view *view)
{
        return !timeline_is_indexed(view->timeline) || (view->arrival && !arrival_has_ended(view->arrival));
}

/*
 * Where to begin unless it is said: at the first operation on the tree that was chosen, or on any that is not the kernel's own;
 * if there is none among the first events, at the first one on that. NULL while that may change.
 */
static const struct history_landmark *first_operation(const struct view *view)
{
        const struct history *history = timeline_history(view->timeline);
        const struct history_landmark *first = NULL, *operation;

        for (uint64_t at = 0; (operation = history_landmark_after(history, at, LANDMARKS_OF(LANDMARK_OPERATION), view->tree));
             at = operation->event) {
                if (view->tree || !tree_is_kernels(history_newest_model(history), operation->object))
                        return operation;
                if (!first)
                        first = operation;
                if (operation->event > BEGIN_AT_MOST)
                        break;
        }
        return may_grow(view) && timeline_last(view->timeline) < BEGIN_AT_MOST ? NULL : first;
}

/* Whether the moment to begin at is indexed, or never will be. */
static bool can_begin(const struct view *view)
{
        struct moment_when when;

        if (!may_grow(view))
                return true;
        if (!view->moment)
                return first_operation(view) != NULL;
        if (moment_parse(&when, view->moment).code)
                return true;
        if (when.kind == MOMENT_EVENT)
                return when.number <= timeline_last(view->timeline);
        return when.kind == MOMENT_OPERATION && view->tree &&
               history_operation(timeline_history(view->timeline), view->tree, when.number);
}

void time_begin(struct view *view)
{
        const struct history_landmark *first;

        if (view->has_begun)
                return;
        first = first_operation(view);
        if (!view->tree && first)
                view->tree = first->object;
        if (!can_begin(view))
                return;
        view->has_begun = true;
        if (view->moment)
                time_to_words(view, view->moment);
        else
                seek(view, first ? first->event : timeline_last(view->timeline));
}

/* --- search ----------------------------------------------------------------------------------------------- */

static bool matches(const struct event *event, const void *context)
{
        const struct view *view = context;
        char words[256];

        event_words(words, sizeof words, event, timeline_model(view->timeline), timeline_schema(view->timeline));
        return strcasestr(words, view->search) || strcasestr(event->schema->name, view->search);
}

void time_match(struct view *view, enum direction direction)
{
        if (!view->search[0])
                view_say(view, "search for words first, with /");
        else
                go(view, direction, matches, view, "match");
}

/* --- prediction ------------------------------------------------------------------------------------------- */

/* The next visit of the tree that is shown, if the next step leads to one; else NULL. */
static const struct event *next_visit(struct view *view)
{
        uint64_t number =
                timeline_find(view->timeline, timeline_at(view->timeline), FORWARD, is_listed, view, STEP_AT_MOST);
        const struct event *event = number ? timeline_event(view->timeline, number) : NULL;

        if (!event || event->type != EVENT_tree_visit || event->field[0] != view->tree ||
            event->field[EVENT_FIELD(tree_visit, decision)] == LINKING)
                return NULL;
        return event;
}

bool predict_asks(struct view *view)
{
        const struct event *event = view->predicts ? next_visit(view) : NULL;

        if (!event)
                return false;
        view->is_asking = true;
        view->asked_at = event->number;
        return true;
}

void predict_question(char *out, size_t size, struct view *view)
{
        const struct event *event = timeline_event(view->timeline, view->asked_at);
        uint64_t region = event ? event->field[EVENT_FIELD(tree_visit, region)] : 0;
        char words[96] = "the tail gap";

        if (region)
                region_words(words, sizeof words, timeline_model(view->timeline), region);
        snprintf(out, size,
                 "at %s, what is decided?  l: goes left  r: goes right  t: takes it, or finds it  n: not here, "
                 "or goes up",
                 words);
}

static int right_answer(uint64_t decision)
{
        switch (decision) {
        case GO_LEFT:
        case ADDRESS_LEFT:
                return 'l';
        case GO_RIGHT:
        case ADDRESS_RIGHT:
                return 'r';
        case TAKEN:
        case FREE:
        case FITS:
        case FOUND:
                return 't';
        default:
                return 'n';
        }
}

bool predict_answer(struct view *view, int key)
{
        const struct event *event = timeline_event(view->timeline, view->asked_at);
        char words[256];
        int answer;

        if (!event || !strchr("lrtn", key) || !key)
                return false;
        answer = right_answer(event->field[EVENT_FIELD(tree_visit, decision)]);
        view->is_asking = false;
        view->asked++;
        view->right += answer == key;
        seek(view, view->asked_at);
        event_words(words, sizeof words, event, timeline_model(view->timeline), timeline_schema(view->timeline));
        if (answer == key)
                view_say(view, "right: it %s (%u of %u)", words, view->right, view->asked);
        else
                view_alarm(view, "no: it %s (%u of %u right)", words, view->right, view->asked);
        return true;
}
