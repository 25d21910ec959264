/*
 * A file in Perfetto's trace format: tracks, and slices, instants and counter samples on them, one packet each. The
 * numbers of fields are those of Perfetto's schema; tools/trace/test/perfetto.proto is the part of it used here.
 *
 *      TRY(perfetto_file_create(out, &file));
 *      perfetto_describe(file, &(struct perfetto_track){ .uuid = 7, .name = "heap", .parent = 3 });
 *      perfetto_begin(file, 7, 1000, "region", "rw- 32 KiB");  opens a packet ...
 *      perfetto_note_number(file, "size", 32768);              ... which annotations may follow ...
 *      perfetto_close(file);                                   ... until it is closed
 *      TRY(perfetto_file_finish(file));
 *
 * What a viewer would silently get wrong cannot be written: a slice ends only where one is open, all that are still
 * open are ended at the end, time never goes back, and every name is told before it is used by number.
 *
 * Nothing here fails at once: if memory or the disk is full, finishing says so. Memory is bounded by the number of
 * tracks that are described at a time.
 */
#pragma once

#include "lib/error.h"

#include <stdio.h>

struct perfetto_file;

/* The numbers of Perfetto's CounterDescriptor. */
enum perfetto_unit { NO_COUNTER = 0, COUNTS_THINGS = 2, COUNTS_BYTES = 3 };

struct perfetto_track {
        uint64_t uuid;                          /* not 0 */
        uint64_t parent;                        /* another track, described before; 0: none */
        const char *name;
        int32_t rank;                           /* among its siblings, ascending */
        enum perfetto_unit counter;             /* a counter's unit, or that it is none */
        uint64_t pid, tid;                      /* of a process (pid alone) or a thread (both); else 0 */
};

struct perfetto_totals {
        uint64_t tracks, slices, instants, samples, flows;
};

/* The stream still belongs to the caller. NO_MEMORY. */
struct error perfetto_file_create(FILE *stream, struct perfetto_file **out);
void perfetto_file_destroy(struct perfetto_file *file);

/* Ends every open slice, and says whether everything was written: NO_MEMORY, or IO with an error message. */
struct error perfetto_file_finish(struct perfetto_file *file);

struct perfetto_totals perfetto_file_totals(const struct perfetto_file *file);

/* Tells of a track, once. Forgetting one that is needed no more ends what is open on it, and frees its memory. */
bool perfetto_is_described(const struct perfetto_file *file, uint64_t uuid);
void perfetto_describe(struct perfetto_file *file, const struct perfetto_track *track);
void perfetto_forget(struct perfetto_file *file, uint64_t uuid);

/*
 * Each opens a packet; annotations may follow, and perfetto_close() must. `ns' is the time; one earlier than the
 * newest so far is taken as that.
 *
 * The end of a slice is the end of the newest open one of its track. False, and no packet, if none is open.
 */
void perfetto_begin(struct perfetto_file *file, uint64_t uuid, uint64_t ns, const char *category,
                    const char *name);
[[nodiscard]] bool perfetto_end(struct perfetto_file *file, uint64_t uuid, uint64_t ns);
void perfetto_instant(struct perfetto_file *file, uint64_t uuid, uint64_t ns, const char *category,
                      const char *name);

void perfetto_note_number(struct perfetto_file *file, const char *name, uint64_t value);
void perfetto_note_address(struct perfetto_file *file, const char *name, uint64_t value);
void perfetto_note_text(struct perfetto_file *file, const char *name, const char *text);
/* An arrow, by its number: from this slice or instant to the one that takes it. */
void perfetto_flow(struct perfetto_file *file, uint64_t number);
void perfetto_flow_end(struct perfetto_file *file, uint64_t number);
void perfetto_close(struct perfetto_file *file);

/* A sample of a counter, complete in itself. */
void perfetto_sample(struct perfetto_file *file, uint64_t uuid, uint64_t ns, int64_t value);

/* Whether a slice is open on a track; ends all that are, on a track or on every one. */
bool perfetto_is_open(const struct perfetto_file *file, uint64_t uuid);
void perfetto_end_all_of(struct perfetto_file *file, uint64_t uuid, uint64_t ns);
void perfetto_end_all(struct perfetto_file *file);

/* Tells the viewer that something is missing here. */
void perfetto_lost(struct perfetto_file *file);

/* Attributes of the whole run, in one packet: opened, filled, closed. */
void perfetto_attributes_open(struct perfetto_file *file);
void perfetto_attribute_text(struct perfetto_file *file, const char *key, const char *text);
void perfetto_attribute_number(struct perfetto_file *file, const char *key, uint64_t value);
void perfetto_attributes_close(struct perfetto_file *file);
