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
 * open are ended at the end, and every name is told before it is used by number. Time never goes back on a track, and
 * a slice or an instant does not begin at the time of something without a duration (a viewer would nest it there).
 * A time that would break this is moved on, by a nanosecond if that is enough.
 *
 * An importer sorts packets by time. So packets of different tracks, and states of different threads, may be written
 * in any order, and a track, if it is no counter, may be described after its events and after its children.
 *
 * Packets are written to the stream 64 KiB at a time. Errors are kept: if memory or the disk is full,
 * perfetto_file_finish() says so. Memory is bounded by the number of
 * tracks that are described.
 */
#pragma once

#include "lib/error.h"

#include <stdio.h>

struct perfetto_file;

enum perfetto_track_kind {
        PLAIN_TRACK,
        PROCESS_TRACK,                          /* has a pid */
        THREAD_TRACK,                           /* has a pid and a tid */
        COUNTER_OF_THINGS, COUNTER_OF_BYTES, COUNTER_OF_PERCENT,
};

struct perfetto_track {
        uint64_t uuid;                          /* not 0 */
        uint64_t parent;                        /* another track; 0: none */
        enum perfetto_track_kind kind;
        const char *name;
        int32_t rank;                           /* among its siblings, ascending */
        uint64_t pid, tid;
        uint64_t start_ns;                      /* of a process: when it began; 0: not known */
};

struct perfetto_totals {
        uint64_t tracks, slices, instants, samples, flows, states;
};

/* The stream still belongs to the caller. NO_MEMORY. */
struct error perfetto_file_create(FILE *stream, struct perfetto_file **out);
void perfetto_file_destroy(struct perfetto_file *file);

/* Ends every open slice, and says whether everything was written: NO_MEMORY, or IO with an error message. */
struct error perfetto_file_finish(struct perfetto_file *file);

struct perfetto_totals perfetto_file_totals(const struct perfetto_file *file);

/* --- tracks ----------------------------------------------------------------------------------------------- */

/* Asks the viewer to order processes and threads by rank, as it orders all other tracks. */
void perfetto_describe_root(struct perfetto_file *file);

/* A track may be described again to give it another name. */
void perfetto_describe(struct perfetto_file *file, const struct perfetto_track *track);
/* A track that has events from now on, and will be described later. */
void perfetto_expect(struct perfetto_file *file, uint64_t uuid);
bool perfetto_is_described(const struct perfetto_file *file, uint64_t uuid);

/* Ends what is open on a track that is needed no more, and frees its memory. */
void perfetto_forget(struct perfetto_file *file, uint64_t uuid);

/* --- events ----------------------------------------------------------------------------------------------- */

/*
 * Each opens a packet; annotations may follow, and perfetto_close() must. `ns` is the time.
 *
 * The end of a slice is the end of the newest open one of its track. False, and no packet, if none is open.
 *
 * Categories and names, also those of annotations, are constants of the program: the file has each once, and
 * uses its number. A name that is put together at run time is written out; it has a function of its own.
 */
void perfetto_begin(struct perfetto_file *file, uint64_t uuid, uint64_t ns, const char *category,
                    const char *name);
void perfetto_begin_composed(struct perfetto_file *file, uint64_t uuid, uint64_t ns, const char *category,
                             const char *name);
[[nodiscard]] bool perfetto_end(struct perfetto_file *file, uint64_t uuid, uint64_t ns);
void perfetto_instant(struct perfetto_file *file, uint64_t uuid, uint64_t ns, const char *category,
                      const char *name);
void perfetto_instant_composed(struct perfetto_file *file, uint64_t uuid, uint64_t ns, const char *category,
                               const char *name);

void perfetto_note_number(struct perfetto_file *file, const char *name, uint64_t value);
void perfetto_note_text(struct perfetto_file *file, const char *name, const char *text);
/* An address from 2^63 on gets a second annotation NAME_text: in SQL the first one is a negative number. */
void perfetto_note_address(struct perfetto_file *file, const char *name, uint64_t value);
/* An arrow, by its number: from this slice or instant to the one that takes it. */
void perfetto_flow(struct perfetto_file *file, uint64_t number);
void perfetto_flow_end(struct perfetto_file *file, uint64_t number);
void perfetto_close(struct perfetto_file *file);

/* A sample of a counter, complete in itself. */
void perfetto_sample(struct perfetto_file *file, uint64_t uuid, uint64_t ns, int64_t value);
void perfetto_sample_part(struct perfetto_file *file, uint64_t uuid, uint64_t ns, double value);

/* Whether a slice is open on a track; ends all that are, on a track or on every one. */
bool perfetto_is_open(const struct perfetto_file *file, uint64_t uuid);
void perfetto_end_all_of(struct perfetto_file *file, uint64_t uuid, uint64_t ns);
void perfetto_end_all(struct perfetto_file *file, uint64_t ns);

/*
 * The tracks on which slices are open, in no order: start with *position = 0; 0 after the last. Slices may begin and
 * end meanwhile, but no track may be described for the first time or forgotten.
 */
uint64_t perfetto_walk_open(const struct perfetto_file *file, size_t *position);

/* Tells the viewer that something is missing here. Its table `stats` then says how often. */
void perfetto_lost(struct perfetto_file *file);

/* --- processes and threads -------------------------------------------------------------------------------- */

/* The numbers of Perfetto's GenericKernelTaskStateEvent. */
enum perfetto_state {
        TASK_IS_CREATED = 1, TASK_IS_RUNNABLE = 2, TASK_IS_RUNNING = 3, TASK_SLEEPS = 4, TASK_IS_DEAD = 7,
        TASK_IS_DESTROYED = 8,
};

struct perfetto_process {
        uint64_t pid, parent;
        const char *name;
};

/* The thread whose tid is its pid is the process's main thread. */
struct perfetto_thread {
        uint64_t tid, pid;
        const char *name;
        bool is_main, is_idle;
};

/* A process and a thread that there are from now on. The process is told before its track is described. */
void perfetto_process(struct perfetto_file *file, uint64_t ns, const struct perfetto_process *process);
void perfetto_thread(struct perfetto_file *file, uint64_t ns, const struct perfetto_thread *thread);
/* A thread's new name. If it is a main thread, that is the process's name too. */
void perfetto_rename(struct perfetto_file *file, uint64_t ns, uint64_t tid, const char *name);

/*
 * What a thread does from now on. Two states of one thread have different times. CREATED comes before any other word
 * of the thread; a thread that runs does not begin to run; DESTROYED is the last. Destroying a main thread ends its
 * process.
 */
void perfetto_state(struct perfetto_file *file, uint64_t ns, unsigned cpu, uint64_t tid, const char *name,
                    enum perfetto_state state);

/* --- the run ---------------------------------------------------------------------------------------------- */

/* Attributes of the whole run, in one packet: opened, filled, closed. */
void perfetto_attributes_open(struct perfetto_file *file);
void perfetto_attribute_text(struct perfetto_file *file, const char *key, const char *text);
void perfetto_attribute_number(struct perfetto_file *file, const char *key, uint64_t value);
void perfetto_attributes_close(struct perfetto_file *file);
