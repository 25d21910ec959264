#include "arch/clock.h"
#include "arch/this_cpu.h"
#include "mm/tlb.h"
#include "sync/lock_order.h"
#include "sync/spinlock.h"
#include "test/test.h"
#include "trace/gate.h"
#include "trace/kernel_trace.h"

#include <stddef.h>

static struct spinlock outer = SPINLOCK(LOCK_TEST), inner = SPINLOCK(LOCK_TEST_INNER);
static struct spinlock like_inner = SPINLOCK(LOCK_TEST_INNER);

static unsigned violations;
static struct spinlock *violating;
static bool second_is_noted;

static void count_violation(struct spinlock *lock)
{
        violations++;
        violating = lock;
        if (lock->holder)                       /* one that is never released */
                lock->holder = 0;
}

static void nest(struct spinlock *first, struct spinlock *second) NO_LOCK_ANALYSIS
{
        violations = 0;
        spinlocks_set_test_handler(count_violation, 1000);
        spinlock_acquire(first);
        spinlock_acquire(second);
        spinlock_release(first);                /* in any order */
        second_is_noted = this_cpu()->held[this_cpu()->held_count - 1] == second;
        spinlock_release(second);
        spinlocks_set_test_handler(NULL, 0);
}

TEST(a_lock_is_held_by_this_processor_from_acquire_to_release)
{
        unsigned held = this_cpu()->held_count;
        uint64_t turn = outer.turn;
        bool was_held;

        CHECK(!spinlock_is_held(&outer));
        spinlock_acquire(&outer);
        was_held = spinlock_is_held(&outer) && outer.turn == turn + 1 && this_cpu()->held_count == held + 1;
        spinlock_release(&outer);
        CHECK(was_held);
        CHECK(!spinlock_is_held(&outer));
        CHECK(this_cpu()->held_count == held);
}

TEST(locks_in_one_order_violate_nothing)
{
        for (int i = 0; i < 3; i++) {
                nest(&outer, &inner);
                CHECK(!violations && second_is_noted);
        }
        CHECK(!this_cpu()->held_count);
}

TEST(locks_in_the_other_order_are_a_violation_though_none_is_waited_for)
{
        nest(&outer, &inner);
        CHECK(!violations);
        nest(&inner, &outer);
        CHECK(violations == 1 && violating == &outer);
        nest(&outer, &inner);
        CHECK(!violations);
}

TEST(two_locks_of_one_class_are_a_violation)
{
        nest(&inner, &like_inner);
        CHECK(violations == 1 && violating == &like_inner);
}

/* test before test_inner, test_inner before console: so test is before console, an order that was never taken. */
TEST(locks_in_a_circle_of_three_are_a_violation)
{
        static struct spinlock innermost = SPINLOCK(LOCK_CONSOLE);

        nest(&outer, &inner);
        nest(&inner, &innermost);
        CHECK(!violations);
        nest(&innermost, &outer);
        CHECK(violations == 1 && violating == &outer);
}

/* The order kmalloc before frames was recorded earlier, by the kernel itself. */
TEST(locks_in_a_circle_of_three_are_a_violation_whichever_order_was_recorded_first)
{
        static struct spinlock like_kmalloc = SPINLOCK(LOCK_KMALLOC), like_frames = SPINLOCK(LOCK_FRAMES);

        nest(&inner, &like_kmalloc);
        CHECK(!violations);
        nest(&like_frames, &inner);
        CHECK(violations == 1 && violating == &inner);
}

TEST(a_wait_that_is_too_long_is_a_violation)
{
        violations = 0;
        spinlocks_set_test_handler(count_violation, 1000);
        outer.holder = CPUS_MOST;               /* as if another processor had it */
        spinlock_acquire(&outer);
        spinlock_release(&outer);
        spinlocks_set_test_handler(NULL, 0);
        CHECK(violations == 1 && violating == &outer);
}

enum { TURNS_OF_HOLDER = 10000, FAKE_HOLDER = CPUS_MOST - 1 };

static unsigned turns_of_holder;

/* Called in each turn of a wait: plays the processor that holds the lock, makes progress, and at last releases it. */
static void play_holder(void)
{
        tlb_serve();
        cpus[FAKE_HOLDER].progress++;
        if (++turns_of_holder == TURNS_OF_HOLDER)
                outer.holder = 0;
}

/* The wait takes ten times as many turns as there is patience for. */
TEST(a_holder_that_makes_progress_is_waited_for)
{
        violations = turns_of_holder = 0;
        spinlocks_set_test_handler(count_violation, TURNS_OF_HOLDER / 10);
        gate_wait_hook = play_holder;
        outer.holder = FAKE_HOLDER + 1;
        spinlock_acquire(&outer);
        spinlock_release(&outer);
        gate_wait_hook = tlb_serve;
        spinlocks_set_test_handler(NULL, 0);
        CHECK(!violations && turns_of_holder == TURNS_OF_HOLDER);
}

static uint64_t waits_until;

static void give_back_in_time(struct spinlock *lock)
{
        if (clock_ticks() >= waits_until)
                lock->holder = 0;
}

/* lock-events.t looks for the frames in the trace. */
TEST(a_long_wait_for_a_lock_sends_the_time)
{
        const uint64_t tens_of_milliseconds = 1 << 26;

        waits_until = clock_ticks() + tens_of_milliseconds;
        spinlocks_set_test_handler(give_back_in_time, 100);
        outer.holder = CPUS_MOST;
        spinlock_acquire(&outer);
        spinlock_release(&outer);
        spinlocks_set_test_handler(NULL, 0);
        CHECK(clock_ticks() >= waits_until);
}

/*
 * Each error raised is an event, and takes far longer to emit than all else that is done here. Only lock-events.t runs
 * this with locks traced; otherwise there is nothing to measure.
 */
TEST(time_spent_on_emitting_is_not_time_for_which_a_lock_is_held)
{
        const uint64_t start = clock_ticks();

        if (!trace_has_locks())
                return;
        spinlock_acquire(&outer);
        for (int i = 0; i < 200; i++)
                error_ignore(FAIL(INTERRUPTED));

        const uint64_t held = trace_ticks_without_emitting() - outer.held_since;
        spinlock_release(&outer);
        CHECK(held < (clock_ticks() - start) / 4);
}
