/*
 * What the files of the timeline share:
 *
 *      perfetto_timeline.c     holds everything, hands out events, and shows the run: errors, keyframes, the end
 *      perfetto_tracks.c       which tracks there are, and below which others
 *      perfetto_task.c         processes and threads: from when to when, their names, their system calls
 *      perfetto_schedule.c     who runs, could run, or sleeps
 *      perfetto_cpu.c          what cpus do: interrupts and locks
 *      perfetto_work.c         who asks for what: tests, scripts, operations on spaces
 *      perfetto_tree.c         what trees do with it
 *      perfetto_region.c       the result: regions, and counters of a tree
 *      perfetto_lane.c         which track shows which region
 *      perfetto_loss.c         what is shown where events are missing
 *
 * No other file includes this. Functions that take an event are called after the model has applied it.
 */
#pragma once

#include "base/buffer.h"
#include "base/id_map.h"
#include "model/model.h"
#include "perfetto/perfetto_timeline.h"

/* The kinds of tracks, and what the number that goes with one means. */
enum track_kind {
        TRACK_MACHINE = 1,                      /* 0 */
        TRACK_STREAM, TRACK_TESTS, TRACK_ERRORS, TRACK_FRAMES,
        TRACK_CPU, TRACK_INTERRUPTS, TRACK_LOCKS, TRACK_MISSING,        /* a cpu */
        TRACK_LOCK,                             /* a cpu, times TIMELINE_LOCK_CLASSES, and a class */
        TRACK_PROCESS, TRACK_EARLIER_SPACES,    /* a process; 0: the kernel */
        TRACK_UNKNOWN_TASKS,                    /* 0 */
        TRACK_TASK,                             /* a task */
        TRACK_SPACE,                            /* a space */
        TRACK_SCRIPT, TRACK_OPERATIONS, TRACK_REGIONS,
        TRACK_TREE,                             /* a tree */
        TRACK_REGION_COUNT, TRACK_HEIGHT, TRACK_MAPPED, TRACK_FRAGMENTATION, TRACK_LARGEST_HOLE,
        TRACK_LANE,                             /* a lane, numbered from 1 */
        TRACK_KINDS,
};

enum { TIMELINE_LOCK_CLASSES = 256, TIMELINE_COUNTERS = TRACK_LARGEST_HOLE - TRACK_REGION_COUNT + 1 };

struct shown_process {
        uint64_t id;                            /* 0: the kernel */
        uint64_t main;                          /* its first task */
        uint64_t space;
        uint64_t created, ended;                /* how many of its tasks */
        bool main_is_dead;                      /* and is destroyed with the last of the others */
};

enum shown_state {
        STATE_UNKNOWN,
        STATE_READY,
        STATE_RUNS,
        STATE_LEFT,                             /* it gave the cpu up; whether it sleeps is seen later */
        STATE_SLEEPS,
        STATE_ENDED,
};

struct shown_task {
        uint64_t id, tid;
        const char *name;                       /* of what is no task of the kernel's model; else NULL */
        struct shown_process *process;          /* NULL: not known, since events are missing */
        bool exited;
        enum shown_state state;
        uint64_t state_ns;                      /* since when */
        unsigned cpu;                           /* where it runs, or ran last */
        struct shown_task *successor;           /* of one that has left: who runs there since */
};

struct shown_cpu {
        struct shown_task *running;             /* NULL: not known */
        struct shown_task idle, missing;        /* stand for: nothing to run; events are missing */
        uint64_t switch_ns;                     /* the newest switch */
        uint64_t event_ns;                      /* the newest event */
};

struct timeline {
        const struct reader *reader;
        const struct schema *schema;
        struct model *model;
        struct perfetto_file *file;
        uint64_t now, first_ns;                 /* the times of the event at hand and of the first one, in ns */
        bool unknown;                           /* events are missing, and no keyframe has shown all since */
        bool keyframe_open;                     /* it has begun */
        bool ended;                             /* there was an end event */
        uint64_t verdict;
        uint64_t left_out;
        char complaint[320];
        int64_t frames;                         /* in use; ... */
        bool frames_unknown;                    /* ... for good, once events were missing: no keyframe tells it */

        /* perfetto_tracks.c */
        struct id_map spaces;                   /* struct shown_space */

        /* perfetto_work.c */
        struct id_map working_on;               /* space: the track that shows its operation */
        uint64_t script_space;                  /* 0: no script runs */
        bool line_open;

        /* perfetto_task.c, perfetto_schedule.c */
        struct id_map processes, tasks;         /* struct shown_process, struct shown_task */
        struct shown_cpu cpu[MODEL_CPUS_MAX];
        struct id_map wakers;                   /* task: the arrow from who woke it to where it runs next */
        uint64_t arrows;

        /* perfetto_cpu.c */
        uint64_t waiting[MODEL_CPUS_MAX];       /* the address of the lock that a cpu waits for, or 0 */

        /* perfetto_tree.c */
        struct id_map operations;               /* tree: struct shown_operation */
        struct shown_operation *done;           /* over, and to be shown once it is known when the next event was */

        /* perfetto_region.c */
        struct buffer text;                     /* being put together */
        struct id_map samples;                  /* tree: struct shown_samples */

        /* perfetto_lane.c */
        struct id_map lanes;                    /* region: struct lane */
        struct id_map trees;                    /* tree: struct lanes */
        uint64_t lane_count;

        /* perfetto_loss.c */
        struct id_map missing;                  /* track: itself, if it shows that its thing is unknown */
        struct id_map doubted;                  /* tree: the gap in which it may have changed */
};

/* The value of a field of a known event: VALUE(event, tree_link, parent). */
#define VALUE(event, type, name) ((event)->field[EVENT_FIELD(type, name)])

/* Ids are kept in maps of pointers. */
static inline void *id_as_pointer(uint64_t id)
{
        return (void *)(uintptr_t)id;
}

static inline uint64_t pointer_as_id(const void *pointer)
{
        return (uintptr_t)pointer;
}

/* --- tracks ----------------------------------------------------------------------------------------------- */

/* The track of a kind for a number, described if need be. */
uint64_t timeline_track(struct timeline *timeline, enum track_kind kind, uint64_t id);
/* Its number for Perfetto, described or not; and back. */
uint64_t timeline_uuid(enum track_kind kind, uint64_t id);
enum track_kind timeline_kind_of(uint64_t uuid);
uint64_t timeline_id_of(uint64_t uuid);

/* A task's track again, with its newest name. */
void timeline_describe_task_again(struct timeline *timeline, uint64_t id);

/* The track below which a space's regions are; of space 0, the machine. */
uint64_t timeline_regions_track(struct timeline *timeline, uint64_t space);

/* A space belongs to a process, or did before that ran another program. Destroyed, it is put below the process. */
void timeline_space_belongs(struct timeline *timeline, uint64_t space, uint64_t process);
void timeline_space_replaced(struct timeline *timeline, uint64_t space);
void timeline_space_destroyed(struct timeline *timeline, uint64_t space);
void timeline_describe_spaces(struct timeline *timeline);
void timeline_forget_spaces(struct timeline *timeline);

/* "heap", or "region 12" if it has no name. Valid for the next fifteen calls of format functions. */
const char *timeline_name(const char *name, const char *kind, uint64_t id);

/* --- tasks ------------------------------------------------------------------------------------------------ */

void timeline_task_event(struct timeline *timeline, const struct event *event);
/* NULL if there is none, or no memory. */
struct shown_process *timeline_process(const struct timeline *timeline, uint64_t id);
struct shown_task *timeline_task(struct timeline *timeline, uint64_t id);
bool timeline_is_main(const struct shown_task *task);
/* The kernel is the process 0, which has the idle threads and is the parent of the first process. */
void timeline_add_kernel(struct timeline *timeline);
const char *timeline_task_name(const struct timeline *timeline, uint64_t id);
/* A process's number for Perfetto. */
uint64_t timeline_pid(uint64_t process);
void timeline_forget_tasks(struct timeline *timeline);

/* A cpu from which there is an event. */
void timeline_add_cpu(struct timeline *timeline, unsigned cpu);
void timeline_task_created(struct timeline *timeline, struct shown_task *task);
void timeline_task_switched(struct timeline *timeline, unsigned cpu, struct shown_task *task);
void timeline_task_woken(struct timeline *timeline, struct shown_task *task);
void timeline_task_ended(struct timeline *timeline, struct shown_task *task);
/* What a cpu did between these times is unknown. */
void timeline_cpu_unknown(struct timeline *timeline, unsigned cpu, uint64_t from, uint64_t to);
/* No event will come that says whether the tasks that left a cpu sleep. */
void timeline_settle_all(struct timeline *timeline);
/* The same at the end of the stream, where the last switch of one that has exited may be missing. */
void timeline_finish_tasks(struct timeline *timeline);

/* --- the rest --------------------------------------------------------------------------------------------- */

void timeline_cpu_event(struct timeline *timeline, const struct event *event);
void timeline_work_event(struct timeline *timeline, const struct event *event);
void timeline_region_event(struct timeline *timeline, const struct event *event);
struct error timeline_tree_event(struct timeline *timeline, const struct event *event);

/* The track that shows a region. */
struct lane {
        uint64_t track;
        char *name;                             /* of the first region on it */
        bool is_shared;                         /* with regions of other names */
        bool taken;
        uint64_t region;                        /* that is on it, while it is taken */
        struct lane *next;                      /* the one above, in the order of addresses */
};

/* The lane of a region, NULL if it has none. One for a region that is in a tree; NULL if there is no memory. O(1). */
struct lane *timeline_lane_of(const struct timeline *timeline, uint64_t region);
struct lane *timeline_take_lane(struct timeline *timeline, const struct model_region *region);
void timeline_leave_lane(struct timeline *timeline, uint64_t region);
/* The lowest lane of a tree, NULL if it has none. O(1). */
struct lane *timeline_first_lane(const struct timeline *timeline, uint64_t tree);
void timeline_describe_lanes(struct timeline *timeline);
void timeline_forget_lanes(struct timeline *timeline);

/* Begins a slice for every region that is in a known tree and has none. */
void timeline_show_regions(struct timeline *timeline);
/* The same for one tree, after a keyframe has shown it. */
void timeline_show_tree_again(struct timeline *timeline, const struct model_tree *tree);
/* Samples the counters of a tree: those that have changed. */
void timeline_sample_tree(struct timeline *timeline, const struct model_tree *tree, uint64_t ns);
/* Of a tree, so that all are sampled again; of all trees, at the end. */
void timeline_forget_samples_of(struct timeline *timeline, uint64_t tree);
void timeline_forget_samples(struct timeline *timeline);

/* Shows the operation that is over, if there is one, up to `now`; and all that never were to be over. */
void timeline_show_done(struct timeline *timeline);
void timeline_show_unfinished(struct timeline *timeline);
void timeline_forget_operations(struct timeline *timeline);

/* An event's time. */
uint64_t timeline_ns(const struct timeline *timeline, const struct event *event);
/* Events are missing just before this one. */
void timeline_lose(struct timeline *timeline, const struct event *event);
/* The tree that an event may say something about, 0 if there is none: before it is applied. O(1). */
uint64_t timeline_tree_concerned(const struct timeline *timeline, const struct event *event);
/*
 * What model_expect() has said of a tree that was in doubt, or of all: it is cut if it is unknown now, and else it was
 * not touched. And after an event is applied: it is cut whatever it is now, since a keyframe has replaced it, or it was
 * destroyed.
 */
void timeline_settle_tree(struct timeline *timeline, uint64_t id);
void timeline_settle_trees(struct timeline *timeline);
void timeline_replace_tree(struct timeline *timeline, uint64_t id);
void timeline_replace_trees(struct timeline *timeline);
/* Cuts those that have stayed in doubt to the end. */
void timeline_cut_doubted(struct timeline *timeline);
void timeline_forget_doubts(struct timeline *timeline);
/* A track shows something again; all tracks do. */
void timeline_known_again(struct timeline *timeline, uint64_t uuid, uint64_t ns);
void timeline_all_known_again(struct timeline *timeline);
