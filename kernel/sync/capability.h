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
#define CAPABILITY(name) __attribute__((capability(name)))
#define ACQUIRES(...) __attribute__((acquire_capability(__VA_ARGS__)))
#define RELEASES(...) __attribute__((release_capability(__VA_ARGS__)))
#define REQUIRES(...) __attribute__((requires_capability(__VA_ARGS__)))
#define GUARDED_BY(lock) __attribute__((guarded_by(lock)))
#define NO_LOCK_ANALYSIS __attribute__((no_thread_safety_analysis))
#else
#define CAPABILITY(name)
#define ACQUIRES(...)
#define RELEASES(...)
#define REQUIRES(...)
#define GUARDED_BY(lock)
#define NO_LOCK_ANALYSIS
#endif
