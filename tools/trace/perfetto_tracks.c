#include "format.h"
#include "perfetto_timeline_internal.h"

#include <inttypes.h>

enum { PROCESS_MAX = INT32_MAX, TASKS_FROM = 100000 };

/* What does not depend on which space, tree, region or task it is. Ranks order the tracks of one parent. */
static const struct {
        const char *name;
        enum track_kind parent;
        int32_t rank;
        enum perfetto_unit counter;
} kinds[TRACK_KINDS] = {
        [TRACK_MACHINE] = { "machine", 0, 0, NO_COUNTER },
        [TRACK_CPU] = { NULL, TRACK_MACHINE, 0, NO_COUNTER },
        [TRACK_TESTS] = { "tests", TRACK_MACHINE, 1, NO_COUNTER },
        [TRACK_ERRORS] = { "errors", TRACK_MACHINE, 2, NO_COUNTER },
        [TRACK_FRAMES] = { "frames in use", TRACK_MACHINE, 3, COUNTS_THINGS },
        [TRACK_STREAM] = { "stream", TRACK_MACHINE, 4, NO_COUNTER },
        [TRACK_SPACE] = { NULL, 0, 1, NO_COUNTER },
        [TRACK_TASK] = { NULL, TRACK_SPACE, 0, NO_COUNTER },
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

static void describe_task(struct timeline *timeline, struct perfetto_track *track, uint64_t id)
{
        const struct model_task *task = model_task(timeline->model, id);

        track->name = timeline_name(task ? task->name : NULL, "task", id);
        describe_below(timeline, track, TRACK_SPACE, task ? task->space : 0);
        if (task && task->space) {
                track->pid = task->space % PROCESS_MAX;
                track->tid = TASKS_FROM + id % PROCESS_MAX;
        }
}

static void describe(struct timeline *timeline, struct perfetto_track *track, enum track_kind kind, uint64_t id)
{
        const struct model_space *space = model_space(timeline->model, id);
        const struct model_tree *tree = model_tree(timeline->model, id);
        const struct model_region *region = model_region(timeline->model, id);

        switch (kind) {
        case TRACK_SPACE:
                track->name = timeline_name(space ? space->name : NULL, "space", id);
                track->pid = id % PROCESS_MAX;
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

        if (!perfetto_is_described(timeline->file, track.uuid)) {
                describe(timeline, &track, kind, id);
                perfetto_describe(timeline->file, &track);
        }
        return track.uuid;
}
