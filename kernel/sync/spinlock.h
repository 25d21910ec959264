/*
 * A spinlock: one processor at a time, and the others wait in a loop.
 *
 * In the kernel interrupts are off, so nothing on the same processor comes between acquire and release. A processor
 * that waits goes on serving what others wait for from it (arch/tlb.h), so a holder may wait for all processors.
 * Nobody sleeps with a lock held; the scheduler's own is the one that is held across a switch.
 *
 * Data and lock are one thing: what a lock guards is a member named `guarded_` of a struct beside it, reached only by
 * an accessor that REQUIRES the lock. So that early returns stay safe, work under a lock goes into a function
 * `..._locked`, and the locked section is one call long:
 *
 *      struct account {
 *              struct spinlock lock;
 *              struct { uint64_t guarded_; } balance;
 *      };
 *      static inline uint64_t *account_balance(struct account *account) REQUIRES(account->lock)
 *      {
 *              return &account->balance.guarded_;
 *      }
 *
 *      spinlock_acquire(&account->lock);
 *      error = withdraw_locked(account, 10);
 *      spinlock_release(&account->lock);
 *
 * Every environment supplies acquire and release: the kernel (sync/spinlock.c) and the host build.
 */
#pragma once

#include "sync/capability.h"
#include "trace/vocabulary.h"

struct CAPABILITY("spinlock") spinlock {
        uint32_t holder;                        /* 0: free; else the index of its processor plus 1 */
        enum lock_class class;
        uint64_t turn;                          /* how often it was acquired */
};

#define SPINLOCK(class_) ((struct spinlock){ .class = (class_) })

void spinlock_acquire(struct spinlock *lock) ACQUIRES(*lock);
void spinlock_release(struct spinlock *lock) RELEASES(*lock);

/* Whether this processor holds it: for assertions. */
bool spinlock_is_held(const struct spinlock *lock);
