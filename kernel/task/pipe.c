#include "task/pipe.h"
#include "lib/assert.h"
#include "mm/direct_map.h"
#include "mm/frames.h"
#include "mm/kmalloc.h"
#include "task/scheduler.h"

GUARDED_MEMBER(state_of, struct pipe, state, object->lock)

struct error pipe_create(struct pipe **out)
{
        struct pipe *pipe = kmalloc(sizeof *pipe, PURPOSE_PIPE);
        if (!pipe)
                return FAIL(NO_MEMORY);
        uintptr_t frame;
        TRY_OR(frame_allocate(PURPOSE_PIPE, &frame), kfree(pipe));
        *pipe = (struct pipe)PIPE_WITH(direct_map(frame));
        *out = pipe;
        return SUCCESS;
}

void pipe_leave(struct pipe *pipe, enum pipe_end end)
{
        spinlock_acquire(&pipe->lock);
        struct pipe_state *state = state_of(pipe);
        if (!--state->users[end])
                wait_queue_wake(&pipe->waiting[!end], TURN_LAST);
        const bool is_in_use = state->users[PIPE_TO_READ] || state->users[PIPE_TO_WRITE];
        const char *bytes = state->bytes;
        spinlock_release(&pipe->lock);
        if (is_in_use)
                return;
        frame_free(direct_map_physical(bytes));
        kfree(pipe);
}

/* Puts as many bytes as there is room for, and yields how many. */
static size_t put_locked(struct pipe *pipe, const char *bytes, size_t size, enum turn turn) REQUIRES(pipe->lock)
{
        struct pipe_state *state = state_of(pipe);
        const size_t room = PAGE_SIZE - state->count;
        const size_t put = size < room ? size : room, end = state->begin + state->count;
        char *ring = state->bytes;

        for (size_t i = 0; i < put; i++)
                ring[(end + i) % PAGE_SIZE] = bytes[i];
        state->count += put;
        if (put)
                wait_queue_wake(&pipe->waiting[PIPE_TO_READ], turn);
        return put;
}

static struct error read_locked(struct pipe *pipe, char *bytes, size_t most, size_t *count) REQUIRES(pipe->lock)
{
        struct pipe_state *state = state_of(pipe);

        while (!state->count && state->users[PIPE_TO_WRITE])
                TRY(thread_sleep(&pipe->waiting[PIPE_TO_READ], &pipe->lock));
        const size_t taken = most < state->count ? most : state->count, begin = state->begin;
        const char *ring = state->bytes;

        for (size_t i = 0; i < taken; i++)
                bytes[i] = ring[(begin + i) % PAGE_SIZE];
        state->begin = (begin + taken) % PAGE_SIZE;
        state->count -= taken;
        *count = taken;
        if (taken)
                wait_queue_wake(&pipe->waiting[PIPE_TO_WRITE], TURN_LAST);
        return SUCCESS;
}

/* Once there is room for all of the bytes, so that nothing comes in between. */
static struct error write_locked(struct pipe *pipe, const char *bytes, size_t size) REQUIRES(pipe->lock)
{
        struct pipe_state *state = state_of(pipe);

        while (state->users[PIPE_TO_READ] && PAGE_SIZE - state->count < size)
                TRY(thread_sleep(&pipe->waiting[PIPE_TO_WRITE], &pipe->lock));
        if (!state->users[PIPE_TO_READ])
                return FAIL(CLOSED);
        put_locked(pipe, bytes, size, TURN_LAST);
        return SUCCESS;
}

struct error pipe_read(struct pipe *pipe, void *bytes, size_t most, size_t *count)
{
        return WITH_LOCK(&pipe->lock, read_locked(pipe, bytes, most, count));
}

struct error pipe_write(struct pipe *pipe, const void *bytes, size_t size)
{
        assert(size <= PIPE_ATOMIC, "%zu bytes", size);
        return WITH_LOCK(&pipe->lock, write_locked(pipe, bytes, size));
}

size_t pipe_offer(struct pipe *pipe, const void *bytes, size_t size)
{
        return WITH_LOCK(&pipe->lock, put_locked(pipe, bytes, size, TURN_NEXT));
}
