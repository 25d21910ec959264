/*
 * Annotations with which clang checks locks when it compiles (-Wthread-safety). gcc ignores them.
 *
 *      REQUIRES(lock)          the caller must hold the lock
 *      ACQUIRES(lock)          the function returns with the lock held
 *      RELEASES(lock)          the function returns with the lock released
 *      GUARDED_BY(lock)        the variable may be used only with the lock held
 *      CAPABILITY(name)        the struct is a lock
 *      NO_LOCK_ANALYSIS        the function is not checked
 *
 *      void work_locked(struct thing *thing) REQUIRES(thing->lock);
 *
 * A member of a struct cannot be GUARDED_BY its lock in C; it has an accessor instead (sync/spinlock.h). Uses of a
 * guarded variable are checked, but not what a function does with its address.
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
