/* The classes of locks. */
#pragma once

#include "lib/vocabulary/enumerator.h"

/* What a lock guards. Every lock is of one of these classes; the order in which they may be taken goes by class. */
#define LOCK_CLASSES(X)                                                                                             \
        X(LOCK_ADDRESS_SPACE, address_space, "one address space: its tree and its page table")                      \
        X(LOCK_KERNEL_MEMORY, kernel_memory, "the memory manager's tree, and the kernel's page table")              \
        X(LOCK_OBJECT, object, "the pages of a shared object")                                                      \
        X(LOCK_KMALLOC, kmalloc, "kmalloc's free blocks")                                                           \
        X(LOCK_FRAMES, frames, "which frames are free, and the owner count of each")                                \
        X(LOCK_PROCESSES, processes, "the parent, children and exit queue of each process")                         \
        X(LOCK_FILES, files, "the open files of a process")                                                         \
        X(LOCK_PIPE, pipe, "the bytes in one pipe")                                                                 \
        X(LOCK_CONSOLE, console, "the console: one line at a time, and the bytes typed")                            \
        X(LOCK_SCHEDULER, scheduler, "the ready queue and the wait queues")                                         \
        X(LOCK_SHOOTDOWN, shootdown, "the request of the shootdown in progress")                                    \
        X(LOCK_WATCHED, watched, "the list of spaces for keyframes")                                                \
        X(LOCK_TEST, test, "a test case's own, taken first")                                                        \
        X(LOCK_TEST_INNER, test_inner, "a test case's own, taken second")                                           \
        X(LOCK_RANGE_ALLOCATOR, range_allocator, "the free ranges of an allocator, in the early kernels of the labs")

enum lock_class { LOCK_CLASSES(ENUMERATOR) };
