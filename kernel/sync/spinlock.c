#include "sync/spinlock.h"
#include "arch/clock.h"
#include "arch/cpu.h"
#include "arch/this_cpu.h"
#include "lib/assert.h"
#include "lib/symbols.h"
#include "sync/lock_order.h"
#include "trace/choice.h"
#include "trace/kernel_trace.h"
#include "trace/trace.h"

/*
 * Turns of the waiting loop without any progress of the holder: some ten seconds, longer than it takes a holder to send
 * what it does to the trace.
 */
enum { PATIENCE = 1 << 26 };

/* Some milliseconds, in ticks of the clock, at which to look every so many turns. */
enum { TRACE_TICK = 1 << 23, LOOK_EVERY = 16 };

static void (*wait_hook)(void);
static uint64_t patience = PATIENCE;
static void (*hear_trouble)(struct spinlock *lock);
static uint32_t broken_for;                     /* whose panic it is: the index of the processor plus 1; 0: nobody's */

void spinlocks_set_wait_hook(void (*hook)(void))
{
        wait_hook = hook;
}

void spinlocks_test(void (*hear)(struct spinlock *lock), uint64_t turns)
{
        hear_trouble = hear;
        patience = turns ? turns : PATIENCE;
}

/* Writes this processor where nobody is written; false if somebody is. */
static bool try(uint32_t *word, uint32_t me)
{
        uint32_t nobody = 0;
        return __atomic_compare_exchange_n(word, &nobody, me, false, __ATOMIC_ACQUIRE, __ATOMIC_RELAXED);
}

void spinlocks_break(void)
{
        try(&broken_for, this_cpu_index() + 1);
}

static uint32_t are_broken_for(void)
{
        return __atomic_load_n(&broken_for, __ATOMIC_RELAXED);
}

static uint32_t holder_of(const struct spinlock *lock)
{
        return __atomic_load_n(&lock->holder, __ATOMIC_RELAXED);
}

bool spinlock_is_held(const struct spinlock *lock)
{
        const uint32_t me = this_cpu_index() + 1;
        return holder_of(lock) == me || are_broken_for() == me;
}

/* This processor got somewhere, for those to see that wait for a lock it holds. */
static void note_progress(struct cpu *cpu)
{
        __atomic_store_n(&cpu->progress, cpu->progress + 1, __ATOMIC_RELAXED);
}

static void note_released(const struct spinlock *lock)
{
        struct cpu *cpu = this_cpu();
        note_progress(cpu);
        unsigned i = 0;
        while (cpu->held[i] != lock)
                i++;
        for (cpu->held_count--; i < cpu->held_count; i++)
                cpu->held[i] = cpu->held[i + 1];
}

static void waited_too_long(struct spinlock *lock)
{
        size_t offset;
        const char *name = symbol_find(lock->where - 1, &offset);
        if (are_broken_for())
                return;
        if (!hear_trouble)
                panic("waited too long for the lock \"%s\" at %p: processor %u has had it since 0x%lx, in %s()",
                      lock_class_name(lock->class), (const void *)lock, holder_of(lock) - 1, lock->where,
                      name ? name : "?");
        hear_trouble(lock);
}

static void check_order(struct spinlock *lock)
{
        const struct spinlock *held = lock_order_check(lock->class);
        if (!held || are_broken_for())
                return;
        if (!hear_trouble)
                lock_order_panic(held, lock);
        hear_trouble(lock);
}

/*
 * Changes whenever the lock's holder gets anywhere: the number of locks that its processor has acquired and released,
 * together with how often this lock was acquired. 0 while nobody holds the lock.
 */
static uint64_t progress_of_holder(const struct spinlock *lock)
{
        const uint32_t holder = holder_of(lock);
        if (!holder)
                return 0;
        return __atomic_load_n(&cpus[holder - 1].progress, __ATOMIC_RELAXED) +
               __atomic_load_n(&lock->turn, __ATOMIC_RELAXED);
}

/*
 * How long is too long is measured by the holder, not by the waiter. On a loaded host the waiter may spin for seconds
 * while the holder's processor hardly runs, or the holder may have much to do. Only a holder that does not get anywhere
 * for all of the waiter's patience is taken to be stuck.
 *
 * Every TRACE_TICK the trace is told how far this processor's time has come: a reader cannot go on without that.
 */
static void wait_for(struct spinlock *lock, uint32_t me)
{
        uint64_t turns = 0, idle_turns = 0, told = clock_ticks(), progress = progress_of_holder(lock);
        trace_lock_wanted(lock->class, (uintptr_t)lock);
        while (holder_of(lock) || !try(&lock->holder, me)) {
                const uint64_t now = progress_of_holder(lock);
                if (wait_hook)
                        wait_hook();
                cpu_relax();
                idle_turns = now == progress ? idle_turns + 1 : 0;
                progress = now;
                if (idle_turns == patience) {
                        waited_too_long(lock);
                        idle_turns = 0;
                }
                if (++turns % LOOK_EVERY == 0 && clock_ticks() - told > TRACE_TICK) {
                        trace_tick();
                        told = clock_ticks();
                }
        }
}

void spinlock_acquire(struct spinlock *lock) NO_LOCK_ANALYSIS
{
        const uint32_t me = this_cpu_index() + 1;
        if (are_broken_for() == me)
                return;
        check_order(lock);
        if (!try(&lock->holder, me))
                wait_for(lock, me);
        lock->where = (uintptr_t)__builtin_return_address(0);
        struct cpu *cpu = this_cpu();
        assert(cpu->held_count < LOCKS_HELD_MOST);
        cpu->held[cpu->held_count++] = lock;
        note_progress(cpu);
        lock->held_since = trace_has_locks() ? trace_ticks_without_emitting() : 0;
        trace_lock_acquired(lock->class, (uintptr_t)lock, ++lock->turn);
}

void spinlock_release(struct spinlock *lock) NO_LOCK_ANALYSIS
{
        if (are_broken_for() == this_cpu_index() + 1)
                return;
        assert(spinlock_is_held(lock));
        const uint64_t held = lock->held_since ? trace_ticks_without_emitting() - lock->held_since : 0;
        trace_lock_released(lock->class, (uintptr_t)lock, lock->turn, held);
        note_released(lock);
        __atomic_store_n(&lock->holder, 0, __ATOMIC_RELEASE);
        choice_point();
}
