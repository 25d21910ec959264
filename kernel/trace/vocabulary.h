/*
 * The words that events are told in. Each list is written once, here; the kernel's enums, the names in the
 * stream's header and the host's decoder all come from it. A word's number is its place in the list.
 */
#pragma once

#include "lib/error.h"

/* Which child of a node. `!side` is the other one. */
#define SIDES(X)                                                                                                    \
        X(LEFT, left, "the child with the lower addresses")                                                         \
        X(RIGHT, right, "the child with the higher addresses")

#define COLOURS(X)                                                                                                  \
        X(BLACK, black, "counts towards the black height")                                                          \
        X(RED, red, "has no red child")

/* What a region tree was asked to do. */
#define TREE_OPERATIONS(X)                                                                                          \
        X(PLACE_ANYWHERE, place_anywhere, "take the lowest hole that fits")                                         \
        X(PLACE_SPECIFICALLY, place_specifically, "take exactly this range")                                        \
        X(PLACE_NEAR, place_near, "take the fitting place nearest to a hint")                                       \
        X(PLACE_RANDOM, place_random, "take a place drawn at random")                                               \
        X(REMOVE, remove, "unlink a region")                                                                        \
        X(FIND, find, "find the region at an address, or the first one that meets a range")                         \
        X(RESIZE, resize, "move one or both ends of a region, in place")                                            \
        X(SPLIT, split, "divide a region in two at an address")

/* What was decided at a node. The gap of a node is the hole just below it; node 0 stands for the tail gap. */
#define DECISIONS(X)                                                                                                \
        X(GO_LEFT, go_left, "what is sought lies, or may lie, in the left subtree")                                 \
        X(GO_RIGHT, go_right, "what is sought lies, or may lie, in the right subtree")                              \
        X(TOO_SMALL, too_small, "the gap is smaller than the region asked for")                                     \
        X(NO_ROOM_FOR_GUARDS, no_room_for_guards, "the gap holds the region, but not its guards too")               \
        X(MISALIGNED, misaligned, "the gap is large enough, but not from an aligned address on")                    \
        X(OUTSIDE_WINDOW, outside_window, "too little of the gap lies inside the window")                           \
        X(TAKEN, taken, "the gap is taken")                                                                         \
        X(FOUND, found, "this is the region sought")                                                                \
        X(IN_THE_WAY, in_the_way, "this region lies where the new one should go")

/* What an address space was asked to do. */
#define SPACE_OPERATIONS(X)                                                                                         \
        X(MAP, map, "make a region")                                                                                \
        X(UNMAP, unmap, "make a range free, whatever is there")                                                     \
        X(PROTECT, protect, "change what may be done with a range")                                                 \
        X(SPACE_FIND, find, "find the region at an address")                                                        \
        X(SPACE_RESIZE, resize, "move the end of a region")                                                         \
        X(CLONE, clone, "receive a copy of every region of another space")                                          \
        X(DISCARD, discard, "give back the pages of a range, and keep its regions")                                 \
        X(GROW, grow, "move the lower end of a stack down, because its guard was touched")

/* What a program asks the kernel for. */
#define SYSTEM_CALLS(X)                                                                                             \
        X(SYSTEM_EXIT, exit, "end this process: status")                                                            \
        X(SYSTEM_WRITE, write, "write bytes: file, address, size")                                                  \
        X(SYSTEM_MMAP, mmap, "make a region: address of a struct mmap_request")                                     \
        X(SYSTEM_MUNMAP, munmap, "make a range free: address, size")                                                \
        X(SYSTEM_MPROTECT, mprotect, "change what may be done with a range: address, size, protection")             \
        X(SYSTEM_RESIZE, resize, "move the end of the region that begins at an address: address, size")             \
        X(SYSTEM_REGIONS, regions, "list a process's regions (0: mine): process, address of an array, how many fit") \
        X(SYSTEM_OPEN, open, "open a file of the initial ramdisk, to read: address of its name")                    \
        X(SYSTEM_READ, read, "read bytes, at least one, or none at the end: file, address, size")                   \
        X(SYSTEM_CLOSE, close, "let go of a file: file")                                                            \
        X(SYSTEM_PIPE, pipe, "make a pipe: address of two numbers, for the end to read and the end to write")       \
        X(SYSTEM_DUPLICATE, duplicate, "give an open file another number too: file, number")                        \
        X(SYSTEM_FORK, fork, "make a process like this one; it sees the value 0, this one sees its id")             \
        X(SYSTEM_EXEC, exec, "run another program in this process: address of its name, address of its argument")   \
        X(SYSTEM_WAIT, wait, "wait for a child to end: its id (0: any), address for its status")                    \
        X(SYSTEM_KILL, kill, "end a process: its id")                                                               \
        X(SYSTEM_DISCARD, discard, "give back the pages of a range, which reads as new then: address, size")        \
        X(SYSTEM_THREAD, thread, "start a thread in this process: where, its stack, its argument")                  \
        X(SYSTEM_THREAD_EXIT, thread_exit, "end this thread")                                                       \
        X(SYSTEM_JOIN, join, "wait for a thread of this process to end: its id")                                    \
        X(SYSTEM_YIELD, yield, "let another thread run")                                                            \
        X(SYSTEM_SLEEP, sleep, "do nothing for a while: milliseconds")                                              \
        X(SYSTEM_IDENTITY, identity, "which process am I")                                                          \
        X(SYSTEM_PROCESSES, processes, "list all processes: address of an array, how many fit")                     \
        X(SYSTEM_MEMORY, memory, "how much memory there is, and who has it: address of a struct memory_listing")

/* What a page fault wanted to do. */
#define ACCESSES(X)                                                                                                 \
        X(ACCESS_READ, read, "read")                                                                                \
        X(ACCESS_WRITE, write, "write")                                                                             \
        X(ACCESS_EXECUTE, execute, "execute")

/* What became of a page fault. */
#define FAULT_VERDICTS(X)                                                                                           \
        X(FAULT_FILLED, filled, "the region allows it: a fresh frame was mapped")                                   \
        X(FAULT_SHARED, shared, "the region allows it: the frame that others see there too was mapped")             \
        X(FAULT_COPIED, copied, "written to for the first time since a fork: a copy of the frame was mapped")       \
        X(FAULT_SOLE, sole, "written to, and no other space has the frame any more: it may be written again")       \
        X(FAULT_DONE, done, "another thread's fault has done it already")                                           \
        X(FAULT_NOT_MAPPED, not_mapped, "no region is there")                                                       \
        X(FAULT_GUARD, guard, "it is a region's guard")                                                             \
        X(FAULT_NOT_ALLOWED, not_allowed, "the region does not allow it")                                           \
        X(FAULT_NO_MEMORY, no_memory, "no frame is free")

/* Who asked for memory. */
#define PURPOSES(X)                                                                                                 \
        X(ANY, any, "nobody in particular")                                                                         \
        X(REGION, region, "a struct region")                                                                        \
        X(SPACE, space, "a struct address_space")                                                                   \
        X(PAGE_TABLE, page_table, "a page table")                                                                   \
        X(HEAP, heap, "kmalloc's own supply")                                                                       \
        X(KERNEL_REGION, kernel_region, "pages behind a region of kernel memory")                                   \
        X(USER_PAGE, user_page, "a page of a process")                                                              \
        X(TASK, task, "a process or a thread")                                                                      \
        X(OBJECT, object, "memory that spaces share")                                                               \
        X(PIPE, pipe, "a pipe")                                                                                     \
        X(TEST, test, "a test case")

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

#define VERDICTS(X)                                                                                                 \
        X(PASSED, passed, "everything was as it should be")                                                         \
        X(FAILED, failed, "something was not")                                                                      \
        X(SKIPPED, skipped, "not applicable here")

/* What may be done with the pages of a region; combined by or. Written "rwx", with "-" for what is missing. */
enum protection { PROTECT_NONE = 0, PROTECT_READ = 1, PROTECT_WRITE = 2, PROTECT_EXECUTE = 4 };

#define WORD_(symbol, name, meaning) symbol,
#define PURPOSE_(symbol, name, meaning) PURPOSE_##symbol,
#define VERDICT_(symbol, name, meaning) VERDICT_##symbol,
enum side { SIDES(WORD_) };
enum colour { COLOURS(WORD_) };
enum tree_operation { TREE_OPERATIONS(WORD_) };
enum decision { DECISIONS(WORD_) };
enum space_operation { SPACE_OPERATIONS(WORD_) };
enum system_call { SYSTEM_CALLS(WORD_) };
enum access { ACCESSES(WORD_) };
enum fault_verdict { FAULT_VERDICTS(WORD_) };
enum purpose { PURPOSES(PURPOSE_) };
enum lock_class { LOCK_CLASSES(WORD_) };
enum verdict { VERDICTS(VERDICT_) };
