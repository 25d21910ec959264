/*
 * The bytes of a recording, to be read from any place. A plain file is read where it lies; what comes from a pipe, a
 * socket or a compressed file is kept in a temporary file, which has no name and is removed when it is closed.
 */
#pragma once

#include "stream/source.h"

#include <stdbool.h>
#include <stdint.h>

struct history_store {
        int descriptor;
        uint64_t size;                          /* bytes that may be read; while it grows: whole frames only */
        bool grows;
        struct source from;                     /* what has to be kept; `read` is NULL if that is nothing, or was all */
};

/*
 * Opens what source_open() understands, or takes a source, which it closes even if it fails. If the recording grows,
 * its size is looked up again and again; else a file has the bytes that it has now. IO or NO_MEMORY with an error
 * message.
 */
struct error history_store_open(struct history_store *store, const char *path, bool grows);
struct error history_store_open_source(struct history_store *store, struct source source, bool grows);
void history_store_close(struct history_store *store);

/* Finds out whether more has arrived; a source that must be kept is read on, by a piece. `*more`: there is more. */
struct error history_store_grow(struct history_store *store, bool *more);

/* A place in the store from which a reader reads. The next byte is that at `offset`, which may be changed. */
struct history_place {
        struct history_store *store;
        uint64_t offset;
};

/* The source for a reader; closing it closes nothing. `place` must outlive it. */
struct source history_place_source(struct history_place *place);
