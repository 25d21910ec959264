/*
 * The progress of two processors, or of two threads, one against the other (a progress graph, as in textbooks since
 * Dijkstra): how far one came is the horizontal axis, how far the other came the vertical one, so a run is a path of steps
 * to the right and upwards. Where both would hold the same lock is a rectangle that no path enters. Where both are between
 * a check and the act that relies on it is a rectangle, too; a path through it is a race.
 *
 *        cpu 1
 *          |        +-----------+  .--> ...
 *          |        |  both in  |  |
 *          |        | the lock  |  |
 *          |        +-----------+  |
 *          |  .--------------------'
 *          '--'------------------------ cpu 0
 *
 * A step of an axis is one event that happened there. A span lies between the middles of two steps, as its first and last
 * events happened somewhere in these.
 */
#pragma once

#include "lib/error.h"
#include "stream/event.h"

#include <stdio.h>

enum progress_axis_kind { AXIS_UNSAID, AXIS_CPU, AXIS_TASK };

/* Whose progress an axis shows. */
struct progress_axis {
        enum progress_axis_kind kind;
        uint64_t id;
};

enum { WINDOW_OF_TREES = -1, PROGRESS_NAME_SIZE = 80, PROGRESS_STEPS_LEAST = 4, PROGRESS_STEPS_MOST = 400 };

struct progress_request {
        const char *path;
        struct progress_axis axis[2];
        int window;                             /* WINDOW_OF_TREES: operations on trees; else an enum system_call: from
                                                   it to the thread's next call */
        uint64_t at;                            /* an event that is to be shown; 0: chosen */
        uint64_t steps;                         /* of each axis that are shown, at least */
};

enum progress_span_kind { SPAN_LOCK, SPAN_WINDOW };

/* Something that begins with an event on an axis and ends with a later one. */
struct progress_span {
        enum progress_span_kind kind;
        int axis;
        uint64_t object;                        /* the lock's address; of a window the tree, or the process */
        uint64_t what;                          /* enum lock_class, tree_operation or system_call */
        uint64_t number;                        /* of the operation in its tree; 0: it has none */
        uint64_t first, last;                   /* events; last is UINT64_MAX where the recording ends before */
        double from, to;                        /* steps of the axis, in halves; see above */
};

/* A moment at which a processor began to wait for a lock. */
struct progress_wait {
        int axis;
        uint64_t lock, event;
};

struct progress {
        struct progress_request request;        /* with the axes that were chosen */
        char name[2][PROGRESS_NAME_SIZE];       /* "cpu 0", "task 3 (race)" */
        size_t steps[2];                        /* of each axis in the whole recording */
        uint64_t *event[2];                     /* the event of each step, from step 0 on */
        size_t spans, waits;
        struct progress_span *span;             /* in the order of their first events */
        struct progress_wait *wait;
        size_t locks_told;                      /* events of locks on the two axes: 0 if they were not traced */

        size_t from[2], to[2];                  /* the steps that are shown: `from` is the first, `to` behind the last */
        const struct progress_span *focus[2];   /* what is shown in the middle; NULL: nothing of that kind was found */
        const char *why;                        /* why this part of the recording is shown */
};

/*
 * Chooses axes that were not said (the two cpus with the most events; for a system call's windows the two threads of a
 * process whose windows overlap first, or else that have windows) and what is shown: the first race, or else the first wait
 * for a lock, or else the first lock that both take. The recording is read twice. IO, BAD_INPUT, NO_MEMORY or NOT_FOUND
 * (there are no two of the kind) with an error message. O(events + spans * spans that overlap).
 */
struct error progress_make(struct progress **out, const struct progress_request *request);
void progress_free(struct progress *progress);

/* Whether two windows on the two axes are about the same thing, and both open at some moment: a race. */
bool progress_is_race(const struct progress_span *a, const struct progress_span *b);
/* Whether both spans are of one lock. */
bool progress_is_same_lock(const struct progress_span *a, const struct progress_span *b);
/* Whether a span reaches into the part that is shown. */
bool progress_is_shown(const struct progress *progress, const struct progress_span *span);

/* How many events of an axis are not later than an event: where the path is then. O(log steps). */
size_t progress_steps_until(const struct progress *progress, int axis, uint64_t event);

/*
 * Something of note in the part that is shown, in the order of events: the begin and the end of what is in focus, and each
 * time that one waits for a lock.
 */
struct progress_note {
        uint64_t event;
        char words[160];                        /* "cpu 0 acquires address_space" */
};

enum { PROGRESS_NOTES_MOST = 12 };
size_t progress_notes(const struct progress *progress, struct progress_note notes[PROGRESS_NOTES_MOST]);

/* "address_space", "place_anywhere", "getpid" */
const char *progress_span_name(const struct progress *progress, const struct progress_span *span);

/* In words. Errors of the file are left for the caller to find with ferror(). */
void progress_write_words(const struct progress *progress, FILE *file);
