#include "sync/spinlock.h"
#include "arch/cpu.h"
#include "arch/this_cpu.h"
#include "lib/assert.h"
#include "sync/choice.h"
#include "trace/trace.h"

static uint32_t holder_of(const struct spinlock *lock)
{
        return __atomic_load_n(&lock->holder, __ATOMIC_RELAXED);
}

bool spinlock_is_held(const struct spinlock *lock)
{
        return holder_of(lock) == this_cpu_index() + 1;
}

static bool try(struct spinlock *lock, uint32_t me)
{
        uint32_t nobody = 0;

        return __atomic_compare_exchange_n(&lock->holder, &nobody, me, false, __ATOMIC_ACQUIRE, __ATOMIC_RELAXED);
}

void spinlock_acquire(struct spinlock *lock) NO_LOCK_ANALYSIS
{
        const uint32_t me = this_cpu_index() + 1;

        assert(holder_of(lock) != me);
        if (!try(lock, me)) {
                trace_lock_wanted(lock->class, (uintptr_t)lock);
                while (holder_of(lock) || !try(lock, me))
                        cpu_relax();
        }
        trace_lock_acquired(lock->class, (uintptr_t)lock, ++lock->turn);
}

void spinlock_release(struct spinlock *lock) NO_LOCK_ANALYSIS
{
        assert(spinlock_is_held(lock));
        trace_lock_released(lock->class, (uintptr_t)lock, lock->turn);
        __atomic_store_n(&lock->holder, 0, __ATOMIC_RELEASE);
        choice_point();
}
