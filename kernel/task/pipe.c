#include "task/pipe.h"
#include "mm/direct_map.h"
#include "mm/frames.h"
#include "mm/kmalloc.h"
#include "task/scheduler.h"

static inline struct pipe_state *state_of(struct pipe *pipe) REQUIRES(pipe->lock)
{
        return &pipe->state.guarded_;
}

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
                wait_queue_wake(&pipe->waiting[!end]);
        const bool is_in_use = state->users[PIPE_TO_READ] || state->users[PIPE_TO_WRITE];
        const char *bytes = state->bytes;
        spinlock_release(&pipe->lock);
        if (is_in_use)
                return;
        frame_free(direct_map_physical(bytes));
        kfree(pipe);
}

static size_t put_locked(struct pipe *pipe, const char *bytes, size_t size) REQUIRES(pipe->lock)
{
        struct pipe_state *state = state_of(pipe);
        size_t put = 0;
        for (; put < size && state->count < PAGE_SIZE; state->count++)
                state->bytes[(state->begin + state->count) % PAGE_SIZE] = bytes[put++];
        if (put)
                wait_queue_wake(&pipe->waiting[PIPE_TO_READ]);
        return put;
}

static struct error read_locked(struct pipe *pipe, char *bytes, size_t most, size_t *count) REQUIRES(pipe->lock)
{
        struct pipe_state *state = state_of(pipe);
        while (!state->count && state->users[PIPE_TO_WRITE])
                TRY(thread_sleep(&pipe->waiting[PIPE_TO_READ], &pipe->lock));
        for (*count = 0; *count < most && state->count; state->count--) {
                bytes[(*count)++] = state->bytes[state->begin];
                state->begin = (state->begin + 1) % PAGE_SIZE;
        }
        if (*count)
                wait_queue_wake(&pipe->waiting[PIPE_TO_WRITE]);
        return SUCCESS;
}

static struct error write_locked(struct pipe *pipe, const char *bytes, size_t size) REQUIRES(pipe->lock)
{
        for (;;) {
                if (!state_of(pipe)->users[PIPE_TO_READ])
                        return FAIL(CLOSED);
                const size_t put = put_locked(pipe, bytes, size);
                bytes += put;
                size -= put;
                if (!size)
                        return SUCCESS;
                TRY(thread_sleep(&pipe->waiting[PIPE_TO_WRITE], &pipe->lock));
        }
}

struct error pipe_read(struct pipe *pipe, void *bytes, size_t most, size_t *count)
{
        return LOCKED(&pipe->lock, read_locked(pipe, bytes, most, count));
}

struct error pipe_write(struct pipe *pipe, const void *bytes, size_t size)
{
        return LOCKED(&pipe->lock, write_locked(pipe, bytes, size));
}

size_t pipe_offer(struct pipe *pipe, const void *bytes, size_t size)
{
        return LOCKED(&pipe->lock, put_locked(pipe, bytes, size));
}
