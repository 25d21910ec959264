/* The system calls. A call's number is its place in the list; docs/system-calls.md describes each. */
#pragma once

#include "lib/vocabulary/enumerator.h"

/* The calls, with their arguments. */
#define SYSTEM_CALLS(X)                                                                                             \
        X(SYSTEM_EXIT, exit, "end this process: status")                                                            \
        X(SYSTEM_WRITE, write, "write bytes: file, address, size")                                                  \
        X(SYSTEM_MMAP, mmap, "create a region: address of a struct mmap_request")                                   \
        X(SYSTEM_MUNMAP, munmap, "unmap a range: address, size")                                                    \
        X(SYSTEM_MPROTECT, mprotect, "change the protection of a range: address, size, protection")                 \
        X(SYSTEM_RESIZE, resize, "move the end of the region that begins at an address: address, size")             \
        X(SYSTEM_REGIONS, regions, "list regions: process (0: this one), address of an array, how many fit")        \
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
        X(SYSTEM_CLOCK, clock, "the time since the kernel began, in nanoseconds")                                   \
        X(SYSTEM_SETPGID, setpgid, "put a process into a process group: process (0: this), group (0: its own)")

enum system_call { SYSTEM_CALLS(ENUMERATOR) };
