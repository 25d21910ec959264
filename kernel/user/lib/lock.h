/*
 * A lock between the threads of a program. A thread that finds it taken yields, and tries again.
 */
#pragma once

#include "user/lib/user.h"

struct lock {
        bool taken;
};

static inline void lock_acquire(struct lock *lock)
{
        while (__atomic_exchange_n(&lock->taken, true, __ATOMIC_ACQUIRE))
                yield();
}

static inline void lock_release(struct lock *lock)
{
        __atomic_store_n(&lock->taken, false, __ATOMIC_RELEASE);
}
