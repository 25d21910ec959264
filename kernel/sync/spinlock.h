/*
 * A spinlock: one processor at a time, and the others wait in a loop.
 *
 * In the kernel interrupts are off, so nothing on the same processor comes between acquire and release. A processor
 * that waits goes on serving what others wait for from it (spinlocks_set_wait_hook()), so a holder may wait for all
 * processors. Nobody sleeps with a lock held; the scheduler's own is the one that is held across a switch.
 *
 * Data and lock are one thing. A file's own variables are declared GUARDED_BY their lock:
 *
 *      static struct spinlock frames_lock = SPINLOCK(LOCK_FRAMES);
 *      static size_t free_count GUARDED_BY(frames_lock);
 *
 * What the lock of a struct guards is a member named `guarded_` beside it, reached only by an accessor that REQUIRES
 * the lock. So that early returns stay safe, work under a lock goes into a function `..._locked`:
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

#include "lib/vocabulary/lock.h"
#include "sync/capability.h"

#include <stdbool.h>
#include <stdint.h>

struct CAPABILITY("spinlock") spinlock {
        uint32_t holder;                        /* 0: free; else the index of its processor plus 1 */
        enum lock_class class;
        uint64_t turn;                          /* how often it was acquired */
        uint64_t held_since;                    /* by trace_ticks_without_emitting(); 0: locks are not traced */
        uintptr_t where;                        /* it was acquired last: the address that acquire returned to */
};

#define SPINLOCK(class_) ((struct spinlock){ .class = (class_) })

/*
 * Locks are acquired in one order, by their classes, which is learned as the kernel runs (sync/lock_order.h). To
 * acquire one against it is a panic, before anything waits. So is waiting for a holder that neither acquires nor
 * releases any lock for some ten seconds of the waiter's time: it is stuck. A holder that only is slow is waited for.
 */
void spinlock_acquire(struct spinlock *lock) ACQUIRES(*lock);
void spinlock_release(struct spinlock *lock) RELEASES(*lock);

/*
 * To be set before other processors start: what a processor does in every turn of waiting for a lock. The kernel has it
 * answer TLB shootdowns (tlb_serve(), mm/tlb.h), so that a holder may wait for all processors.
 */
void spinlocks_set_wait_hook(void (*hook)(void));

/* Whether this processor holds it: for assertions. */
bool spinlock_is_held(const struct spinlock *lock);

/* For a panic, the first that calls it: whatever lock this processor wants it has, and no other complains any more. */
void spinlocks_break(void);

/* For tests: trouble is told to `hear`, and no panic. A holder is stuck after `turns` without progress. NULL and 0: as ever. */
void spinlocks_test(void (*hear)(struct spinlock *lock), uint64_t turns);
