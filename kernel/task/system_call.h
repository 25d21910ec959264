/*
 * System calls, as program and kernel see them; docs/system-calls.md lists them all.
 *
 * A program puts the number of the call into rax and up to three words into rdi, rsi and rdx, and traps with
 * int 0x80. Back come an error code of lib/error.h in rax and a value in rdx; all other registers keep what they had.
 */
#pragma once

#include "mm/region.h"

/* What mmap is asked for: the fields of struct mapping in mm/address_space.h. */
struct mmap_request {
        uint64_t size;
        uint64_t address;
        uint64_t alignment;                     /* 0: a page */
        uint64_t guard_before, guard_after;
        uint64_t window_base, window_end;       /* both 0: anywhere in the space */
        uint32_t protection;
        uint32_t where;
        uint32_t sharing;
        uint32_t file;                          /* 0: none, zeros; else 1 + the number of an open file of the ramdisk */
        uint64_t offset;                        /* in the file */
        char name[REGION_NAME_SIZE];
};

/* Open files of a process have the numbers below. */
enum { FILES_MOST = 128 };

enum { MADV_DONTNEED = 4 };     /* the only advice that `madvise` takes; the number is Linux's */

enum { PROCESS_NAME_SIZE = 32 };

/* An option of `wait`: do not wait if no child has exited yet. The number is Linux's. */
enum { WNOHANG = 1 };

/* One process, as `processes` lists it. */
struct process_listing {
        uint64_t process, parent, group;
        uint32_t threads;
        uint32_t state;                         /* enum thread_state: THREAD_EXITS, or that of its first thread */
        uint64_t regions, pages;                /* pages that have a frame */
        char name[PROCESS_NAME_SIZE];
};

/* The result of `memory`, in bytes. */
struct memory_listing {
        uint64_t total, free;                   /* frames, as bytes */
        uint64_t kmalloc_blocks, kmalloc_bytes; /* live */
};

/*
 * Carries out a system call of the running thread. Traced. BAD_ARGUMENT if no call has that number; otherwise the
 * errors and the cost are the call's own.
 */
struct error system_call(uint64_t number, const uint64_t word[3], uint64_t *value);
