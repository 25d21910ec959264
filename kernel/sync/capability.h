/*
 * Words with which clang checks locks (-Wthread-safety): a function says which lock it needs, takes or gives back, and
 * a caller that does not fit is not compiled. Other compilers read over them.
 *
 *      void work_locked(struct thing *thing) REQUIRES(thing->lock);
 *
 * A variable of a file says which lock it needs (GUARDED_BY). A member of a struct cannot: it has an accessor
 * (sync/spinlock.h).
 */
#pragma once

#ifdef __clang__
#define CLANG_(attribute) __attribute__((attribute))
#else
#define CLANG_(attribute)
#endif
#define CAPABILITY(name) CLANG_(capability(name))
#define ACQUIRES(...) CLANG_(acquire_capability(__VA_ARGS__))
#define RELEASES(...) CLANG_(release_capability(__VA_ARGS__))
#define REQUIRES(...) CLANG_(requires_capability(__VA_ARGS__))
#define GUARDED_BY(lock) CLANG_(guarded_by(lock))
#define NO_LOCK_ANALYSIS CLANG_(no_thread_safety_analysis)
