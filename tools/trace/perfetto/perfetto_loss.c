/*
 * What is shown where events are missing. A gap reaches from the newest event of its cpu before it to the first one
 * after it. Every slice that it may have cut short ends where it begins, and a slice "events missing" is as long as the
 * gap.
 *
 * Whether a gap concerns a tree, the tree's next operation says (model_loss.c). Until then the tree is in doubt, and
 * its slices go on. If it has changed, they end where the gap begins, as if that had been known at once, and a slice
 * "unknown" lasts from the gap's end until a keyframe shows the tree.
 */
#include "perfetto/perfetto_timeline_internal.h"

#include <stdlib.h>

/* Events of a cpu are missing. */
struct gap {
        unsigned cpu;
        uint64_t missing;
        uint64_t from, to;                      /* ns */
};

static void show_gap(struct timeline *timeline, uint64_t uuid, const struct gap *gap)
{
        perfetto_begin(timeline->file, uuid, gap->from, "stream", "events missing");
        perfetto_note_number(timeline->file, "cpu", gap->cpu);
        perfetto_note_number(timeline->file, "missing", gap->missing);
        perfetto_close(timeline->file);
        if (perfetto_end(timeline->file, uuid, gap->to))
                perfetto_close(timeline->file);
}

/* If there is no memory, what is unknown is not shown as that. */
static void show_unknown(struct timeline *timeline, uint64_t uuid, uint64_t from)
{
        if (id_map_put(&timeline->missing, uuid, id_as_pointer(uuid)).code)
                return;
        perfetto_begin(timeline->file, uuid, from, "stream", "unknown");
        perfetto_note_text(timeline->file, "until", "the next keyframe");
        perfetto_close(timeline->file);
}

static bool runs_on_another(struct timeline *timeline, uint64_t id, unsigned cpu)
{
        const struct shown_task *task = timeline_task(timeline, id);

        return task && task->state == STATE_RUNS && task->cpu != cpu;
}

/* Whether what is open on a track may have ended among the events of a cpu that are missing. */
static bool may_be_cut(struct timeline *timeline, uint64_t uuid, unsigned cpu)
{
        uint64_t id = timeline_id_of(uuid);

        if (id_map_get(&timeline->missing, uuid))
                return false;
        switch (timeline_kind_of(uuid)) {
        case TRACK_CPU:
        case TRACK_INTERRUPTS:
                return id == cpu;
        case TRACK_LOCK:
                return id / TIMELINE_LOCK_CLASSES == cpu;
        case TRACK_TASK:
                return !runs_on_another(timeline, id, cpu);
        case TRACK_TREE:
        case TRACK_LANE:
                return false;                   /* see cut_tree() */
        default:
                return true;
        }
}

/* Whatever works on a space on this track has been ended. */
static void forget_work_on(struct timeline *timeline, uint64_t track)
{
        const struct model_space *space;

        for (size_t i = 0; (space = model_space_at(timeline->model, i)); i++)
                if (pointer_as_id(id_map_get(&timeline->working_on, space->id)) == track)
                        id_map_remove(&timeline->working_on, space->id);
}

static void cut(struct timeline *timeline, uint64_t uuid, const struct gap *gap)
{
        enum track_kind kind = timeline_kind_of(uuid);

        perfetto_end_all_of(timeline->file, uuid, gap->from);
        show_gap(timeline, uuid, gap);
        if (kind == TRACK_TASK || kind == TRACK_OPERATIONS || kind == TRACK_SCRIPT)
                forget_work_on(timeline, uuid);
        if (kind == TRACK_SCRIPT) {
                timeline->script_space = 0;
                timeline->line_open = false;
        }
}

static void cut_all(struct timeline *timeline, const struct gap *gap)
{
        size_t position = 0;
        uint64_t uuid;

        while ((uuid = perfetto_walk_open(timeline->file, &position)))
                if (may_be_cut(timeline, uuid, gap->cpu))
                        cut(timeline, uuid, gap);
}

/* --- trees ------------------------------------------------------------------------------------------------ */


/* Also of a track without a slice: a tree's has one only for a moment. */
static void cut_known(struct timeline *timeline, uint64_t uuid, const struct gap *gap)
{
        if (id_map_get(&timeline->missing, uuid))
                return;
        perfetto_end_all_of(timeline->file, uuid, gap->from);
        show_gap(timeline, uuid, gap);
        show_unknown(timeline, uuid, gap->to);
}

static void cut_lanes(struct timeline *timeline, uint64_t tree, const struct gap *gap)
{
        for (struct lane *lane = timeline_first_lane(timeline, tree); lane; lane = lane->next) {
                if (!lane->taken)
                        continue;
                timeline_leave_lane(timeline, lane->region);
                cut_known(timeline, lane->track, gap);
        }
}

static void cut_tree(struct timeline *timeline, const struct model_tree *tree, const struct gap *gap)
{
        cut_lanes(timeline, tree->id, gap);
        if (tree->gone)
                return;
        if (perfetto_is_described(timeline->file, timeline_uuid(TRACK_TREE, tree->id)))
                cut_known(timeline, timeline_uuid(TRACK_TREE, tree->id), gap);
        timeline_forget_samples_of(timeline, tree->id);
}

/* The tree may have changed in this gap; and, if it was in doubt already, in the one before. */
static void doubt(struct timeline *timeline, const struct model_tree *tree, const struct gap *gap)
{
        struct gap *doubted = id_map_get(&timeline->doubted, tree->id);

        if (doubted) {
                doubted->to = gap->to;
                doubted->missing += gap->missing;
                return;
        }
        doubted = malloc(sizeof *doubted);
        if (!doubted)
                return;
        *doubted = *gap;
        if (id_map_put(&timeline->doubted, tree->id, doubted).code)
                free(doubted);
}

static void doubt_all(struct timeline *timeline, const struct gap *gap)
{
        const struct model_tree *tree;

        for (size_t i = 0; (tree = model_tree_at(timeline->model, i)); i++)
                if (!tree->gone)
                        doubt(timeline, tree, gap);
}

static void end_doubt(struct timeline *timeline, uint64_t tree)
{
        free(id_map_get(&timeline->doubted, tree));
        id_map_remove(&timeline->doubted, tree);
}

void timeline_settle_tree(struct timeline *timeline, uint64_t id)
{
        const struct model_tree *tree = model_tree(timeline->model, id);
        const struct gap *gap = id_map_get(&timeline->doubted, id);

        if (!gap || !tree || model_tree_knowledge(timeline->model, tree) == KNOWN_ONCE)
                return;
        if (tree->unknown)
                cut_tree(timeline, tree, gap);
        end_doubt(timeline, id);
}

void timeline_settle_trees(struct timeline *timeline)
{
        const struct model_tree *tree;

        for (size_t i = 0; timeline->doubted.used && (tree = model_tree_at(timeline->model, i)); i++)
                timeline_settle_tree(timeline, tree->id);
}

void timeline_replace_tree(struct timeline *timeline, uint64_t id)
{
        const struct model_tree *tree = model_tree(timeline->model, id);
        const struct gap *gap = id_map_get(&timeline->doubted, id);

        if (!gap || !tree || model_tree_knowledge(timeline->model, tree) == KNOWN_ONCE)
                return;
        cut_tree(timeline, tree, gap);
        end_doubt(timeline, id);
}

void timeline_replace_trees(struct timeline *timeline)
{
        const struct model_tree *tree;

        for (size_t i = 0; timeline->doubted.used && (tree = model_tree_at(timeline->model, i)); i++)
                timeline_replace_tree(timeline, tree->id);
}

void timeline_cut_doubted(struct timeline *timeline)
{
        const struct model_tree *tree;
        struct gap *gap;

        for (size_t i = 0; (tree = model_tree_at(timeline->model, i)); i++) {
                gap = id_map_get(&timeline->doubted, tree->id);
                if (gap)
                        cut_tree(timeline, tree, gap);
        }
        timeline_forget_doubts(timeline);
}

void timeline_forget_doubts(struct timeline *timeline)
{
        struct gap *gap;
        size_t position = 0;

        while ((gap = id_map_walk(&timeline->doubted, &position)))
                free(gap);
        id_map_clear(&timeline->doubted);
}

uint64_t timeline_tree_concerned(const struct timeline *timeline, const struct event *event)
{
        const struct model_region *region;
        const struct model_space *space;

        switch (event->type) {
        case EVENT_tree_created ... EVENT_tree_visit:
        case EVENT_keyframe_tree ... EVENT_keyframe_tree_end:
                return event->field[0];
        case EVENT_region_created ... EVENT_region_freed:
                region = model_region(timeline->model, event->field[0]);
                return region && region->tree ? region->tree->id : 0;
        case EVENT_space_begin:
        case EVENT_space_end:
        case EVENT_keyframe_space:
                space = model_space(timeline->model, event->field[0]);
                return space ? space->tree : 0;
        default:
                return 0;
        }
}

/* --- all -------------------------------------------------------------------------------------------------- */

/* A keyframe that the gap cuts short shows nothing. */
static void cut_stream(struct timeline *timeline, const struct gap *gap)
{
        uint64_t stream = timeline_track(timeline, TRACK_STREAM, 0);

        if (timeline->keyframe_open && perfetto_end(timeline->file, stream, gap->from))
                perfetto_close(timeline->file);
        timeline->keyframe_open = false;
        if (!id_map_get(&timeline->missing, stream))
                show_unknown(timeline, stream, gap->from);
}

static void forget_what_may_be_wrong(struct timeline *timeline, unsigned cpu)
{
        id_map_clear(&timeline->wakers);
        timeline->waiting[cpu] = 0;
        timeline->unknown = timeline->frames_unknown = true;
}

void timeline_lose(struct timeline *timeline, const struct event *event)
{
        uint64_t newest = timeline->cpu[event->cpu].event_ns;
        const struct gap gap = {
                .cpu = event->cpu,
                .missing = event->missing,
                .from = newest ? newest : timeline->first_ns,
                .to = timeline_ns(timeline, event),
        };

        timeline_show_unfinished(timeline);
        timeline_settle_all(timeline);
        cut_stream(timeline, &gap);
        cut_all(timeline, &gap);
        doubt_all(timeline, &gap);
        show_gap(timeline, timeline_track(timeline, TRACK_MISSING, event->cpu), &gap);
        timeline_cpu_unknown(timeline, event->cpu, gap.from, gap.to);
        perfetto_lost(timeline->file);
        forget_what_may_be_wrong(timeline, event->cpu);
}

void timeline_known_again(struct timeline *timeline, uint64_t uuid, uint64_t ns)
{
        if (!id_map_get(&timeline->missing, uuid))
                return;
        perfetto_end_all_of(timeline->file, uuid, ns);
        id_map_remove(&timeline->missing, uuid);
}

void timeline_all_known_again(struct timeline *timeline)
{
        const void *track;
        size_t position = 0;

        while ((track = id_map_walk(&timeline->missing, &position)))
                perfetto_end_all_of(timeline->file, pointer_as_id(track), timeline->now);
        id_map_clear(&timeline->missing);
}
