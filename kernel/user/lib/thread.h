/*
 * Threads: functions that run at the same time in one address space.
 *
 *      struct thread helper;
 *
 *      TRY(thread_start(count_up, &total, &helper));
 *      ...
 *      TRY(thread_join(&helper));              count_up has returned; its stack is freed
 */
#pragma once

#include "user/lib/user.h"

struct thread {
        uint64_t id;
        uintptr_t stack;
};

/* Starts a thread on a stack of 64 KiB with a guard page on either side. Errors are those of mmap and of the call. */
struct error thread_start(void (*function)(void *), void *argument, struct thread *out);

/* Waits until it has ended, and gives back its stack. Every thread is to be joined once. */
struct error thread_join(struct thread *thread);
