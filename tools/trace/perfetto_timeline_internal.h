/*
 * What the files of the timeline share: perfetto_timeline.c holds everything and knows the run, perfetto_tracks.c
 * says which tracks there are, perfetto_cpu.c shows what cpus do, perfetto_work.c who asks for what, perfetto_tree.c
 * what trees do with it, and perfetto_region.c what came of it. Nobody else includes this.
 *
 * Each of the last four takes an event that the model has just carried out.
 */
#pragma once

#include "id_map.h"
#include "model.h"
#include "perfetto_timeline.h"

/* The kinds of tracks, and what the number that goes with one means. */
enum track_kind {
        TRACK_MACHINE = 1,                      /* 0 */
        TRACK_STREAM, TRACK_TESTS, TRACK_ERRORS, TRACK_FRAMES,
        TRACK_CPU, TRACK_INTERRUPTS, TRACK_LOCKS,       /* a cpu */
        TRACK_LOCK,                             /* a cpu, times TIMELINE_LOCK_CLASSES, and a class */
        TRACK_PROCESS,                          /* a process */
        TRACK_SPACE,                            /* a space */
        TRACK_SCRIPT, TRACK_OPERATIONS, TRACK_REGIONS,
        TRACK_TREE,                             /* a tree */
        TRACK_REGION_COUNT, TRACK_HEIGHT, TRACK_MAPPED, TRACK_LARGEST_HOLE, TRACK_FREE,
        TRACK_REGION,                           /* a region */
        TRACK_TASK,                             /* a task */
        TRACK_KINDS,
};

enum { TIMELINE_LOCK_CLASSES = 256 };

struct timeline {
        const struct reader *reader;
        const struct schema *schema;
        struct model *model;
        struct perfetto_file *file;
        uint64_t now;                           /* the time of the event at hand, in ns */
        bool unknown;                           /* a slice says that events are missing */
        bool ended;                             /* there was an end event */
        uint64_t verdict;
        uint64_t left_out;
        char complaint[320];
        int64_t frames;                         /* in use; ... */
        bool frames_unknown;                    /* ... for good, once events were missing: no keyframe tells it */

        /* perfetto_work.c */
        struct id_map working_on;               /* space: the track that shows its operation */
        uint64_t script_space;                  /* 0: no script runs */
        bool line_open;

        /* perfetto_cpu.c */
        struct id_map wakers;                   /* task: the arrow from who woke it to where it runs next */
        uint64_t arrows;
        uint64_t waiting[MODEL_CPUS_MAX];       /* the address of the lock that a cpu waits for, or 0 */

        /* perfetto_tree.c */
        struct id_map operations;               /* tree: struct shown_operation */
        struct shown_operation *done;           /* over, and to be shown once it is known when the next event was */
};

/* The value of a field of a known event: VALUE(event, tree_link, parent). */
#define VALUE(event, type, name) ((event)->field[EVENT_FIELD(type, name)])

/* The track of a kind for a number, described if need be. */
uint64_t timeline_track(struct timeline *timeline, enum track_kind kind, uint64_t id);
/* Its number for Perfetto, described or not. */
uint64_t timeline_uuid(enum track_kind kind, uint64_t id);

/* "heap", or "region 12" if it has no name. Valid for the next fifteen calls of format functions. */
const char *timeline_name(const char *name, const char *kind, uint64_t id);

void timeline_cpu_event(struct timeline *timeline, const struct event *event);
/* Events are missing: who waits for what is unknown. */
void timeline_forget_cpus(struct timeline *timeline);
void timeline_work_event(struct timeline *timeline, const struct event *event);
void timeline_region_event(struct timeline *timeline, const struct event *event);
struct error timeline_tree_event(struct timeline *timeline, const struct event *event);

/* Begins a slice for every region that is in a known tree and has none. */
void timeline_show_regions(struct timeline *timeline);
/* Samples the counters of a tree. */
void timeline_sample_tree(struct timeline *timeline, const struct model_tree *tree, uint64_t ns);

/* Shows the operation that is over, if there is one, up to `now'; and all that never were to be over. */
void timeline_show_done(struct timeline *timeline);
void timeline_show_unfinished(struct timeline *timeline);
void timeline_forget_operations(struct timeline *timeline);
