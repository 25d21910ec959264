/*
 * The order in which locks are acquired. Nobody declares it: each time a lock of one class is acquired while one of
 * another is held, that is the order from then on, with all that follows from it.
 *
 *      held        wanted                                  so A comes before B before C, and
 *        A    ->     B            learned                  to want A with C held might, with other
 *        B    ->     C            learned                  processors' luck, make a circle in which
 *        C    ->     A            a violation              everybody waits for the next one
 *
 * A violation is found the first time that code runs, whether or not anybody waits then. Two locks of one class are
 * never held together. What is known already costs one test of a bit for each lock that is held.
 */
#pragma once

#include "lib/vocabulary/lock.h"

struct spinlock;

/* Which lock that this processor holds forbids one of this class? NULL: none; from now on this order is known. */
const struct spinlock *lock_order_check(enum lock_class wanted);

/* The panic about one that does. */
_Noreturn void lock_order_panic(const struct spinlock *held, const struct spinlock *wanted);

/* In that panic: prints how the order that is violated was learned. In any other: nothing. */
void lock_order_explain(void);

const char *lock_class_name(enum lock_class class);
