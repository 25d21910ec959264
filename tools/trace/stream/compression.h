/*
 * Recordings compressed with zstd (`.rtrace.zst`): about a quarter of the size. Reading sees by the first bytes whether
 * a file is compressed; writing compresses if the name ends with ".zst".
 */
#pragma once

#include "stream/source.h"

#include <stdbool.h>
#include <stdio.h>

/* Whether bytes are the beginning of a zstd frame. */
bool compression_begins(const void *bytes, size_t length);

/*
 * A source of what the compressed bytes of `from` stand for. It owns `from`, and closes it even if this call fails. A
 * file that is damaged or ends too early yields what comes before, then IO with an error message.
 */
struct error source_of_compressed(struct source from, const char *name, struct source *out);

/* The same where more may still arrive: while `from` yields nothing, so does this, and that is no error. */
struct error source_of_compressed_growing(struct source from, const char *name, struct source *out);

/* A file that is written, compressed or not; "-" is standard output. */
struct output;

/* IO or NO_MEMORY with an error message. */
struct error output_open(const char *path, struct output **out);
/* IO with an error message. What was written to a plain file can be read there at once. */
struct error output_write(struct output *output, const void *bytes, size_t size);
/* Closes the file and frees the output, also if the end could not be written: IO with an error message. */
struct error output_close(struct output *output);
