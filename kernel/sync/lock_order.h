/*
 * The order in which locks are acquired. It is not declared anywhere: it is recorded while the kernel runs. The first
 * time that a lock of class B is acquired while one of class A is held, "A before B" becomes an edge of the order:
 *
 *      held        wanted
 *        A    ->     B            recorded: A before B
 *        B    ->     C            recorded: B before C, and so A before C
 *        C    ->     A            a violation: on three processors at once, each could hold one lock and wait for the
 *                                 next one, for ever
 *
 * A violation is found the first time that the code runs, whether or not anything waits then. Two locks of one class
 * are never held together. An order that is known already costs one test of a bit for each lock held.
 */
#pragma once

#include "lib/vocabulary/lock.h"

struct spinlock;

/*
 * Finds a lock that this processor holds and that must not be held when one of class `wanted` is acquired. If there is
 * none, yields NULL, and records what is new of the order. O(locks held); O(classes) for each edge that is new.
 */
const struct spinlock *lock_order_check(enum lock_class wanted);

/* Panics because `wanted` is asked for while `held` is held. */
_Noreturn void lock_order_panic(const struct spinlock *held, const struct spinlock *wanted);

/*
 * Part of the report of that panic: prints where each edge of the order that is violated was recorded. Prints nothing
 * in any other panic.
 */
void lock_order_explain(void);

/* The class's word: "frames". */
const char *lock_class_name(enum lock_class class);
