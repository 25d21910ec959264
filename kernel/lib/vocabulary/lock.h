/* The classes of locks. */
#pragma once

#include "lib/vocabulary/enumerator.h"

/* What a lock guards. Every lock is of one of these classes; the order in which they may be taken goes by class. */
#define LOCK_CLASSES(X)                                                                                             \
        X(LOCK_ADDRESS_SPACE, address_space, "one address space: its tree and its page table")                      \
        X(LOCK_KERNEL_MEMORY, kernel_memory, "the memory manager's tree, and the kernel's page table")              \
        X(LOCK_OBJECT, object, "the pages of a shared object")                                                      \
        X(LOCK_KMALLOC, kmalloc, "kmalloc's runs")                                                                  \
        X(LOCK_FRAMES, frames, "which frames are free, and how many share one")                                     \
        X(LOCK_PROCESSES, processes, "who is whose child, and who has ended")                                       \
        X(LOCK_FILES, files, "which files a process has open")                                                      \
        X(LOCK_PIPE, pipe, "the bytes in one pipe")                                                                 \
        X(LOCK_CONSOLE, console, "the console: one line at a time, and the bytes typed")                            \
        X(LOCK_SCHEDULER, scheduler, "who runs, who could, who waits for what")                                     \
        X(LOCK_SHOOTDOWN, shootdown, "the one range that all processors are to forget")                             \
        X(LOCK_WATCHED, watched, "the list of spaces for keyframes")                                                \
        X(LOCK_TEST, test, "a test case's own, taken first")                                                        \
        X(LOCK_TEST_INNER, test_inner, "a test case's own, taken second")

enum lock_class { LOCK_CLASSES(ENUMERATOR) };
