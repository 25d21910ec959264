#include "seek.h"
#include "check.h"
#include "error_message.h"
#include "event_words.h"
#include "format.h"
#include "moment.h"

#include <stdio.h>
#include <string.h>

static void seek(struct view *view, uint64_t number)
{
        if (timeline_seek(view->timeline, number).code)
                view_alarm(view, "%s", error_message());
}

/* Goes to the nearest event that is wanted; if there is none, says so. */
static void go(struct view *view, enum direction direction, timeline_wanted *wanted, const void *context, const char *noun)
{
        uint64_t number = timeline_find(view->timeline, timeline_at(view->timeline), direction, wanted, context);

        if (number)
                seek(view, number);
        else
                view_say(view, "there is no %s %s this event", noun, direction == FORWARD ? "after" : "before");
}

static bool is_listed(const struct event *event, const void *context)
{
        return view_lists(context, event);
}

void time_step(struct view *view, enum direction direction)
{
        go(view, direction, is_listed, view, "event in the list");
}

static bool begins_operation(const struct event *event, const void *context)
{
        const struct view *view = context;

        return event->type == EVENT_tree_begin && (view->filter != FILTER_TREE || event->field[0] == view->tree || !view->tree);
}

void time_operation(struct view *view, enum direction direction)
{
        go(view, direction, begins_operation, view, "operation");
}

static bool is_fault(const struct event *event, const void *context)
{
        (void)context;
        return event->type == EVENT_page_fault;
}

void time_fault(struct view *view, enum direction direction)
{
        go(view, direction, is_fault, NULL, "page fault");
}

static bool is_error(const struct event *event, const void *context)
{
        (void)context;
        return event->type == EVENT_error_raised || event->type == EVENT_panicked || event->type == EVENT_script_mismatch ||
               event->type == EVENT_lock_order_violated;
}

void time_error(struct view *view, enum direction direction)
{
        go(view, direction, is_error, NULL, "error");
}

void time_first(struct view *view)
{
        seek(view, timeline_first(view->timeline));
}

void time_last(struct view *view)
{
        seek(view, timeline_last(view->timeline));
}

void time_to_event(struct view *view, uint64_t number)
{
        if (number > timeline_last(view->timeline))
                view_say(view, "there is no event %s; the last one is %s", format_count(number),
                         format_count(timeline_last(view->timeline)));
        else
                seek(view, number);
}

struct wanted_operation {
        uint64_t tree, number;
};

static bool is_that_operation(const struct event *event, const void *context)
{
        const struct wanted_operation *wanted = context;

        return event->type == EVENT_tree_begin && event->field[0] == wanted->tree &&
               event->field[EVENT_FIELD(tree_begin, operation)] == wanted->number;
}

void time_to_words(struct view *view, const char *words)
{
        struct moment_when when;
        struct wanted_operation wanted = { .tree = view->tree };
        uint64_t number;

        if (moment_parse(&when, words).code || when.kind == MOMENT_LAST_SEARCH) {
                view_alarm(view, "go to an event (1204), a time (12.5ms) or an operation of this tree (op:57), not \"%s\"", words);
                return;
        }
        switch (when.kind) {
        case MOMENT_TIME:
                seek(view, timeline_event_at_time(view->timeline, (double)when.number));
                break;
        case MOMENT_OPERATION:
                wanted.number = when.number;
                number = timeline_find(view->timeline, 0, FORWARD, is_that_operation, &wanted);
                if (number)
                        seek(view, number);
                else
                        view_alarm(view, "this tree has no operation %s", format_count(when.number));
                break;
        default:
                time_to_event(view, when.number);
                break;
        }
}

/* --- findings --------------------------------------------------------------------------------------------- */

static struct error check_all(const char *path, struct check *check, bool *found, struct finding *first)
{
        struct reader *reader;
        struct event event;
        struct error error = SUCCESS;

        TRY(reader_open(path, &reader));
        while (!error.code && !check_findings(check) && reader_next(reader, &event))
                error = check_event(check, &event);
        if (!error.code && !check_findings(check))
                error = check_finish(check, reader);
        *found = check_findings(check) != 0;
        if (*found)
                *first = *check_finding(check, 0);
        reader_close(reader);
        return error;
}

void time_finding(struct view *view)
{
        struct check *check;
        struct finding first;
        bool found = false;

        if (check_create(EVERY_EVENT_COUNTS, &check).code) {
                view_alarm(view, "%s", error_message());
                return;
        }
        if (check_all(timeline_name(view->timeline), check, &found, &first).code)
                view_alarm(view, "%s", error_message());
        else if (!found)
                view_say(view, "the check finds nothing wrong");
        check_destroy(check);
        if (!found)
                return;
        if (first.tree)
                view->tree = first.tree;
        view->selected = first.region;
        seek(view, first.event ? first.event : timeline_last(view->timeline));
        view_alarm(view, "%.150s", first.words);
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
        uint64_t number = timeline_find(view->timeline, timeline_at(view->timeline), FORWARD, is_listed, view);
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
        snprintf(out, size, "at %s, what is decided?  l: goes left  r: goes right  t: takes it, or finds it  n: not here, "
                 "or goes up", words);
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
