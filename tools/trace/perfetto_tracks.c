#include "format.h"
#include "frames.h"
#include "known.h"
#include "perfetto_timeline_internal.h"

#include <stdio.h>

enum { PROCESS_MAX = INT32_MAX, TASKS_FROM = 100000, RANKS_OF_CPUS = 256 };

/* What does not depend on which space, tree, region or task it is. Ranks order the tracks of one parent. */
static const struct {
        const char *name;
        enum track_kind parent;
        int32_t rank;
        enum perfetto_unit counter;
} kinds[TRACK_KINDS] = {
        [TRACK_MACHINE] = { "machine", 0, 0, NO_COUNTER },
        [TRACK_CPU] = { NULL, TRACK_MACHINE, 0, NO_COUNTER },
        [TRACK_INTERRUPTS] = { NULL, TRACK_MACHINE, RANKS_OF_CPUS, NO_COUNTER },
        [TRACK_LOCKS] = { NULL, TRACK_MACHINE, 2 * RANKS_OF_CPUS, NO_COUNTER },
        [TRACK_LOCK] = { NULL, TRACK_LOCKS, 0, NO_COUNTER },
        [TRACK_TESTS] = { "tests", TRACK_MACHINE, 3 * RANKS_OF_CPUS, NO_COUNTER },
        [TRACK_ERRORS] = { "errors", TRACK_MACHINE, 3 * RANKS_OF_CPUS + 1, NO_COUNTER },
        [TRACK_FRAMES] = { "frames in use", TRACK_MACHINE, 3 * RANKS_OF_CPUS + 2, COUNTS_THINGS },
        [TRACK_STREAM] = { "stream", TRACK_MACHINE, 3 * RANKS_OF_CPUS + 3, NO_COUNTER },
        [TRACK_PROCESS] = { "kernel threads", 0, 1, NO_COUNTER },
        [TRACK_TASK] = { NULL, TRACK_PROCESS, 0, NO_COUNTER },
        [TRACK_SPACE] = { NULL, 0, 2, NO_COUNTER },
        [TRACK_SCRIPT] = { "script", TRACK_SPACE, 1, NO_COUNTER },
        [TRACK_OPERATIONS] = { "operations", TRACK_SPACE, 2, NO_COUNTER },
        [TRACK_TREE] = { "tree", TRACK_SPACE, 3, NO_COUNTER },
        [TRACK_REGION_COUNT] = { "region count", TRACK_SPACE, 4, COUNTS_THINGS },
        [TRACK_HEIGHT] = { "tree height", TRACK_SPACE, 5, COUNTS_THINGS },
        [TRACK_MAPPED] = { "bytes mapped", TRACK_SPACE, 6, COUNTS_BYTES },
        [TRACK_LARGEST_HOLE] = { "largest hole", TRACK_SPACE, 7, COUNTS_BYTES },
        [TRACK_FREE] = { "free bytes", TRACK_SPACE, 8, COUNTS_BYTES },
        [TRACK_REGIONS] = { "regions", TRACK_SPACE, 9, NO_COUNTER },
        [TRACK_REGION] = { NULL, TRACK_REGIONS, 0, NO_COUNTER },
};

uint64_t timeline_uuid(enum track_kind kind, uint64_t id)
{
        _Static_assert(TRACK_KINDS <= 32, "a kind fits into five bits");
        return id << 5 | kind;
}

const char *timeline_name(const char *name, const char *kind, uint64_t id)
{
        return name && *name ? name : format_numbered(kind, id);
}

/* Address order, as well as 31 bits can tell it. */
static int32_t rank_of(const struct model_region *region)
{
        uint64_t size = vrange_size(region->tree->range), offset = region->range.base - region->tree->range.base;
        unsigned shift = 0;

        while (size >> shift > INT32_MAX)
                shift++;
        return (int32_t)(offset >> shift & INT32_MAX);
}

/* Whom a track belongs to: the space, and to which kind of track of it. */
static void describe_below(struct timeline *timeline, struct perfetto_track *track, enum track_kind parent,
                           uint64_t space)
{
        if (parent != TRACK_MACHINE && !space)
                parent = TRACK_MACHINE;
        track->parent = timeline_track(timeline, parent, parent == TRACK_MACHINE ? 0 : space);
}

/* A process is named as its first task is. Process 0, which is the kernel's, is none for Perfetto. */
static uint64_t process_of(struct timeline *timeline, const struct model_task *task)
{
        struct perfetto_track track = {
                .uuid = timeline_uuid(TRACK_PROCESS, task->process),
                .name = kinds[TRACK_PROCESS].name,
                .rank = kinds[TRACK_PROCESS].rank,
                .pid = task->process % PROCESS_MAX,
        };

        if (task->process)
                track.name = timeline_name(task->name, "process", task->process);
        if (!perfetto_is_described(timeline->file, track.uuid))
                perfetto_describe(timeline->file, &track);
        return track.uuid;
}

static void describe_task(struct timeline *timeline, struct perfetto_track *track, uint64_t id)
{
        const struct model_task *task = model_task(timeline->model, id);

        track->name = timeline_name(task ? task->name : NULL, "task", id);
        track->rank = (int32_t)(id & INT32_MAX);
        if (!task) {
                describe_below(timeline, track, TRACK_MACHINE, 0);
                return;
        }
        track->parent = process_of(timeline, task);
        if (task->process) {
                track->pid = task->process % PROCESS_MAX;
                track->tid = TASKS_FROM + id % PROCESS_MAX;
        }
}

/* The number of a track of locks is the cpu's and the class's in one. */
static void describe_lock(struct timeline *timeline, struct perfetto_track *track, uint64_t id)
{
        track->name = word_of_lock_class(id % TIMELINE_LOCK_CLASSES);
        track->rank = (int32_t)(id % TIMELINE_LOCK_CLASSES);
        track->parent = timeline_track(timeline, TRACK_LOCKS, id / TIMELINE_LOCK_CLASSES);
}

static const char *name_of_space(const struct model_space *space, uint64_t id, char *room, size_t size)
{
        if (!space || !*space->name)
                return format_numbered("space", id);
        snprintf(room, size, "space %s", space->name);
        return room;
}

/* A name that has to be put together goes into `room`. */
static void describe(struct timeline *timeline, struct perfetto_track *track, enum track_kind kind, uint64_t id,
                     char *room, size_t size)
{
        const struct model_space *space = model_space(timeline->model, id);
        const struct model_tree *tree = model_tree(timeline->model, id);
        const struct model_region *region = model_region(timeline->model, id);

        switch (kind) {
        case TRACK_SPACE:
                track->name = name_of_space(space, id, room, size);
                break;
        case TRACK_LOCK:
                describe_lock(timeline, track, id);
                break;
        case TRACK_INTERRUPTS:
        case TRACK_LOCKS:
                track->name = format_numbered(kind == TRACK_LOCKS ? "locks of cpu" : "interrupts on cpu", id);
                track->rank += (int32_t)(id % RANKS_OF_CPUS);
                describe_below(timeline, track, TRACK_MACHINE, 0);
                break;
        case TRACK_TASK:
                describe_task(timeline, track, id);
                break;
        case TRACK_REGION:
                track->name = timeline_name(region->name, "region", id);
                track->rank = rank_of(region);
                describe_below(timeline, track, TRACK_REGIONS, region->tree->space);
                break;
        case TRACK_CPU:
                track->name = format_numbered("running on cpu", id);
                track->rank += (int32_t)(id % RANKS_OF_CPUS);
                describe_below(timeline, track, TRACK_MACHINE, 0);
                break;
        case TRACK_TREE ... TRACK_FREE:
                describe_below(timeline, track, TRACK_SPACE, tree ? tree->space : 0);
                break;
        case TRACK_MACHINE:
                break;
        default:
                describe_below(timeline, track, kinds[kind].parent, id);
                break;
        }
}

uint64_t timeline_track(struct timeline *timeline, enum track_kind kind, uint64_t id)
{
        struct perfetto_track track = {
                .uuid = timeline_uuid(kind, id),
                .name = kinds[kind].name,
                .rank = kinds[kind].rank,
                .counter = kinds[kind].counter,
        };
        char room[FRAMES_BODY_MAX + 16];

        if (!perfetto_is_described(timeline->file, track.uuid)) {
                describe(timeline, &track, kind, id, room, sizeof room);
                perfetto_describe(timeline->file, &track);
        }
        return track.uuid;
}
