/*
 * The words that events and commands are told in, all of them. Each list is written once; the kernel's enums, the names
 * in the stream's header and the host's decoder all come from it. A word's number is its place in the list. The list of
 * error codes is in lib/error.h.
 */
#pragma once

#include "lib/error.h"

/* An enum: `enum side { SIDES(ENUMERATOR) };`. */
#define ENUMERATOR(symbol, name, meaning) symbol,

/* A table of the names, or of what they mean: `const char *const names[] = { SIDES(WORD_NAME) };`. */
#define WORD_NAME(symbol, name, meaning) [symbol] = #name,
#define WORD_MEANING(symbol, name, meaning) [symbol] = meaning,

/* --- red-black trees -------------------------------------------------------------------------------------- */

/* Which child of a node. `!side` is the other one. */
#define SIDES(X)                                                                                                    \
        X(LEFT, left, "the child with the lower addresses")                                                         \
        X(RIGHT, right, "the child with the higher addresses")

#define COLOURS(X)                                                                                                  \
        X(BLACK, black, "counts towards the black height")                                                          \
        X(RED, red, "has no red child")

enum side { SIDES(ENUMERATOR) };
enum colour { COLOURS(ENUMERATOR) };

/* --- region trees ----------------------------------------------------------------------------------------- */

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

/*
 * What was decided at a node. The gap of a node is the hole just below it; node 0 stands for the tail gap. A search for
 * a hole compares gaps, a search for an address compares addresses, and neither goes on once `linking` begins.
 */
#define DECISIONS(X)                                                                                                \
        X(GO_LEFT, go_left, "a hole in the left subtree may fit: the search goes on there")                         \
        X(GO_RIGHT, go_right, "a hole in the right subtree may fit: the search goes on there")                      \
        X(GO_UP, go_up, "no other hole from this node down can fit: the search goes on above it")                   \
        X(ADDRESS_LEFT, address_left, "the address lies below this region: the search goes on in the left subtree") \
        X(ADDRESS_RIGHT, address_right, "the address lies above this region: it goes on in the right subtree")      \
        X(TOO_SMALL, too_small, "the gap is smaller than the region asked for")                                     \
        X(NO_ROOM_FOR_GUARDS, no_room_for_guards, "the gap holds the region, but not its guards too")               \
        X(MISALIGNED, misaligned, "the gap is large enough, but not from an aligned address on")                    \
        X(OUTSIDE_WINDOW, outside_window, "too little of the gap lies inside the window")                           \
        X(FITS, fits, "the gap fits, and another may be nearer to the hint")                                        \
        X(FARTHER, farther, "the gap fits, but another is nearer to the hint")                                      \
        X(TAKEN, taken, "the gap is taken")                                                                         \
        X(FREE, free, "no region is in the way: the addresses asked for are taken, just below this node")           \
        X(IN_THE_WAY, in_the_way, "this region lies where the new one should go")                                   \
        X(FOUND, found, "this is the region sought")                                                                \
        X(LINKING, linking, "the place is known: this node is on the way to where the region is linked")

/* Which child's subtree a search for a hole left out when it was at a node, and why. */
#define SKIPS(X)                                                                                                    \
        X(SKIPPED_NONE, none, "none")                                                                               \
        X(LEFT_TOO_SMALL, left_too_small, "the left one: its largest gap is too small")                             \
        X(RIGHT_TOO_SMALL, right_too_small, "the right one, likewise")                                              \
        X(LEFT_MISALIGNED, left_misaligned, "the left one: no aligned 2 MiB lies in any of its gaps")               \
        X(RIGHT_MISALIGNED, right_misaligned, "the right one, likewise")                                            \
        X(LEFT_OUTSIDE_WINDOW, left_outside_window, "the left one: all of it lies below the window")                \
        X(RIGHT_OUTSIDE_WINDOW, right_outside_window, "the right one: all of it lies above the window")             \
        X(LEFT_BEYOND_HINT, left_beyond_hint, "the left one: all of it lies below the hint")                        \
        X(RIGHT_BEYOND_HINT, right_beyond_hint, "the right one: all of it lies above the hint")

enum tree_operation { TREE_OPERATIONS(ENUMERATOR) };
enum decision { DECISIONS(ENUMERATOR) };
enum skip { SKIPS(ENUMERATOR) };

/* --- address spaces --------------------------------------------------------------------------------------- */

/* What an address space was asked to do. */
#define SPACE_OPERATIONS(X)                                                                                         \
        X(MAP, map, "create a region")                                                                              \
        X(UNMAP, unmap, "unmap everything in a range")                                                              \
        X(PROTECT, protect, "change the protection of a range")                                                     \
        X(SPACE_FIND, find, "find the region at an address")                                                        \
        X(SPACE_RESIZE, resize, "move the end of a region")                                                         \
        X(CLONE, clone, "receive a copy of every region of another space")                                          \
        X(DISCARD, discard, "free the frames of a range, and keep its regions")                                     \
        X(GROW, grow, "move the lower end of a stack down, after an access to its guard")

/* How a page fault was handled. */
#define FAULT_VERDICTS(X)                                                                                           \
        X(FAULT_FILLED, filled, "the region allows it: a fresh frame was mapped")                                   \
        X(FAULT_SHARED, shared, "the region allows it: the frame that other spaces use was mapped")                 \
        X(FAULT_COPIED, copied, "written to for the first time since a fork: a copy of the frame was mapped")       \
        X(FAULT_SOLE, sole, "written to, and no other space uses the frame any more: it was made writable")         \
        X(FAULT_DONE, done, "another thread's fault has mapped the page already")                                   \
        X(FAULT_NOT_MAPPED, not_mapped, "no region has the address")                                                \
        X(FAULT_GUARD, guard, "the address is in a region's guard")                                                 \
        X(FAULT_NOT_ALLOWED, not_allowed, "the region does not allow it")                                           \
        X(FAULT_NO_MEMORY, no_memory, "no frame is free")

enum space_operation { SPACE_OPERATIONS(ENUMERATOR) };
enum fault_verdict { FAULT_VERDICTS(ENUMERATOR) };

/* --- protections and accesses ----------------------------------------------------------------------------- */

/* What may be done with the pages of a region; combined by or. Written "rwx", with "-" for what is missing. */
enum protection { PROTECT_NONE = 0, PROTECT_READ = 1, PROTECT_WRITE = 2, PROTECT_EXECUTE = 4 };

/* The access that caused a page fault. */
#define ACCESSES(X)                                                                                                 \
        X(ACCESS_READ, read, "read")                                                                                \
        X(ACCESS_WRITE, write, "write")                                                                             \
        X(ACCESS_EXECUTE, execute, "execute")

enum access { ACCESSES(ENUMERATOR) };

/* --- kernel memory ---------------------------------------------------------------------------------------- */

/* What the memory is used for. */
#define PURPOSES(X)                                                                                                 \
        X(ANY, any, "no particular purpose")                                                                        \
        X(REGION, region, "a struct region, or its node in a list, in the first kernel of the labs")                \
        X(SPACE, space, "a struct address_space")                                                                   \
        X(PAGE_TABLE, page_table, "a page table")                                                                   \
        X(HEAP, heap, "a page of kmalloc's heap")                                                                   \
        X(KERNEL_REGION, kernel_region, "a page of a region of kernel memory")                                      \
        X(USER_PAGE, user_page, "a page of a process")                                                              \
        X(TASK, task, "a process or a thread")                                                                      \
        X(OBJECT, object, "memory that address spaces share")                                                       \
        X(PIPE, pipe, "a pipe")                                                                                     \
        X(TEST, test, "a test case")                                                                                \
        X(FREE_RANGE, free_range, "a free range of a virtual range allocator, in the early kernels of the labs")

#define PURPOSE_ENUMERATOR(symbol, name, meaning) PURPOSE_##symbol,
enum purpose { PURPOSES(PURPOSE_ENUMERATOR) };

/* --- locks ------------------------------------------------------------------------------------------------ */

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
        X(LOCK_SHOWN, shown, "the space that a keyframe shows while others run")                                                \
        X(LOCK_TEST, test, "a test case's own, taken first")                                                        \
        X(LOCK_TEST_INNER, test_inner, "a test case's own, taken second")                                           \
        X(LOCK_RANGE_ALLOCATOR, range_allocator, "the free ranges of a virtual range allocator, in the early kernels of the labs")

enum lock_class { LOCK_CLASSES(ENUMERATOR) };

/* --- system calls ----------------------------------------------------------------------------------------- */

/* The calls, with their arguments. */
#define SYSTEM_CALLS(X)                                                                                             \
        X(SYSTEM_EXIT, exit, "end this process: status")                                                            \
        X(SYSTEM_WRITE, write, "write bytes: file, address, size")                                                  \
        X(SYSTEM_MMAP, mmap, "create a region: address of a struct mmap_request")                                   \
        X(SYSTEM_MUNMAP, munmap, "unmap a range: address, size")                                                    \
        X(SYSTEM_MPROTECT, mprotect, "change the protection of a range: address, size, protection")                 \
        X(SYSTEM_RESIZE, resize, "move the end of the region that begins at an address: address, size")             \
        X(SYSTEM_REGIONS, regions, "list a process's regions (0: this one's): process, address of an array, how many fit") \
        X(SYSTEM_OPEN, open, "open a file of the initial ramdisk, to read: address of its name")                    \
        X(SYSTEM_READ, read, "read bytes, at least one, or none at the end: file, address, size")                   \
        X(SYSTEM_CLOSE, close, "close a file: file")                                                                \
        X(SYSTEM_PIPE, pipe, "make a pipe: address of two numbers, for the end to read and the end to write")       \
        X(SYSTEM_DUP2, dup2, "give an open file a second number: file, number")                                     \
        X(SYSTEM_FORK, fork, "copy this process: the value is 0 in the child, and the child's id in the parent")    \
        X(SYSTEM_EXEC, exec, "run another program in this process: address of its name, address of its arguments")  \
        X(SYSTEM_WAIT, wait, "wait for a child to exit: its id (0: any), address for its status, WNOHANG or 0")     \
        X(SYSTEM_KILL, kill, "end a process: its id; or all of a process group: minus the group's")                 \
        X(SYSTEM_MADVISE, madvise, "free the frames of a range: address, size, MADV_DONTNEED")                      \
        X(SYSTEM_THREAD_CREATE, thread_create, "start a thread: where, its stack pointer, its argument")            \
        X(SYSTEM_THREAD_EXIT, thread_exit, "end this thread")                                                       \
        X(SYSTEM_JOIN, join, "wait for a thread of this process to end: its id")                                    \
        X(SYSTEM_YIELD, yield, "let another thread run")                                                            \
        X(SYSTEM_SLEEP, sleep, "sleep: milliseconds")                                                               \
        X(SYSTEM_GETPID, getpid, "the number of this process")                                                      \
        X(SYSTEM_PROCESSES, processes, "list all processes: address of an array, how many fit")                     \
        X(SYSTEM_MEMORY, memory, "how much memory there is, and who has it: address of a struct memory_listing")    \
        X(SYSTEM_CLOCK, clock, "the time since the kernel began, in nanoseconds")                           \
        X(SYSTEM_SETPGID, setpgid, "put a process into a process group: process (0: this), group (0: its own)")

enum system_call { SYSTEM_CALLS(ENUMERATOR) };

/* --- tests and runs --------------------------------------------------------------------------------------- */

#define VERDICTS(X)                                                                                                 \
        X(PASSED, passed, "everything was as expected")                                                             \
        X(FAILED, failed, "something was not")                                                                      \
        X(SKIPPED, skipped, "not applicable here")                                                                  \
        X(TIMED_OUT, timed_out, "it did not end within its time")                                                   \
        X(CUT, cut, "not known: the recording was cut, and the run went on (regiontrace cut)")

#define VERDICT_ENUMERATOR(symbol, name, meaning) VERDICT_##symbol,
enum verdict { VERDICTS(VERDICT_ENUMERATOR) };

/* --- collections of regions ------------------------------------------------------------------------------- */

/*
 * What a collection of regions promises, and the words of the early kernels (labs/), which keep free addresses in a
 * range allocator beside the regions. There, two authorities can answer the same question.
 */

/* Each promise but the first holds the ones after it. Unknown to old recordings, which have what is first. */
#define PROMISES(X)                                                                                                 \
        X(PROMISE_GAPS, gaps, "in order, balanced, and each node keeps the gap below it and the largest gaps of its children") \
        X(PROMISE_BALANCE, balance, "in order, and a red-black tree")                                               \
        X(PROMISE_BALANCE_AT_FIRST, balance_at_first, "in order, and a red-black tree until a node is unlinked")    \
        X(PROMISE_ORDER, order, "in address order")                                                                 \
        X(PROMISE_NOTHING, nothing, "in any order")

#define AUTHORITIES(X)                                                                                              \
        X(AUTHORITY_REGIONS, regions, "the collection of regions, which records what is used")                      \
        X(AUTHORITY_ALLOCATOR, allocator, "the virtual range allocator, which records what is free")

#define QUESTIONS(X)                                                                                                \
        X(QUESTION_PLACE, place, "where is so much free?")                                                          \
        X(QUESTION_TAKE, take, "take these addresses: are they all free?")                                          \
        X(QUESTION_RELEASE, release, "these addresses are free from now on: were they all taken?")                  \
        X(QUESTION_FIND, find, "what is at this address?")

enum promise { PROMISES(ENUMERATOR) };
enum authority { AUTHORITIES(ENUMERATOR) };
enum question { QUESTIONS(ENUMERATOR) };

/* --- the controller --------------------------------------------------------------------------------------- */

/*
 * What a controller on the host may command, how the kernel answers, and where a processor stands while the machine is
 * paused. The frames that carry these words are in docs/trace-format.md, "Commands".
 */

/* Each with its arguments. A cpu's number is sent plus 1; 0 lets the kernel choose. */
#define COMMANDS(X)                                                                                                 \
        X(STATUS, status, "no argument: answer, and if all processors stand say so again")                          \
        X(CATEGORIES, categories, "a text like +lock,-tree: which categories of events to emit")                    \
        X(KEYFRAME, keyframe, "no argument: send a keyframe at the next safe point")                                \
        X(HEADER, header, "no argument: send the header of the stream again")                               \
        X(PAUSE, pause, "no argument: every processor stops after its next event, or where it enters the kernel")   \
        X(STEP_EVENT, step_event, "cpu: one processor goes on until it has emitted an event")                       \
        X(STEP_TREE, step_tree, "cpu: one processor goes on until an operation on a tree ends")                     \
        X(STEP_SPACE, step_space, "cpu: one processor goes on until an operation on a space ends")                  \
        X(GO, go, "no argument: all go on")                                                                         \
        X(RUN_TO_EVENT, run_to_event, "cpu (plus 1), number: all go on until this cpu has emitted that event")      \
        X(RUN_TO_FAULT, run_to_fault, "no argument: all go on until a page fault")                                  \
        X(RUN_TO_ERROR, run_to_error, "no argument: all go on until an error is raised")                            \
        X(RUN_TO_TREE, run_to_tree, "tree: all go on until an operation on this tree begins, or, if 0, on any")

#define COMMAND_ENUMERATOR(symbol, name, meaning) COMMAND_##symbol,
enum command_kind { COMMANDS(COMMAND_ENUMERATOR) COMMAND_KINDS };

#define ANSWERS(X)                                                                                                  \
        X(DONE, done, "the command is carried out, or has begun to be")                                             \
        X(UNKNOWN, unknown, "there is no such command, or none in this version of the format")                      \
        X(BAD_ARGUMENT, bad_argument, "the command is known, its arguments are not right")                          \
        X(NOT_NOW, not_now, "a step, while the machine does not stand")                                             \
        X(REPEATED, repeated, "its number is not above that of the command before")                                 \
        X(DAMAGED, damaged, "bytes arrived that are no command; the number of this answer is 0")

#define ANSWER_ENUMERATOR(symbol, name, meaning) ANSWER_##symbol,
enum answer { ANSWERS(ANSWER_ENUMERATOR) };

#define STANDS(X)                                                                                                   \
        X(OFF, off, "this processor has not been started, or was stopped for good")                                 \
        X(AFTER_EVENT, after_event, "right after its newest event")                                                 \
        X(AT_ENTRY, at_entry, "where it entered the kernel, before anything was done there")                        \
        X(WAITS, waits, "in a loop that waits for another processor, most likely for its lock")

#define STAND_ENUMERATOR(symbol, name, meaning) STAND_##symbol,
enum stand { STANDS(STAND_ENUMERATOR) };
