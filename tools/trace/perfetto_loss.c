/*
 * What is shown where events are missing. A gap reaches from the newest event of its cpu before it to the first one
 * after it. Every slice that it may have cut short ends where it begins, and a slice "events missing" is as long as the
 * gap. What a tree and its regions look like is not known before a keyframe shows it: a slice "unknown" lasts until
 * then.
 */
#include "perfetto_timeline_internal.h"

/* Events are missing that `event` is the first one after. */
struct gap {
        const struct event *event;
        uint64_t from, to;                      /* ns */
};

static void show_gap(struct timeline *timeline, uint64_t uuid, const struct gap *gap)
{
        perfetto_begin(timeline->file, uuid, gap->from, "stream", "events missing");
        perfetto_note_number(timeline->file, "cpu", gap->event->cpu);
        perfetto_note_number(timeline->file, "missing", gap->event->missing);
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
        if (kind == TRACK_LANE)
                show_unknown(timeline, uuid, gap->to);
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
                if (may_be_cut(timeline, uuid, gap->event->cpu))
                        cut(timeline, uuid, gap);
}

/* A tree's track has a slice only for a moment. It is cut all the same if it has been there before. */
static void cut_trees(struct timeline *timeline, const struct gap *gap)
{
        const struct model_tree *tree;

        for (size_t i = 0; (tree = model_tree_at(timeline->model, i)); i++) {
                uint64_t uuid = timeline_uuid(TRACK_TREE, tree->id);

                if (tree->gone || !perfetto_is_described(timeline->file, uuid) ||
                    id_map_get(&timeline->missing, uuid))
                        continue;
                show_gap(timeline, uuid, gap);
                show_unknown(timeline, uuid, gap->to);
        }
}

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
        timeline_leave_all_lanes(timeline);
        id_map_clear(&timeline->wakers);
        timeline_forget_samples(timeline);
        timeline->waiting[cpu] = 0;
        timeline->unknown = timeline->frames_unknown = true;
}

void timeline_lose(struct timeline *timeline, const struct event *event)
{
        uint64_t newest = timeline->cpu[event->cpu].event_ns;
        const struct gap gap = {
                .event = event,
                .from = newest ? newest : timeline->first_ns,
                .to = timeline_ns(timeline, event),
        };

        timeline_show_unfinished(timeline);
        timeline_settle_all(timeline);
        cut_stream(timeline, &gap);
        cut_all(timeline, &gap);
        cut_trees(timeline, &gap);
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
