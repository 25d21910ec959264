/*
 * A recording that can be walked in both directions: the model at any event, the events around it, and where
 * operations, faults and errors are. The live view, the pictures and the page read recordings through this.
 *
 *      struct history *history;
 *      bool more;
 *
 *      TRY(history_open("run.rtrace", HISTORY_WHOLE, 256 << 20, &history));
 *      do
 *              TRY(history_index(history, 50000, &more));      a piece at a time; a viewer handles keys in between
 *      while (more);
 *      TRY(history_seek(history, 1204));
 *      ... model_tree(history_model(history), 2), as it is after event 1,204 ...
 *      history_close(history);
 *
 * Indexing reads the recording once, from its beginning to its end, and keeps a list of landmarks (where operations
 * begin, ...) and checkpoints: saved models with places in the stream, from which seeking goes on. One can seek to any
 * event that was indexed. A recording that grows is indexed again and again; each time there may be more.
 *
 * Events that are missing have numbers, but nothing to show: seeking to one of them gives the state before it.
 *
 * One thread at a time may use a history. What it returns belongs to it.
 */
#pragma once

#include "model/model.h"
#include "stream/frames.h"
#include "stream/reader.h"

struct history;

/* Whether the recording has all its bytes now, or a kernel may still write to it. */
enum history_kind { HISTORY_WHOLE, HISTORY_GROWING };

/*
 * Opens what source_open() understands, or takes a source, which it closes even if it fails (`name` is used in words),
 * and reads the header. `memory` bounds what the history takes, in bytes: the model where it is, the one that is
 * indexed, checkpoints and landmarks. A model may take half of that; a recording with a moment that takes more cannot
 * be indexed beyond it: NO_MEMORY. What cannot be read at any place (a pipe, a socket, a compressed file) is kept in a
 * temporary file. IO, BAD_INPUT or NO_MEMORY with an error message; BAD_INPUT also while a growing recording has no
 * complete header yet.
 */
struct error history_open(const char *path, enum history_kind kind, size_t memory, struct history **out);
struct error history_open_source(struct source source, const char *name, enum history_kind kind, size_t memory,
                                 struct history **out);
void history_close(struct history *history);

const struct schema *history_schema(const struct history *history);
const char *history_name(const struct history *history);

/* --- the index -------------------------------------------------------------------------------------------- */

/*
 * Indexes up to `budget` more events. `*more`: the budget was used up. Else the end was reached, in a growing recording
 * that of what has arrived. Blocks only if a pipe or a socket does. IO or NO_MEMORY with an error message.
 */
struct error history_index(struct history *history, uint64_t budget, bool *more);

/*
 * Checkpoints are at least so many events apart; 100,000 unless set before indexing begins. Where there is too little
 * memory they are thinned out.
 */
void history_set_spacing(struct history *history, uint64_t events);

/*
 * So much of the memory is left for something else from now on; 0: none. NO_MEMORY with an error message if models and
 * landmarks leave less; then none is.
 */
struct error history_spare(struct history *history, size_t bytes);

/* Nothing more will be written to a growing recording: events that wait for other cpus will be indexed, too. */
void history_finish(struct history *history);

struct history_progress {
        uint64_t bytes, size;                   /* indexed, and in all as far as is known */
        uint64_t newest;                        /* the number of the newest event that is indexed; 0: none */
        uint64_t ticks;                         /* the latest time of an event so far */
        size_t checkpoints;                     /* how many there are */
        size_t memory;                          /* what they, the landmarks and the models take, in bytes */
        size_t largest_model;                   /* what the model took when it was largest */
        bool landmarks_complete;                /* false: they would have taken too much memory, and end early */
};

struct history_progress history_progress(const struct history *history);

/* The model after the newest event that is indexed: it has every tree, space and task there ever was up to there. */
const struct model *history_newest_model(const struct history *history);

/* The reader that indexes: what was wrong with the stream, and its totals so far. */
const struct reader *history_reader(const struct history *history);

enum history_landmark_kind {
        LANDMARK_OPERATION,                     /* a tree operation; object: its tree */
        LANDMARK_SPACE_OPERATION,               /* object: its space */
        LANDMARK_FAULT,                         /* a page fault; object: its space */
        LANDMARK_ERROR,                         /* an error was raised, or a panic; number: the error's code */
        LANDMARK_LOCK_ORDER,                    /* locks were wanted in a wrong order; number: the class wanted */
        LANDMARK_SCRIPT_LINE,                   /* number: the line */
        LANDMARK_LOSS,                          /* the first event after missing ones; number: how many */
};

struct history_landmark {
        uint64_t event;                         /* the number of its first event, which begins it */
        uint64_t object;                        /* id; 0 if it has none */
        uint64_t number;                        /* of the operation, in its tree or space; or as said above */
        uint64_t change;                        /* operation on a tree: its first event that changes anything; 0: none */
        uint64_t end;                           /* operation: its last event; 0: the index does not have it */
        uint32_t visits;                        /* operation on a tree: nodes visited so far */
        uint8_t kind;                           /* enum history_landmark_kind */
        uint8_t what;                           /* enum tree_operation, space_operation or fault_verdict */
};

#define LANDMARKS_OF(kind) (1u << (kind))
#define LANDMARKS_ALL UINT32_MAX

/* All landmarks, in the order of their events. The array is valid until the next call of history_index(). */
const struct history_landmark *history_landmarks(const struct history *history, size_t *count);

/*
 * The nearest landmark after (or before) an event, of the kinds in the set, and of one object (0: any). NULL if there
 * is none. O(log landmarks + those that are passed over).
 */
const struct history_landmark *history_landmark_after(const struct history *history, uint64_t event, uint32_t kinds,
                                                      uint64_t object);
const struct history_landmark *history_landmark_before(const struct history *history, uint64_t event, uint32_t kinds,
                                                       uint64_t object);

/* An operation of a tree by its number; NULL if it is not indexed. O(landmarks). */
const struct history_landmark *history_operation(const struct history *history, uint64_t tree, uint64_t number);

/* --- walking ---------------------------------------------------------------------------------------------- */

/*
 * Goes to the state just after event `number`, forwards or backwards; 0 is the state before all events. NOT_FOUND with
 * an error message if that event is not indexed; else IO or NO_MEMORY. O(events since the nearest checkpoint before
 * it), but a step forwards is O(1).
 */
struct error history_seek(struct history *history, uint64_t number);

/* Goes on by one event. `*moved` is false, and nothing has changed, at the end of what is indexed. IO or NO_MEMORY. */
struct error history_step(struct history *history, bool *moved);

/* The state there. A pointer into the model is valid until the next seek or step. */
const struct model *history_model(const struct history *history);
/* The event that was applied last, with its text; NULL before all events. Valid until the next seek or step. */
const struct event *history_event(const struct history *history);
/* Its number; 0 before all events. */
uint64_t history_position(const struct history *history);
/* How many events up to there the model refused to apply. */
uint64_t history_refused(const struct history *history);

/* --- single events ---------------------------------------------------------------------------------------- */

/* An event with its text. `event.text` points into the structure, which is therefore not to be copied. */
struct history_event {
        struct event event;
        char text[FRAMES_BODY_MAX + 1];
};

/*
 * The event with a number, or, if that is missing, the next one that is there. The state does not move. NOT_FOUND if
 * it is not indexed. The events near one that was read before, on either side, cost about 50 us each, the next one
 * less than 1 us.
 */
struct error history_read(struct history *history, uint64_t number, struct history_event *out);

/*
 * The number of the last event before the first one that is later than `ticks`; 0 if the first event is. As events are
 * missing, or come late, it may be followed by events of an earlier time. O(log landmarks + events between
 * checkpoints).
 */
struct error history_at_time(struct history *history, uint64_t ticks, uint64_t *number);
