/*
 * Reads a cpio archive in memory, of the format that `cpio -H newc` writes. Nothing is copied.
 *
 *      entry:  | header, 110 bytes | name, with a zero | padding | the file's bytes | padding |
 *
 * Padding makes the name's end and the file's end a multiple of four bytes from the entry's start. The header is text:
 * "070701", then thirteen numbers of eight hexadecimal digits; the seventh is the file's size, the twelfth the name's.
 * The last entry is named "TRAILER!!!". Every length is checked against the archive's end before it is used.
 *
 *      struct cpio rest = { bytes, size };
 *      struct cpio_file file;
 *      while (cpio_next(&rest, &file))
 *              kprintf("%s: %zu bytes\n", file.name, file.size);
 */
#pragma once

#include "lib/types.h"

/* What is left to read of an archive. */
struct cpio {
        const char *bytes;
        size_t size;
};

/* `name` ends in a zero; both point into the archive. */
struct cpio_file {
        const char *name;
        const char *bytes;
        size_t size;
};

/*
 * Takes the next file off the archive. False at the end of the archive, or where it is damaged. O(length of the name).
 */
bool cpio_next(struct cpio *archive, struct cpio_file *out);

/* Finds the first file with this name. False if there is none. O(files). */
bool cpio_find(struct cpio archive, const char *name, struct cpio_file *out);
