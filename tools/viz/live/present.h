/*
 * The present of a running kernel: the recorder that it is controlled through, and whether it runs or stands. What it has
 * recorded is walked through like any recording; only at its newest event do the keys of time act on the kernel.
 *
 *      TRY(present_boot(&present, arguments));
 *      TRY(present_timeline(present, &timeline, memory));
 *      ... when present_descriptor(present) is readable: present_update(present, view) ...
 *      present_close(present);
 */
#pragma once

#include "control/control.h"
#include "live/timeline.h"

struct view;
struct present;

enum present_state {
        PRESENT_RUNS,
        PRESENT_STANDS,                         /* every processor: nothing happens until a command */
        PRESENT_ENDED,                          /* the machine has ended; its recording is complete */
};

/* Boots a machine of our own; `arguments` are those of control_boot(). It stands at its first event. */
struct error present_boot(struct present **out, const char *const *arguments);
/* Connects to a recorder that runs already. */
struct error present_attach(struct present **out, const char *path);
/* Disconnects; a machine of our own ends. After its timeline is closed. */
void present_close(struct present *present);

/* Opens the recording, as soon as it has a header. IO or TIMED_OUT with a message if none comes. */
struct error present_timeline(struct present *present, struct timeline **out, size_t memory);

int present_descriptor(const struct present *present);
enum present_state present_state(const struct present *present);
/* "stands", "runs", "goes to the next operation ...": for the bottom line. */
const char *present_words(const struct present *present);

/* Takes what the recorder has sent. The view follows if it was at the newest event. */
void present_update(struct present *present, struct view *view);
/* After more was indexed: follows, or steps again where an event is not in the view's list. */
void present_follow(struct present *present, struct view *view);

/* Whether the view is at the newest event of a kernel that has not ended, so that keys act on it. */
bool present_is_shown(const struct present *present, const struct view *view);
/* The view leaves the present, or returns to it and stays at the newest event. */
void present_leave(struct present *present);
void present_return(struct present *present);
/* Commands. What cannot be sent, or is refused, is said in the view's message. */
void present_step(struct present *present, struct view *view);
/* The same, but the view asks what is decided there before it shows a visit (predict mode). */
void present_step_unseen(struct present *present, struct view *view);
void present_pause_or_go(struct present *present, struct view *view);
/* Goes on until the next operation (on the view's tree, as the list is filtered), page fault or error. */
void present_run_to(struct present *present, struct view *view, enum command_kind kind);
/* Has the kernel send events of locks, if it does not yet. */
void present_send_locks(struct present *present, struct view *view);
/* Goes on to the first operation on a tree that is not the kernel's own. */
void present_begin(struct present *present, struct view *view);
