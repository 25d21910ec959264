/*
 * A spinlock: one processor at a time holds it, and the others wait in a loop.
 *
 * Interrupts are off in the kernel, so no other code of the same processor runs between acquire and release. No
 * thread sleeps with a lock held; only the scheduler's own lock is held while it switches threads. A processor that
 * waits for a lock answers TLB shootdowns meanwhile (gate_in_wait()); so a holder may wait for all processors.
 *
 * The compiler checks that data is used only with its lock held (sync/capability.h). A variable of a file is declared
 * GUARDED_BY its lock:
 *
 *      static struct spinlock frames_lock = SPINLOCK(LOCK_FRAMES);
 *      static size_t free_count GUARDED_BY(frames_lock);
 *
 * In a struct, what the lock guards is a member named `guarded_` beside it. It is reached only through an accessor that
 * REQUIRES the lock. This one yields a uint64_t *:
 *
 *      struct account {
 *              struct spinlock lock;
 *              struct { uint64_t guarded_; } balance;
 *      };
 *      GUARDED_MEMBER(account_balance, struct account, balance, object->lock)
 *
 * Work under a lock goes into a function `..._locked`, so that its early returns cannot skip the release. WITH_LOCK
 * acquires the lock, calls the function, releases the lock, and yields what the function returned:
 *
 *      return WITH_LOCK(&account->lock, withdraw_locked(account, 10));
 *
 * Acquire and release are supplied by the kernel (sync/spinlock.c) and by the host build (test/host/host_env.c).
 */
#pragma once

#include "lib/types.h"
#include "lib/vocabulary/lock.h"
#include "sync/capability.h"

struct CAPABILITY("spinlock") spinlock {
        uint32_t holder;                        /* the index of the processor that holds it, plus 1; 0: free */
        enum lock_class class;
        uint64_t turn;                          /* how often it was acquired */
        uint64_t held_since;                    /* by trace_ticks_without_emitting(); 0: locks are not traced */
        uintptr_t where;                        /* the code that acquired it last: acquire's return address */
};

#define SPINLOCK(class_) ((struct spinlock){ .class = (class_) })

/*
 * Waits until this processor has the lock. Cost: O(locks held), and the wait.
 *
 * Two mistakes are a panic. One is an order of classes that contradicts an earlier one (sync/lock_order.h): it is found
 * before anything waits. The other is to wait for a holder that is stuck: that neither acquires nor releases any lock
 * in some ten seconds of waiting. A holder that is only slow is waited for.
 */
void spinlock_acquire(struct spinlock *lock) ACQUIRES(*lock);

/* Gives the lock to whichever processor tries next: waiting is not in turn. The caller must hold it. O(locks held). */
void spinlock_release(struct spinlock *lock) RELEASES(*lock);

/* The value of an expression that is computed with the lock held. */
#define WITH_LOCK(lock, expression)                                                                                 \
        ({                                                                                                          \
                spinlock_acquire(lock);                                                                             \
                __auto_type with_lock_value_ = (expression);                                                        \
                spinlock_release(lock);                                                                             \
                with_lock_value_;                                                                                   \
        })

/* Defines the accessor of what a lock guards in a struct: a variable's name, or `object->` and a member's. */
#define GUARDED_MEMBER(accessor, type, member, lock_)                                                               \
        static inline __typeof__(((type *)0)->member.guarded_) *accessor(type *object) REQUIRES(lock_)              \
        {                                                                                                           \
                return &object->member.guarded_;                                                                    \
        }

/* Whether this processor holds the lock: for assertions. O(1). */
bool spinlock_is_held(const struct spinlock *lock);

/*
 * For a panic: from now on the processor that calls this first acquires every lock at once, and violations are
 * ignored. It must be able to print its report even if another processor holds the console's lock. True for that
 * processor, each time; false for any other. O(1).
 */
bool spinlocks_bust(void);

/*
 * For tests: a violation calls `handler` with the lock that was asked for, instead of a panic; then the processor goes
 * on as if nothing were wrong. A holder is stuck after `turns` turns without progress. NULL and 0 restore the panic and
 * the ten seconds.
 */
void spinlocks_set_test_handler(void (*handler)(struct spinlock *lock), uint64_t turns);
