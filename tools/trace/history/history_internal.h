/*
 * What the files of a history share: history.c opens it and walks, history_index.c indexes and keeps checkpoints,
 * history_landmarks.c finds landmarks, history_read.c reads single events, history_store.c has the bytes.
 * No other file includes this.
 */
#pragma once

#include "base/error_message.h"
#include "base/format.h"
#include "history/history.h"
#include "history/history_store.h"
#include "stream/reader_position.h"

/* Events from one checkpoint to the next, at first: what can be read, with the model, in about 10 ms. */
enum { HISTORY_SPACING = 100000 };

/* A state from which reading can go on. The first one is the state before all events. */
struct checkpoint {
        uint64_t number, ticks;                 /* of the last event before it */
        uint64_t refused;                       /* events so far that the model refused */
        struct reader_position *position;
        uint8_t *saved;                         /* the model, saved */
        size_t saved_size;
};

/* A reader that can be anywhere in the recording. */
struct history_cursor {
        struct history_place place;
        struct reader *reader;
};

/* A place between two checkpoints at which the reader of single events has been. */
struct history_mark {
        uint64_t number;                        /* of the last event before it */
        struct reader_position *position;
};

struct history {
        struct history_store store;
        char *name;
        enum history_kind kind;
        size_t memory_limit;                    /* bytes that all of it may take */
        size_t spared;                          /* ... without these */
        size_t memory;                          /* that checkpoints and landmarks take */
        size_t largest_model;                   /* bytes that the model took at any event so far */

        struct history_cursor index;            /* the indexer, and its model */
        struct model *newest_model;
        uint64_t newest, newest_ticks;
        uint64_t newest_refused;
        uint64_t spacing;                       /* events from one checkpoint to the next, at least */
        struct checkpoint *checkpoint;
        size_t checkpoints;

        struct history_landmark *landmark;
        size_t landmarks, room_for_landmarks;
        bool landmarks_full;
        size_t operation_on[MODEL_CPUS_MAX];    /* the landmark, from 1, of the operation in progress on a cpu */

        struct history_cursor walk;             /* the walker, its model, and the events that it reached */
        struct model *model;
        uint64_t position;                      /* number of the newest event applied */
        uint64_t refused;
        struct history_event at, next;          /* applied last; read ahead */
        bool has_at, has_next;

        struct history_cursor single;           /* reads single events, without a model */
        struct history_event ahead;             /* its newest event: the next one to be given out */
        bool has_ahead;
        size_t segment;                         /* the checkpoint, counted from 1, after which the marks are */
        struct history_mark *mark;
        size_t marks, room_for_marks;
        uint64_t before_single;                 /* number of the event before `ahead` */
};

/* Opens a reader of its own on the store. IO, BAD_INPUT. */
struct error history_cursor_open(struct history *history, struct history_cursor *cursor);
/* Goes to a position in the stream. */
struct error history_cursor_go(struct history_cursor *cursor, const struct reader_position *position);
/* The next event, copied; `*more` is false at the end of what has arrived. IO. */
struct error history_cursor_next(struct history_cursor *cursor, struct history_event *out, bool *more);

/* The last checkpoint whose number is at most this. Never NULL. O(log checkpoints). */
const struct checkpoint *history_checkpoint(const struct history *history, uint64_t number);
/* The bytes that all of it takes now, or will take when the walker is where the model is largest. O(1). */
size_t history_memory(const struct history *history);
/* Drops checkpoints until that is no more than it may be, or only the first one is left. */
void history_fit(struct history *history);
/* Keeps the indexer's state as a checkpoint. NO_MEMORY. */
struct error history_keep_checkpoint(struct history *history);
void history_free_checkpoints(struct history *history);

/* Sees an event that the indexer applies, and keeps its landmark, if it is one. NO_MEMORY. */
struct error history_see_landmark(struct history *history, const struct event *event);

void history_forget_marks(struct history *history);
