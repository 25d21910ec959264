#include "sync/spinlock.h"
#include "arch/clock.h"
#include "arch/this_cpu.h"
#include "lib/assert.h"
#include "lib/symbols.h"
#include "sync/lock_order.h"
#include "trace/choice.h"
#include "trace/gate.h"
#include "trace/kernel_trace.h"
#include "trace/trace.h"

/*
 * Turns of the waiting loop without any progress of the holder before the wait is too long: some ten seconds, longer
 * than a holder needs to send its events to the trace.
 */
enum { PATIENCE = 1 << 26 };

/*
 * While it waits, a processor sends an empty frame every TRACE_TICK ticks, some milliseconds. It reads the clock only
 * every LOOK_EVERY turns, since that is slow under emulation.
 */
enum { TRACE_TICK = 1 << 23, LOOK_EVERY = 16 };

static uint64_t patience = PATIENCE;

/* A test's own handler of violations; NULL: a violation is a panic. */
static void (*violation_handler)(struct spinlock *lock);

/* The processor that panics, as its index plus 1: for it every lock counts as held. 0: none panics. */
static uint32_t busted_for;

void spinlocks_set_test_handler(void (*handler)(struct spinlock *lock), uint64_t turns)
{
        violation_handler = handler;
        patience = turns ? turns : PATIENCE;
}

/* Changes `*word` from 0 to `me`. False, and no change, if it is not 0. */
static bool try_claim(uint32_t *word, uint32_t me)
{
        uint32_t expected = 0;
        return __atomic_compare_exchange_n(word, &expected, me, false, __ATOMIC_ACQUIRE, __ATOMIC_RELAXED);
}

static uint32_t locks_are_busted_for(void)
{
        return __atomic_load_n(&busted_for, __ATOMIC_RELAXED);
}

bool spinlocks_bust(void)
{
        const uint32_t me = this_cpu_index() + 1;
        return try_claim(&busted_for, me) || locks_are_busted_for() == me;
}

static uint32_t holder_of(const struct spinlock *lock)
{
        return __atomic_load_n(&lock->holder, __ATOMIC_RELAXED);
}

bool spinlock_is_held(const struct spinlock *lock)
{
        const uint32_t me = this_cpu_index() + 1;
        return holder_of(lock) == me || locks_are_busted_for() == me;
}

/* --- what this processor holds ----------------------------------------------------------------------------- */

/* Counts a step forward, for the processors that wait for a lock that this one holds. */
static void count_progress(struct cpu *cpu)
{
        __atomic_store_n(&cpu->progress, cpu->progress + 1, __ATOMIC_RELAXED);
}

static void add_to_held(const struct spinlock *lock)
{
        struct cpu *cpu = this_cpu();
        assert(cpu->held_count < LOCKS_HELD_MOST);
        cpu->held[cpu->held_count] = lock;
        cpu->held_count++;
        count_progress(cpu);
}

/* Locks may be released in any order. The last one of the list takes the place of the one that is released. */
static void remove_from_held(const struct spinlock *lock)
{
        struct cpu *cpu = this_cpu();
        unsigned i = 0;
        while (cpu->held[i] != lock)
                i++;

        cpu->held_count--;
        cpu->held[i] = cpu->held[cpu->held_count];
        count_progress(cpu);
}

/* --- violations -------------------------------------------------------------------------------------------- */

static void report_long_wait(struct spinlock *lock)
{
        if (locks_are_busted_for())
                return;
        if (violation_handler) {
                violation_handler(lock);
                return;
        }

        const struct symbol *symbol = symbol_find(lock->where - 1);
        panic("waited too long for the lock \"%s\" at %p: processor %u has had it since 0x%lx, in %s()",
              lock_class_name(lock->class), (const void *)lock, holder_of(lock) - 1, lock->where,
              symbol ? symbol->name : "?");
}

static void check_order(struct spinlock *lock)
{
        const struct spinlock *held = lock_order_check(lock->class);
        if (!held || locks_are_busted_for())
                return;
        if (violation_handler)
                violation_handler(lock);
        else
                lock_order_panic(held, lock);
}

/* --- waiting, acquiring, releasing ------------------------------------------------------------------------- */

/*
 * A number that changes whenever the lock's holder makes progress: how many locks its processor has acquired and
 * released, plus how often this lock was acquired. 0 while the lock is free.
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
 * Spins until this processor has the lock.
 *
 * Only turns in which the holder makes no progress count towards the patience. On a loaded host the holder's processor
 * may hardly run while this one spins for seconds; a holder is taken to be stuck only if it does nothing for all of
 * that.
 *
 * A reader of the trace merges the processors by time. The empty frames carry this one's time.
 */
static void wait_for(struct spinlock *lock, uint32_t me)
{
        uint64_t turns = 0, turns_without_progress = 0;
        uint64_t last_progress = progress_of_holder(lock), last_tick = clock_ticks();

        trace_lock_wanted(lock->class, (uintptr_t)lock);
        while (holder_of(lock) || !try_claim(&lock->holder, me)) {
                const uint64_t progress = progress_of_holder(lock);
                gate_in_wait();

                turns_without_progress = progress == last_progress ? turns_without_progress + 1 : 0;
                last_progress = progress;
                if (turns_without_progress == patience) {
                        report_long_wait(lock);
                        turns_without_progress = 0;
                }

                turns++;
                if (turns % LOOK_EVERY == 0 && clock_ticks() - last_tick > TRACE_TICK) {
                        trace_tick();
                        last_tick = clock_ticks();
                }
        }
}

void spinlock_acquire(struct spinlock *lock) NO_LOCK_ANALYSIS
{
        const uint32_t me = this_cpu_index() + 1;
        if (locks_are_busted_for() == me)
                return;

        check_order(lock);
        if (!try_claim(&lock->holder, me))
                wait_for(lock, me);

        lock->where = (uintptr_t)__builtin_return_address(0);
        lock->turn++;
        add_to_held(lock);
        lock->held_since = trace_has_locks() ? trace_ticks_without_emitting() : 0;
        trace_lock_acquired(lock->class, (uintptr_t)lock, lock->turn);
}

void spinlock_release(struct spinlock *lock) NO_LOCK_ANALYSIS
{
        if (locks_are_busted_for() == this_cpu_index() + 1)
                return;

        assert(spinlock_is_held(lock));
        const uint64_t held = lock->held_since ? trace_ticks_without_emitting() - lock->held_since : 0;
        trace_lock_released(lock->class, (uintptr_t)lock, lock->turn, held);
        remove_from_held(lock);
        __atomic_store_n(&lock->holder, 0, __ATOMIC_RELEASE);
        choice_point();
}
