#include "live/present.h"
#include "base/error_message.h"
#include "base/format.h"
#include "live/seek.h"
#include "live/view.h"
#include "moment/event_words.h"
#include "stream/event_table.h"

#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum {
        HEADER_SECONDS = 20,
        STEPS_AT_MOST = 5000,                   /* for one event of the list: then it is likely that none comes */
        QUEUED_AT_MOST = 50,                    /* for fingers faster than the kernel */
        LOOK_BACK = 200,                        /* operations */
        PATIENCE = 20000,                       /* events until a keyframe is asked for again */
};

/* What the kernel was let go for: until it is told to pause, or else until it stands by itself. */
enum purpose_of_run { FOR_NOTHING, FOR_PLACE, FOR_LISTED_EVENT, FOR_PROGRAM };

struct present {
        struct control *control;
        enum present_state state;
        enum purpose_of_run purpose;
        const char *words;
        uint64_t command;                       /* the number of the newest; its answer may be a refusal */
        unsigned steps;                         /* so far, towards an event of the list */
        const char *place;                      /* FOR_PLACE: "page fault", ... */
        unsigned queued;                        /* what was asked for while the kernel ran to a place, the oldest first */
        enum command_kind queue[QUEUED_AT_MOST];
        bool follows;                           /* the view stays at the newest event */
        bool is_unseen;                         /* ... but not yet: it is to be predicted what the step leads to, ... */
        uint64_t unseen_from;                   /* ... from this event */
        uint64_t asked_at;                      /* the newest event when a keyframe was asked for that has not come; 0: none was */
        bool is_new_stand;                      /* it has come to stand, and that was not acted upon yet */
};

static struct error begin(struct present **out, struct control *control, enum present_state state)
{
        struct present *present = calloc(1, sizeof *present);

        if (!present) {
                control_close(control);
                return fail_no_memory();
        }
        *present = (struct present){ .control = control, .state = state, .words = "runs", .follows = true };
        *out = present;
        return SUCCESS;
}

struct error present_boot(struct present **out, const char *const *arguments)
{
        struct control *control;

        TRY(control_boot(arguments, &control));
        return begin(out, control, PRESENT_RUNS);
}

struct error present_attach(struct present **out, const char *path)
{
        struct control *control;

        TRY(control_attach(path, &control));
        return begin(out, control, PRESENT_RUNS);
}

void present_close(struct present *present)
{
        if (!present)
                return;
        control_close(present->control);
        free(present);
}

/* The header may not be there yet when the machine has just been started. */
struct error present_timeline(struct present *present, struct timeline **out, size_t memory)
{
        const struct timespec nap = { .tv_nsec = 20000000 };
        struct control_message message;
        struct source source;
        bool has_message;

        for (unsigned i = 0; i < HEADER_SECONDS * 50; i++) {
                TRY(control_source(present->control, &source));
                if (!timeline_open_source(out, source, "running kernel", memory).code)
                        return SUCCESS;
                while (!control_receive(present->control, &message, &has_message).code && has_message) {
                        if (message.kind == CONTROL_ENDED)
                                return FAILF(IO, "the machine has ended before it sent anything");
                        present->is_new_stand = message.kind == CONTROL_ALL_STAND;
                }
                nanosleep(&nap, NULL);
        }
        return FAILF(TIMED_OUT, "the kernel has sent nothing for %d seconds", HEADER_SECONDS);
}

int present_descriptor(const struct present *present)
{
        return present->state == PRESENT_ENDED ? -1 : control_descriptor(present->control);
}

enum present_state present_state(const struct present *present)
{
        return present->state;
}

const char *present_words(const struct present *present)
{
        return present->words;
}

bool present_is_shown(const struct present *present, const struct view *view)
{
        return present && present->state != PRESENT_ENDED &&
               timeline_at(view->timeline) == timeline_last(view->timeline);
}

/* --- commands --------------------------------------------------------------------------------------------- */

static bool send_command(struct present *present, struct view *view, struct control_command command, const char *words)
{
        if (control_send(present->control, &command, &present->command).code) {
                view_alarm(view, "%s", error_message());
                return false;
        }
        if (command.kind != COMMAND_PAUSE) {
                present->state = PRESENT_RUNS;
                present->words = words;
        }
        present->follows = !present->is_unseen;
        return true;
}

/* Whether a command can be given now; else it waits until the kernel stands, or the view says why it cannot. */
static bool may_go(struct present *present, struct view *view, enum command_kind kind)
{
        if (present->state == PRESENT_STANDS)
                return true;
        if (present->purpose == FOR_NOTHING)
                view_say(view, "the kernel runs: P pauses it");
        else if (present->queued < QUEUED_AT_MOST)
                present->queue[present->queued++] = kind;
        return false;
}

void present_step(struct present *present, struct view *view)
{
        if (!may_go(present, view, COMMAND_STEP_EVENT))
                return;
        present->purpose = FOR_LISTED_EVENT;
        present->steps = 1;
        send_command(present, view, (struct control_command){ .kind = COMMAND_STEP_EVENT, .cpu = CONTROL_CPU_ANY },
                     "steps");
}

void present_step_unseen(struct present *present, struct view *view)
{
        if (present->state == PRESENT_RUNS && present->purpose == FOR_LISTED_EVENT)
                return;
        present->is_unseen = present->state == PRESENT_STANDS;
        present->unseen_from = timeline_at(view->timeline);
        present_step(present, view);
}

void present_pause_or_go(struct present *present, struct view *view)
{
        present->purpose = FOR_NOTHING;
        present->queued = 0;
        present->is_unseen = false;
        if (present->state == PRESENT_RUNS)
                send_command(present, view, (struct control_command){ .kind = COMMAND_PAUSE }, "pauses");
        else if (present->state == PRESENT_STANDS)
                send_command(present, view, (struct control_command){ .kind = COMMAND_GO }, "runs");
        else
                view_say(view, "the machine has ended");
}

void present_run_to(struct present *present, struct view *view, enum command_kind kind)
{
        uint64_t tree = view->filter == FILTER_TREE ? view->tree : 0;

        if (!may_go(present, view, kind))
                return;
        present->purpose = FOR_PLACE;
        present->place = kind == COMMAND_RUN_TO_TREE ? "operation" : kind == COMMAND_RUN_TO_FAULT ? "page fault" : "error";
        present->is_unseen = false;
        send_command(present, view, (struct control_command){ .kind = kind, .number = tree },
                     kind == COMMAND_RUN_TO_TREE  ? "runs to an operation" :
                     kind == COMMAND_RUN_TO_FAULT ? "runs to a page fault" :
                                                    "runs to an error");
}

void present_begin(struct present *present, struct view *view)
{
        present->purpose = FOR_PROGRAM;
        (void)view;
}

void present_send_locks(struct present *present, struct view *view)
{
        const bool are_sent = model_categories(timeline_model(view->timeline)) & (uint64_t)1 << CATEGORY_lock;
        const struct control_command command = { .kind = COMMAND_CATEGORIES, .categories = "+lock" };

        if (are_sent || present->state == PRESENT_ENDED)
                return;
        if (control_send(present->control, &command, &present->command).code)
                view_alarm(view, "%s", error_message());
        else
                view_say(view, "events of locks are sent from now on; what is held already is not known");
}

/* --- messages of the kernel --------------------------------------------------------------------------------- */

static const char *answer_meaning(enum answer answer)
{
        static const char *const meanings[] = {
                ANSWERS(WORD_MEANING)
        };

        return answer < sizeof meanings / sizeof meanings[0] ? meanings[answer] :
                                                               "an answer that this viewer does not know";
}

static void take(struct present *present, struct view *view, const struct control_message *message)
{
        switch (message->kind) {
        case CONTROL_ANSWER:
                if (message->answer == ANSWER_DONE || message->number != present->command)
                        break;
                view_alarm(view, "the kernel refused the command: %s", answer_meaning(message->answer));
                break;
        case CONTROL_ALL_STAND:
                present->state = PRESENT_STANDS;
                present->words = "stands";
                present->is_new_stand = true;
                break;
        case CONTROL_ENDED:
                present->state = PRESENT_ENDED;
                present->words = "has ended";
                if (present->purpose == FOR_PLACE)
                        view_say(view, "no %s came before the run ended; [ goes back from here", present->place);
                timeline_finish(view->timeline);
                break;
        }
}

void present_update(struct present *present, struct view *view)
{
        struct control_message message;
        bool has_message = true;

        while (has_message && present->state != PRESENT_ENDED) {
                if (control_receive(present->control, &message, &has_message).code) {
                        view_alarm(view, "%s", error_message());
                        present->state = PRESENT_ENDED;
                        present->words = "is out of reach";
                        timeline_finish(view->timeline);
                        return;
                }
                if (has_message)
                        take(present, view, &message);
        }
}

/* The kernel has come to stand at an event: whether that is what was waited for. */
static bool is_wanted(const struct present *present, struct view *view)
{
        const struct event *event = timeline_event(view->timeline, timeline_last(view->timeline));

        if (!event || present->purpose == FOR_NOTHING || present->purpose == FOR_PLACE)
                return true;
        if (present->purpose == FOR_PROGRAM)
                return event->type == EVENT_tree_begin && !tree_is_kernels(timeline_model(view->timeline), event->field[0]);
        return view_lists(view, event);
}

/* The view goes to the event that a step has led to, or asks first what that is. */
static void reveal(struct present *present, struct view *view)
{
        present->is_unseen = false;
        if (timeline_at(view->timeline) != present->unseen_from || predict_asks(view))
                return;
        time_step(view, FORWARD);
        present->follows = timeline_at(view->timeline) == timeline_last(view->timeline);
}

static void carry_out_queued(struct present *present, struct view *view)
{
        const enum command_kind kind = present->queue[0];

        memmove(present->queue, present->queue + 1, --present->queued * sizeof present->queue[0]);
        if (kind == COMMAND_STEP_EVENT)
                present_step(present, view);
        else
                present_run_to(present, view, kind);
}

/* It stands, and all of its events are indexed. */
static void act_on_stand(struct present *present, struct view *view)
{
        present->is_new_stand = false;
        if (is_wanted(present, view) || ++present->steps > STEPS_AT_MOST) {
                if (present->purpose == FOR_PROGRAM) {
                        const struct event *event = timeline_event(view->timeline, timeline_last(view->timeline));

                        view->tree = event ? event_tree(event, timeline_model(view->timeline)) : 0;
                        view->has_begun = true;
                }
                present->purpose = FOR_NOTHING;
                if (present->is_unseen) {
                        reveal(present, view);
                } else if (present->queued) {
                        carry_out_queued(present, view);
                }
        } else if (present->purpose == FOR_PROGRAM) {
                send_command(present, view, (struct control_command){ .kind = COMMAND_RUN_TO_TREE },
                             "runs to the first operation");
        } else {
                send_command(present, view,
                             (struct control_command){ .kind = COMMAND_STEP_EVENT, .cpu = CONTROL_CPU_ANY }, "steps");
        }
}

/* A viewer that attaches shows the tree that was at work last, unless that is the kernel's own; and waits for such a tree. */
static void choose_tree(struct view *view)
{
        const struct history *history = timeline_history(view->timeline);
        const struct history_landmark *operation = history_landmark_before(history, UINT64_MAX,
                                                                           LANDMARKS_OF(LANDMARK_OPERATION), 0);

        for (unsigned i = 0; operation && tree_is_kernels(history_newest_model(history), operation->object); i++)
                operation = i < LOOK_BACK ? history_landmark_before(history, operation->event,
                                                                    LANDMARKS_OF(LANDMARK_OPERATION), 0) : NULL;
        if (!operation)
                return;
        if (!view->tree_was_chosen)
                view->tree = operation->object;
        view->has_begun = true;
}

/*
 * Where events are missing, the kernel is asked for a keyframe, which shows what they have changed: once, and again if none
 * has come for long.
 */
static void recover(struct present *present, const struct view *view, uint64_t last)
{
        const struct control_command keyframe = { .kind = COMMAND_KEYFRAME, .cpu = CONTROL_CPU_ANY };
        uint64_t number;

        if (!model_unknown_since(timeline_model(view->timeline))) {
                present->asked_at = 0;
                return;
        }
        if (present->state != PRESENT_RUNS || (present->asked_at && last - present->asked_at < PATIENCE))
                return;
        if (!control_send(present->control, &keyframe, &number).code)
                present->asked_at = last;
}

void present_follow(struct present *present, struct view *view)
{
        const uint64_t last = timeline_last(view->timeline);

        recover(present, view, last);
        if (!view->has_begun && present->purpose != FOR_PROGRAM && timeline_is_indexed(view->timeline))
                choose_tree(view);
        if (present->follows && timeline_at(view->timeline) != last && timeline_seek(view->timeline, last).code)
                view_alarm(view, "%s", error_message());
        if (present->is_new_stand && present->state == PRESENT_STANDS && timeline_is_indexed(view->timeline))
                act_on_stand(present, view);
}

void present_leave(struct present *present)
{
        present->follows = false;
}

void present_return(struct present *present)
{
        present->follows = true;
}
