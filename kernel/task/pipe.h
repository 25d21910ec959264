/*
 * A pipe: bytes that one side writes and the other reads, in order, with room for a page of them in between. Each end
 * counts its users; when both have none, the pipe is freed. Every call takes the lock of the pipe, which is taken
 * before the scheduler's and held while a page is copied at most.
 */
#pragma once

#include "task/thread.h"

/* A write of up to so many bytes is atomic, POSIX's PIPE_BUF: no other writer's bytes come in between. */
enum { PIPE_ATOMIC = PAGE_SIZE };

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

/* Makes a pipe with one user at either end. NO_MEMORY. O(1). */
struct error pipe_create(struct pipe **out);

/*
 * Takes one user from one end. When an end has no user left, the threads that wait at the other end are woken; when
 * both have none, the pipe is freed. O(threads woken).
 */
void pipe_leave(struct pipe *pipe, enum pipe_end end);

/* Waits for at least one byte, and takes as many as there are, up to `most`; 0 if no writer is left. INTERRUPTED. */
struct error pipe_read(struct pipe *pipe, void *bytes, size_t most, size_t *count);

/* Writes up to PIPE_ATOMIC bytes, once there is room for all of them. CLOSED if no reader is left, INTERRUPTED. */
struct error pipe_write(struct pipe *pipe, const void *bytes, size_t size);

/*
 * Writes as much as there is room for, without waiting; the readers have the next turns. Yields how many bytes.
 * O(size).
 */
size_t pipe_offer(struct pipe *pipe, const void *bytes, size_t size);
