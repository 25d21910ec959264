#include "base/format.h"
#include "perfetto/perfetto_timeline_internal.h"
#include "stream/frames.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* --- slices ----------------------------------------------------------------------------------------------- */

/* "stack rw- 32 KiB": what a region that is in a tree is now. NULL if there is no memory. */
static const char *slice_name(struct timeline *timeline, const struct model_region *region)
{
        struct buffer *text = &timeline->text;

        text->length = 0;
        if (*region->name) {
                buffer_put_text(text, region->name);
                buffer_put_byte(text, ' ');
        }
        buffer_put_text(text, format_protection(region->protection));
        buffer_put_byte(text, ' ');
        buffer_put_text(text, format_bytes(vrange_size(region->range)));
        buffer_put_byte(text, 0);
        return text->failed ? NULL : text->bytes;
}

/* "0x1000..0x5000" */
static const char *range_text(struct timeline *timeline, struct vrange range)
{
        struct buffer *text = &timeline->text;

        text->length = 0;
        buffer_put_hexadecimal(text, range.base);
        buffer_put(text, "..", 2);
        buffer_put_hexadecimal(text, range.end);
        buffer_put_byte(text, 0);
        return text->failed ? NULL : text->bytes;
}

static void begin_slice(struct timeline *timeline, const struct model_region *region, uint64_t track)
{
        struct perfetto_file *file = timeline->file;
        const char *text = slice_name(timeline, region);

        if (!text)
                text = "region";
        perfetto_begin_composed(file, track, timeline->now, "region", text);
        perfetto_note_text(file, "region", timeline_name(region->name, "region", region->id));
        perfetto_note_number(file, "region_id", region->id);
        text = range_text(timeline, region->range);
        if (text)
                perfetto_note_text(file, "range", text);
        perfetto_note_text(file, "protection", format_protection(region->protection));
        perfetto_note_number(file, "size", vrange_size(region->range));
        perfetto_note_number(file, "guard_before", region->before * PAGE_SIZE);
        perfetto_note_number(file, "guard_after", region->after * PAGE_SIZE);
        perfetto_close(file);
}

static void show_on(struct timeline *timeline, const struct model_region *region, const struct lane *lane)
{
        timeline_known_again(timeline, lane->track, timeline->now);
        begin_slice(timeline, region, lane->track);
}

static void show(struct timeline *timeline, const struct model_region *region)
{
        struct lane *lane;

        if (!region || !region->tree || region->tree->unknown || timeline_lane_of(timeline, region->id))
                return;
        lane = timeline_take_lane(timeline, region);
        if (lane)
                show_on(timeline, region, lane);
}

static void hide(struct timeline *timeline, uint64_t id)
{
        const struct lane *lane = timeline_lane_of(timeline, id);

        if (!lane)
                return;
        perfetto_end_all_of(timeline->file, lane->track, timeline->now);
        timeline_leave_lane(timeline, id);
}

static void show_again(struct timeline *timeline, const struct event *event)
{
        const struct model_region *region = model_region(timeline->model, VALUE(event, region_changed, region));
        bool same = VALUE(event, region_changed, old_base) == VALUE(event, region_changed, base) &&
                    VALUE(event, region_changed, old_end) == VALUE(event, region_changed, end) &&
                    VALUE(event, region_changed, old_protection) == VALUE(event, region_changed, protection);
        const struct lane *lane = region ? timeline_lane_of(timeline, region->id) : NULL;

        if (same || !lane)
                return;
        perfetto_end_all_of(timeline->file, lane->track, timeline->now);
        show_on(timeline, region, lane);
}

void timeline_region_event(struct timeline *timeline, const struct event *event)
{
        switch (event->type) {
        case EVENT_list_link:
        case EVENT_tree_link:
                show(timeline, model_region(timeline->model, event->field[1]));
                break;
        case EVENT_list_unlink:
        case EVENT_tree_unlink:
                hide(timeline, event->field[1]);
                break;
        case EVENT_region_changed:
                show_again(timeline, event);
                break;
        case EVENT_region_freed:
                hide(timeline, VALUE(event, region_freed, region));
                break;
        default:
                break;
        }
}

static void show_all_of(struct timeline *timeline, const struct model_tree *tree)
{
        const struct model_region *region;

        for (region = model_outermost(tree, LEFT); region; region = model_neighbour(region, RIGHT))
                show(timeline, region);
}

void timeline_show_regions(struct timeline *timeline)
{
        const struct model_tree *tree;

        for (size_t i = 0; (tree = model_tree_at(timeline->model, i)); i++)
                show_all_of(timeline, tree);
}

void timeline_show_tree_again(struct timeline *timeline, const struct model_tree *tree)
{
        timeline_known_again(timeline, timeline_uuid(TRACK_TREE, tree->id), timeline->now);
        for (const struct lane *lane = timeline_first_lane(timeline, tree->id); lane; lane = lane->next)
                timeline_known_again(timeline, lane->track, timeline->now);
        show_all_of(timeline, tree);
        timeline_sample_tree(timeline, tree, timeline->now);
}

/* --- counters --------------------------------------------------------------------------------------------- */

/* What the counters of a tree showed last. */
struct shown_samples {
        bool known;
        uint64_t value[TIMELINE_COUNTERS];
};

static struct shown_samples *samples_of(struct timeline *timeline, uint64_t tree)
{
        struct shown_samples *samples = id_map_get(&timeline->samples, tree);

        if (samples)
                return samples;
        samples = calloc(1, sizeof *samples);
        if (samples && id_map_put(&timeline->samples, tree, samples).code) {
                free(samples);
                return NULL;
        }
        return samples;
}

enum { PARTS_OF_PERCENT = 1000000000 };

/* Of what is free, the part that is not in the largest hole, in parts of a percent. */
static uint64_t fragmentation(uint64_t free, uint64_t largest)
{
        if (!free || largest > free)
                return 0;
        return (uint64_t)((unsigned __int128)(free - largest) * 100 * PARTS_OF_PERCENT / free);
}

static void sample(struct timeline *timeline, enum track_kind kind, uint64_t tree, uint64_t ns,
                   const uint64_t value[TIMELINE_COUNTERS])
{
        uint64_t track = timeline_track(timeline, kind, tree);

        if (kind == TRACK_FRAGMENTATION)
                perfetto_sample_part(timeline->file, track, ns,
                                     (double)value[kind - TRACK_REGION_COUNT] / PARTS_OF_PERCENT);
        else
                perfetto_sample(timeline->file, track, ns, (int64_t)value[kind - TRACK_REGION_COUNT]);
}

void timeline_sample_tree(struct timeline *timeline, const struct model_tree *tree, uint64_t ns)
{
        struct shown_samples *shown = samples_of(timeline, tree->id);
        uint64_t largest = model_largest_hole(tree) * PAGE_SIZE, free = vrange_size(tree->range) - tree->occupied;
        const uint64_t value[TIMELINE_COUNTERS] = {
                [TRACK_REGION_COUNT - TRACK_REGION_COUNT] = tree->regions,
                [TRACK_HEIGHT - TRACK_REGION_COUNT] = model_height(tree),
                [TRACK_MAPPED - TRACK_REGION_COUNT] = tree->mapped,
                [TRACK_FRAGMENTATION - TRACK_REGION_COUNT] = fragmentation(free, largest),
                [TRACK_LARGEST_HOLE - TRACK_REGION_COUNT] = largest,
        };

        if (!shown)
                return;
        for (size_t i = 0; i < TIMELINE_COUNTERS; i++)
                if (!shown->known || shown->value[i] != value[i])
                        sample(timeline, (enum track_kind)(TRACK_REGION_COUNT + i), tree->id, ns, value);
        shown->known = true;
        memcpy(shown->value, value, sizeof value);
}

void timeline_forget_samples_of(struct timeline *timeline, uint64_t tree)
{
        struct shown_samples *samples = id_map_get(&timeline->samples, tree);

        if (samples)
                samples->known = false;
}

void timeline_forget_samples(struct timeline *timeline)
{
        struct shown_samples *samples;
        size_t position = 0;

        while ((samples = id_map_walk(&timeline->samples, &position)))
                free(samples);
        id_map_clear(&timeline->samples);
}
