/*
 * Where a reader's bytes come from. Reading may block; what has arrived is returned at once.
 *
 * The owner of a source closes it: the reader closes the source that it was given.
 */
#pragma once

#include "lib/error.h"

#include <stddef.h>

struct source {
        void *context;
        /* Yields up to `size` bytes; 0 is the end. IO or TIMED_OUT with an error message. */
        struct error (*read)(void *context, void *bytes, size_t size, size_t *got);
        void (*close)(void *context);
};

/* A file, compressed or not, a pipe or the path of a Unix socket with a listener; "-" is standard input. */
struct error source_open(const char *path, struct source *out);

/* An open file descriptor, which now belongs to the source. */
struct error source_of_descriptor(int descriptor, const char *name, struct source *out);

/* Bytes in memory, which must outlive the source. */
struct error source_of_memory(const void *bytes, size_t size, struct source *out);
