/*
 * Reads a program from an ELF64 file, statically linked for x86_64. Every field that is used is checked first, so a
 * damaged file cannot make the kernel read outside of it. Nothing here allocates or takes a lock; the bytes stay the
 * caller's and must live as long as the struct elf.
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
 * Checks the headers of a file. BAD_INPUT if it is not such a program; if it needs a dynamic linker or thread-local
 * storage; if a segment lies outside the file or outside USER_BASE to USER_END, or is both writable and executable; or
 * if the entry point is in no executable segment. It does not check whether segments overlap: mapping them does.
 * O(segments), 16 at most.
 */
struct error elf_open(const void *bytes, size_t size, struct elf *out);

/* One segment of an opened file; false if it takes no memory: it is of another kind, or empty. O(1). */
bool elf_segment(const struct elf *elf, size_t index, struct elf_segment *out);
