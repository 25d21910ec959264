#include "arch/this_cpu.h"
#include "mm/frames.h"
#include "mm/kmalloc.h"
#include "task/scheduler.h"
#include "test/test.h"

enum { HELPERS = 5, ROUNDS = 100 };

/* --- turns ------------------------------------------------------------------------------------------------ */

static struct {
        unsigned turns[HELPERS], farthest_apart;
} track;

/* On one processor the count of turns of each thread goes up by one before that of any goes up by two. */
static void take_turns(void *argument)
{
        unsigned *mine = argument;

        for (int i = 0; i < ROUNDS; i++) {
                unsigned least = UINT32_MAX;

                ++*mine;
                for (int other = 0; other < HELPERS; other++)
                        if (track.turns[other] < least)
                                least = track.turns[other];
                if (*mine - least > track.farthest_apart)
                        track.farthest_apart = *mine - least;
                thread_yield();
        }
}

TEST(threads_take_turns)
{
        struct thread *helper[HELPERS];
        bool all = true;

        track.farthest_apart = 0;
        for (int i = 0; i < HELPERS; i++) {
                track.turns[i] = 0;
                CHECK_OK(thread_create("helper", take_turns, &track.turns[i], &helper[i]));
        }
        for (int i = 0; i < HELPERS; i++)
                thread_start(helper[i]);
        for (int i = 0; i < HELPERS; i++)
                thread_join(helper[i]);
        for (int i = 0; i < HELPERS; i++)
                all &= track.turns[i] == ROUNDS;
        CHECK(all);
        CHECK(cpu_count > 1 || track.farthest_apart == 1);
}

/* --- sleeping and waking ---------------------------------------------------------------------------------- */

static struct ball {
        struct spinlock lock;
        struct wait_queue moved;
        struct { unsigned guarded_; } at;
} ball = { .lock = { .class = LOCK_TEST } };

static inline unsigned *ball_at(void) REQUIRES(ball.lock)
{
        return &ball.at.guarded_;
}

/* It goes round in another order than that in which they began to wait, so all must be woken to find the one. */
static struct error pass_on_locked(unsigned me) REQUIRES(ball.lock)
{
        while (2 * *ball_at() % HELPERS != me)
                TRY(thread_sleep(&ball.moved, &ball.lock));
        ++*ball_at();
        wait_queue_wake(&ball.moved, TURN_LAST);
        return SUCCESS;
}

static void play(void *argument)
{
        const unsigned me = (unsigned)(uintptr_t)argument;

        for (int i = 0; i < ROUNDS; i++) {
                spinlock_acquire(&ball.lock);
                error_ignore(pass_on_locked(me));
                spinlock_release(&ball.lock);
        }
}

TEST(no_wake_up_is_lost)
{
        struct thread *helper[HELPERS];
        unsigned end;

        for (uintptr_t i = 0; i < HELPERS; i++)
                CHECK_OK(thread_create("player", play, (void *)i, &helper[i]));
        for (int i = 0; i < HELPERS; i++)
                thread_start(helper[i]);
        for (int i = 0; i < HELPERS; i++)
                thread_join(helper[i]);
        spinlock_acquire(&ball.lock);
        end = *ball_at();
        *ball_at() = 0;
        spinlock_release(&ball.lock);
        CHECK(end == HELPERS * ROUNDS);
}

static struct error wait_in_vain_locked(void) REQUIRES(ball.lock)
{
        for (;;)
                TRY(thread_sleep(&ball.moved, &ball.lock));
}

static void wait_in_vain(void *argument)
{
        struct error *error = argument;

        spinlock_acquire(&ball.lock);
        *error = wait_in_vain_locked();
        spinlock_release(&ball.lock);
}

TEST(who_is_killed_in_its_sleep_is_told_and_so_is_who_is_killed_before)
{
        struct thread *helper;
        struct error error;

        for (int before = 0; before < 2; before++) {
                error = SUCCESS;
                CHECK_OK(thread_create("sleeper", wait_in_vain, &error, &helper));
                if (before)
                        thread_kill(helper);
                thread_start(helper);
                while (!before && thread_state(helper) != THREAD_SLEEPS)
                        thread_yield();
                if (!before)
                        thread_kill(helper);
                thread_join(helper);
                CHECK_ERROR(error, INTERRUPTED);
        }
}

static void sleep_for_a_time(void *argument)
{
        error_ignore(thread_sleep_for(*(uint64_t *)argument));
        *(uint64_t *)argument = 0;
}

TEST(who_sleeps_for_a_time_wakes_by_itself_and_the_shorter_one_first)
{
        uint64_t time[2] = { 3600 * 1000, 10 };         /* no processor is held up for an hour */
        struct thread *helper[2];
        bool shorter_first;

        for (int i = 0; i < 2; i++) {
                CHECK_OK(thread_create("sleeper", sleep_for_a_time, &time[i], &helper[i]));
                thread_start(helper[i]);
        }
        thread_join(helper[1]);
        shorter_first = time[0] && !time[1];
        thread_kill(helper[0]);
        thread_join(helper[0]);
        CHECK(shorter_first);
        CHECK(!time[0]);
}

TEST(who_sleeps_for_ever_can_be_killed)
{
        uint64_t time = UINT64_MAX;
        struct thread *helper;

        CHECK_OK(thread_create("sleeper", sleep_for_a_time, &time, &helper));
        thread_start(helper);
        while (thread_state(helper) != THREAD_SLEEPS)
                thread_yield();
        thread_kill(helper);
        thread_join(helper);
        CHECK(!time);
}

/* --- memory ----------------------------------------------------------------------------------------------- */

TEST(a_thread_that_cannot_be_made_leaves_nothing_behind)
{
        struct error error = { .code = ERROR_NO_MEMORY };
        const size_t live = kmalloc_live().blocks;
        struct thread *thread;

        for (size_t n = 0; error.code; n++) {
                CHECK(kmalloc_live().blocks == live);
                frames_fail_after(n);
                error = thread_create("never", take_turns, &track.turns[0], &thread);
        }
        frames_fail_after(FAIL_NEVER);
        thread_join(thread);                            /* which never ran */
        CHECK(kmalloc_live().blocks == live);
}
