/*
 * Files in an archive of the format that `cpio -H newc` writes, read where it lies in memory. Every length in it is
 * taken for hostile and checked against the archive's end.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

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

/* The next file; false at the end of the archive, or where it is damaged. O(1). */
bool cpio_next(struct cpio *archive, struct cpio_file *out);

/* The first file of this name. O(files). */
bool cpio_find(struct cpio archive, const char *name, struct cpio_file *out);
