/*
 * A pipe: bytes that one side writes and the other reads, in order, with room for a page of them in between. Both ends
 * are counted; when nobody is left at either, the pipe is gone.
 */
#pragma once

#include "sync/spinlock.h"
#include "task/thread.h"

enum pipe_end { PIPE_TO_READ, PIPE_TO_WRITE };

struct pipe_state {
        char *bytes;                            /* a page: a ring */
        size_t begin, count;
        unsigned users[2];                      /* of each end */
};

struct pipe {
        struct spinlock lock;
        struct wait_queue waiting[2];           /* at each end: to read, to write */
        struct { struct pipe_state guarded_; } state;
};

/* With one user at either end. */
#define PIPE_WITH(page) { .lock = { .class = LOCK_PIPE }, .state = { { .bytes = (page), .users = { 1, 1 } } } }

/* A pipe with one user at either end. NO_MEMORY. */
struct error pipe_create(struct pipe **out);

/* A user of an end goes. */
void pipe_leave(struct pipe *pipe, enum pipe_end end);

/* Waits for at least one byte, and takes as many as there are, up to `most`. 0 if no writer is left. INTERRUPTED. */
struct error pipe_read(struct pipe *pipe, void *bytes, size_t most, size_t *count);

/* Writes all, as there comes to be room. CLOSED if no reader is left, INTERRUPTED: then some may have been written. */
struct error pipe_write(struct pipe *pipe, const void *bytes, size_t size);

/* Writes as much as there is room for now, without waiting. Yields how much. */
size_t pipe_offer(struct pipe *pipe, const void *bytes, size_t size);
