#include "mm/frames.h"
#include "mm/kmalloc.h"
#include "task/pipe.h"
#include "task/scheduler.h"
#include "test/test.h"

enum { MUCH = 3 * PAGE_SIZE + 17 };

/* Every byte differs from those near it. */
static char byte_at(size_t i)
{
        return (char)(i * 7 + i / PAGE_SIZE);
}

static void write_much(void *argument)
{
        struct pipe *pipe = argument;

        for (size_t i = 0; i < MUCH; i++) {
                const char byte = byte_at(i);

                if (pipe_write(pipe, &byte, 1).code)
                        break;
        }
        pipe_leave(pipe, PIPE_TO_WRITE);
}

TEST(a_pipe_yields_what_was_written_in_order_and_then_its_end)
{
        size_t count = 1, at = 0, wrong = 0;
        struct thread *writer;
        struct pipe *pipe;
        char bytes[100];

        CHECK_OK(pipe_create(&pipe));
        CHECK_OK(thread_create("writer", write_much, pipe, &writer));
        thread_start(writer);
        while (count && !pipe_read(pipe, bytes, sizeof bytes, &count).code)
                for (size_t i = 0; i < count; i++)
                        wrong += bytes[i] != byte_at(at++);
        pipe_leave(pipe, PIPE_TO_READ);
        thread_join(writer);
        CHECK(at == MUCH);
        CHECK(!wrong);
}

struct attempt {
        struct pipe *pipe;
        struct error error;
};

static void write_a_page_and_a_byte(void *argument)
{
        static const char bytes[PAGE_SIZE];
        struct attempt *attempt = argument;

        attempt->error = pipe_write(attempt->pipe, bytes, sizeof bytes);
        if (!attempt->error.code)
                attempt->error = pipe_write(attempt->pipe, bytes, 1);
}

TEST(a_writer_that_waits_for_room_hears_that_the_last_reader_has_gone)
{
        struct attempt attempt;
        struct thread *writer;

        CHECK_OK(pipe_create(&attempt.pipe));
        CHECK_OK(thread_create("writer", write_a_page_and_a_byte, &attempt, &writer));
        thread_start(writer);
        while (thread_state(writer) != THREAD_SLEEPS)
                thread_yield();
        pipe_leave(attempt.pipe, PIPE_TO_READ);
        thread_join(writer);
        pipe_leave(attempt.pipe, PIPE_TO_WRITE);
        CHECK_ERROR(attempt.error, CLOSED);
}

TEST(what_is_offered_to_a_full_pipe_is_lost_without_waiting)
{
        static char bytes[PAGE_SIZE];
        size_t count, all = 0;
        struct pipe *pipe;

        CHECK_OK(pipe_create(&pipe));
        for (int i = 0; i < 3; i++)
                pipe_offer(pipe, bytes, sizeof bytes - 1);
        pipe_leave(pipe, PIPE_TO_WRITE);
        do {
                CHECK_OK(pipe_read(pipe, bytes, 1000, &count));
                all += count;
        } while (count);
        pipe_leave(pipe, PIPE_TO_READ);
        CHECK(all == PAGE_SIZE);
}

TEST(a_pipe_that_cannot_be_made_leaves_nothing_behind)
{
        struct error error = { .code = ERROR_NO_MEMORY };
        const size_t live = kmalloc_live().blocks;
        struct pipe *pipe;

        for (size_t n = 0; error.code; n++) {
                CHECK(kmalloc_live().blocks == live);
                frames_fail_after(n);
                error = pipe_create(&pipe);
        }
        frames_fail_after(FAIL_NEVER);
        pipe_leave(pipe, PIPE_TO_READ);
        pipe_leave(pipe, PIPE_TO_WRITE);
        CHECK(kmalloc_live().blocks == live);
}
