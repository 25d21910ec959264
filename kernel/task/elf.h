/*
 * Programs as files: ELF64, statically linked for x86_64. Every field that the kernel goes by is checked against the
 * file and against what a program may have; nothing here changes anything.
 */
#pragma once

#include "lib/error.h"
#include "lib/vocabulary/protection.h"
#include "lib/vrange.h"

struct elf {
        const char *bytes;
        size_t size;
        uintptr_t entry;                /* where the program begins; inside a segment that may be executed */
        size_t headers;                 /* where in the file the program headers begin */
        size_t segments;                /* how many there are, of all kinds */
};

/* A part of a program that lies in memory: at `address` the bytes of the file, then zeros up to `pages.end`. */
struct elf_segment {
        struct vrange pages;
        enum protection protection;
        uintptr_t address;
        const char *bytes;
        size_t file_size;
};

/*
 * BAD_INPUT if this is no such program, if it wants to be linked at run time, if a segment leaves the file or the
 * addresses of programs, or may be both written and executed, or if it does not begin in one that may be executed.
 * Whether segments overlap is left to whoever places them. O(segments).
 */
struct error elf_open(const void *bytes, size_t size, struct elf *out);

/* One segment of an opened file; false if it takes no memory: it is of another kind, or empty. O(1). */
bool elf_segment(const struct elf *elf, size_t index, struct elf_segment *out);
