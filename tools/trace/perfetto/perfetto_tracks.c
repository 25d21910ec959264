#include "base/format.h"
#include "perfetto/perfetto_timeline_internal.h"
#include "stream/event_table.h"
#include "stream/frames.h"

#include <stdio.h>
#include <stdlib.h>

enum { RANKS_OF_CPUS = 256 };

/* What does not depend on which space, tree, region or task it is. Ranks order the tracks of one parent. */
static const struct {
        const char *name;
        enum track_kind parent;
        int32_t rank;
        enum perfetto_track_kind kind;
} kinds[TRACK_KINDS] = {
        [TRACK_MACHINE] = { "machine", 0, 0, PLAIN_TRACK },
        [TRACK_CPU] = { "running on cpu", TRACK_MACHINE, 0, PLAIN_TRACK },
        [TRACK_INTERRUPTS] = { "interrupts on cpu", TRACK_MACHINE, RANKS_OF_CPUS, PLAIN_TRACK },
        [TRACK_LOCKS] = { "locks of cpu", TRACK_MACHINE, 2 * RANKS_OF_CPUS, PLAIN_TRACK },
        [TRACK_MISSING] = { "events missing on cpu", TRACK_MACHINE, 3 * RANKS_OF_CPUS, PLAIN_TRACK },
        [TRACK_LOCK] = { NULL, TRACK_LOCKS, 0, PLAIN_TRACK },
        [TRACK_TESTS] = { "tests", TRACK_MACHINE, 4 * RANKS_OF_CPUS, PLAIN_TRACK },
        [TRACK_ERRORS] = { "errors", TRACK_MACHINE, 4 * RANKS_OF_CPUS + 1, PLAIN_TRACK },
        [TRACK_FRAMES] = { "frames in use", TRACK_MACHINE, 4 * RANKS_OF_CPUS + 2, COUNTER_OF_THINGS },
        [TRACK_STREAM] = { "stream", TRACK_MACHINE, 4 * RANKS_OF_CPUS + 3, PLAIN_TRACK },
        [TRACK_UNKNOWN_TASKS] = { "tasks of unknown processes", 0, 1, PLAIN_TRACK },
        [TRACK_PROCESS] = { "kernel", 0, 0, PROCESS_TRACK },
        [TRACK_TASK] = { NULL, TRACK_PROCESS, 0, THREAD_TRACK },
        [TRACK_EARLIER_SPACES] = { "earlier spaces", TRACK_PROCESS, INT32_MAX, PLAIN_TRACK },
        [TRACK_SPACE] = { NULL, TRACK_PROCESS, 0, PLAIN_TRACK },
        [TRACK_SCRIPT] = { "script", TRACK_SPACE, 1, PLAIN_TRACK },
        [TRACK_OPERATIONS] = { "operations", TRACK_SPACE, 2, PLAIN_TRACK },
        [TRACK_TREE] = { "tree", TRACK_SPACE, 3, PLAIN_TRACK },
        [TRACK_REGION_COUNT] = { "region count", TRACK_SPACE, 4, COUNTER_OF_THINGS },
        [TRACK_HEIGHT] = { "tree height", TRACK_SPACE, 5, COUNTER_OF_THINGS },
        [TRACK_MAPPED] = { "bytes mapped", TRACK_SPACE, 6, COUNTER_OF_BYTES },
        [TRACK_FRAGMENTATION] = { "fragmentation", TRACK_SPACE, 7, COUNTER_OF_PERCENT },
        [TRACK_LARGEST_HOLE] = { "largest hole", TRACK_SPACE, 8, COUNTER_OF_BYTES },
        [TRACK_REGIONS] = { "regions", TRACK_SPACE, 9, PLAIN_TRACK },
};

_Static_assert(TRACK_KINDS <= 32, "a kind fits into five bits");

uint64_t timeline_uuid(enum track_kind kind, uint64_t id)
{
        return id << 5 | kind;
}

enum track_kind timeline_kind_of(uint64_t uuid)
{
        return (enum track_kind)(uuid & 31);
}

uint64_t timeline_id_of(uint64_t uuid)
{
        return uuid >> 5;
}

const char *timeline_name(const char *name, const char *kind, uint64_t id)
{
        return name && *name ? name : format_numbered(kind, id);
}

/* --- spaces ----------------------------------------------------------------------------------------------- */

/*
 * A space that has tracks. To which process it belongs is known only when a task is created in it, and whether the
 * process leaves it only when that runs another program; so its own track is described last.
 */
struct shown_space {
        uint64_t id;
        bool has_process, is_replaced, is_described;
        uint64_t process;
        bool has_tracks;
};

static struct shown_space *space_of(struct timeline *timeline, uint64_t id)
{
        struct shown_space *space = id_map_get(&timeline->spaces, id);

        if (space)
                return space;
        space = calloc(1, sizeof *space);
        if (!space || id_map_put(&timeline->spaces, id, space).code) {
                free(space);
                return NULL;
        }
        space->id = id;
        return space;
}

void timeline_space_belongs(struct timeline *timeline, uint64_t id, uint64_t process)
{
        struct shown_space *space = id ? space_of(timeline, id) : NULL;

        if (!space)
                return;
        space->has_process = true;
        space->process = process;
}

void timeline_space_replaced(struct timeline *timeline, uint64_t id)
{
        struct shown_space *space = id_map_get(&timeline->spaces, id);

        if (space)
                space->is_replaced = true;
}

/* A space that no process has is the kernel's; where there are no tasks at all, it stands for itself. */
static uint64_t parent_of_space(struct timeline *timeline, const struct shown_space *space)
{
        if (!timeline_process(timeline, 0))
                return 0;
        return timeline_track(timeline, space->is_replaced ? TRACK_EARLIER_SPACES : TRACK_PROCESS, space->process);
}

static void describe_space(struct timeline *timeline, struct shown_space *shown)
{
        const struct model_space *space = model_space(timeline->model, shown->id);
        char name[FRAMES_BODY_MAX + 16];

        if (shown->is_described || !shown->has_tracks)
                return;
        shown->is_described = true;
        if (space && *space->name)
                snprintf(name, sizeof name, "space %s", space->name);
        else
                snprintf(name, sizeof name, "%s", format_numbered("space", shown->id));
        perfetto_describe(timeline->file, &(struct perfetto_track){
                .uuid = timeline_uuid(TRACK_SPACE, shown->id),
                .parent = parent_of_space(timeline, shown),
                .name = name,
                .rank = (int32_t)(shown->id & INT32_MAX),
        });
}

/* Spaces that were there for a moment and never reached a process are many where memory is short: they are grouped. */
void timeline_space_destroyed(struct timeline *timeline, uint64_t id)
{
        struct shown_space *space = id_map_get(&timeline->spaces, id);

        if (!space)
                return;
        if (!space->has_process)
                space->is_replaced = timeline_process(timeline, 0);
        describe_space(timeline, space);
}

void timeline_describe_spaces(struct timeline *timeline)
{
        struct shown_space *space;
        size_t position = 0;

        while ((space = id_map_walk(&timeline->spaces, &position)))
                describe_space(timeline, space);
}

void timeline_forget_spaces(struct timeline *timeline)
{
        struct shown_space *space;
        size_t position = 0;

        while ((space = id_map_walk(&timeline->spaces, &position)))
                free(space);
        id_map_clear(&timeline->spaces);
}

/* --- tracks ----------------------------------------------------------------------------------------------- */

static uint64_t track_of_space(struct timeline *timeline, uint64_t id)
{
        struct shown_space *space = space_of(timeline, id);

        if (space)
                space->has_tracks = true;
        return timeline_uuid(TRACK_SPACE, id);
}

/* The parent of a track of which the space is told, or else the machine. */
static uint64_t parent_in_space(struct timeline *timeline, enum track_kind parent, uint64_t space)
{
        if (!space)
                return timeline_track(timeline, TRACK_MACHINE, 0);
        if (parent == TRACK_SPACE)
                return track_of_space(timeline, space);
        return timeline_track(timeline, parent, space);
}

static uint64_t space_of_tree(const struct timeline *timeline, uint64_t id)
{
        const struct model_tree *tree = model_tree(timeline->model, id);

        return tree ? tree->space : 0;
}

/* A process is named as its first task is. */
static void describe_process(struct timeline *timeline, struct perfetto_track *track, uint64_t id)
{
        const struct shown_process *process = timeline_process(timeline, id);

        track->pid = timeline_pid(id);
        track->rank = (int32_t)track->pid;
        if (id)
                track->name = process ? timeline_task_name(timeline, process->main) : format_numbered("process", id);
        if (id && process)
                track->start_ns = timeline->now;
}

/* A thread of a process that is not known would need one all the same: so it is a plain track. */
static void describe_task(struct timeline *timeline, struct perfetto_track *track, uint64_t id)
{
        const struct shown_task *task = timeline_task(timeline, id);

        track->name = timeline_task_name(timeline, id);
        track->rank = (int32_t)(id & INT32_MAX);
        if (!task || !task->process) {
                track->kind = PLAIN_TRACK;
                track->parent = timeline_track(timeline, TRACK_UNKNOWN_TASKS, 0);
                return;
        }
        track->parent = timeline_track(timeline, TRACK_PROCESS, task->process->id);
        track->pid = timeline_pid(task->process->id);
        track->tid = task->tid;
}

static void describe(struct timeline *timeline, struct perfetto_track *track, enum track_kind kind, uint64_t id)
{
        switch (kind) {
        case TRACK_MACHINE:
        case TRACK_UNKNOWN_TASKS:
                break;
        case TRACK_CPU:
        case TRACK_INTERRUPTS:
        case TRACK_LOCKS:
        case TRACK_MISSING:
                track->name = format_numbered(kinds[kind].name, id);
                track->rank += (int32_t)(id % RANKS_OF_CPUS);
                track->parent = timeline_track(timeline, TRACK_MACHINE, 0);
                break;
        case TRACK_LOCK:
                track->name = lock_class_name(id % TIMELINE_LOCK_CLASSES);
                track->rank = (int32_t)(id % TIMELINE_LOCK_CLASSES);
                track->parent = timeline_track(timeline, TRACK_LOCKS, id / TIMELINE_LOCK_CLASSES);
                break;
        case TRACK_PROCESS:
                describe_process(timeline, track, id);
                break;
        case TRACK_EARLIER_SPACES:
                track->parent = timeline_track(timeline, TRACK_PROCESS, id);
                break;
        case TRACK_TASK:
                describe_task(timeline, track, id);
                break;
        case TRACK_TREE ... TRACK_LARGEST_HOLE:
                track->parent = parent_in_space(timeline, TRACK_SPACE, space_of_tree(timeline, id));
                break;
        default:
                track->parent = parent_in_space(timeline, kinds[kind].parent,
                                                kinds[kind].parent == TRACK_MACHINE ? 0 : id);
                break;
        }
}

static void describe_track(struct timeline *timeline, enum track_kind kind, uint64_t id)
{
        struct perfetto_track track = {
                .uuid = timeline_uuid(kind, id),
                .name = kinds[kind].name,
                .rank = kinds[kind].rank,
                .kind = kinds[kind].kind,
        };

        describe(timeline, &track, kind, id);
        perfetto_describe(timeline->file, &track);
}

uint64_t timeline_track(struct timeline *timeline, enum track_kind kind, uint64_t id)
{
        uint64_t uuid = timeline_uuid(kind, id);

        if (!perfetto_is_described(timeline->file, uuid))
                describe_track(timeline, kind, id);
        return uuid;
}

void timeline_describe_task_again(struct timeline *timeline, uint64_t id)
{
        describe_track(timeline, TRACK_TASK, id);
}

uint64_t timeline_regions_track(struct timeline *timeline, uint64_t space)
{
        return parent_in_space(timeline, TRACK_REGIONS, space);
}
