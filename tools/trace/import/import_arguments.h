/*
 * What a memory call says: its arguments and its result.
 *
 *      NULL, 8192, PROT_READ|PROT_WRITE, MAP_PRIVATE|MAP_ANONYMOUS, -1, 0) = 0x7f7268842000
 *      0x7f7268842000, 59863) = -1 ENOMEM (Cannot allocate memory)
 *
 * Nothing here allocates or remembers.
 */
#pragma once

#include "import/import_line.h"

#include <stdint.h>

enum { FILE_NAME_SIZE = 16 };

/* The calls that change a space. */
enum call_kind { CALL_MMAP, CALL_MUNMAP, CALL_MPROTECT, CALL_MREMAP, CALL_BRK, CALL_SHMAT, CALL_SHMDT, CALL_OTHER };

enum call_kind call_kind(const char *name);

/* What Linux calls the flags, as bits; strace may print either. */
enum {
        LINUX_MAP_FIXED = 0x10,
        LINUX_MAP_ANONYMOUS = 0x20,
        LINUX_MAP_GROWSDOWN = 0x100,
        LINUX_MAP_DENYWRITE = 0x800,
        LINUX_MAP_STACK = 0x20000,
        LINUX_MAP_HUGETLB = 0x40000,
        LINUX_MAP_FIXED_NOREPLACE = 0x100000,
        LINUX_PROT_GROWSDOWN = 0x1000000,
        LINUX_SHM_RDONLY = 010000,
        LINUX_SHM_EXEC = 0100000,
        LINUX_MREMAP_FIXED = 2,
        LINUX_MREMAP_DONTUNMAP = 4,
};

struct strace_call {
        enum call_kind kind;
        unsigned long begun, line;      /* where it began and where it returned; mostly the same line */
        long thread;
        bool returned;                  /* false: the result was not captured */
        uint64_t address, size;         /* brk: the break asked for, in `address` */
        uint64_t new_size;              /* mremap */
        unsigned protection;            /* mmap and mprotect: as in enum protection */
        bool grows_down;                /* mprotect: from where the region begins */
        unsigned flags;
        uint64_t result;
        char error[CALL_NAME_SIZE];     /* "ENOMEM"; empty: it succeeded */
        char file[FILE_NAME_SIZE];      /* mmap: the file's own name, if strace -y printed it; else empty */
        uint64_t segment;               /* shmat: which one; its size is put into `size` by the reader */
};

static inline bool call_failed(const struct strace_call *call)
{
        return *call->error;
}

/*
 * Reads the arguments and the result of a call of one of these kinds. `text` begins behind the opening
 * parenthesis. Returns NULL, or in words what is not understood. `line` and `thread` are left to the caller.
 */
const char *call_parse(struct strace_call *out, enum call_kind kind, const char *text);

/* The second argument of a call of any kind; false if that is no number. */
bool call_second_number(const char *text, uint64_t *out);

/* The number that a call of any kind returned; false if the text does not say one. */
bool call_result(const char *text, long *out);
