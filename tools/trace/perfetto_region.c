#include "format.h"
#include "frames.h"
#include "perfetto_timeline_internal.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* --- slices ----------------------------------------------------------------------------------------------- */

/* "stack rw- 32 KiB": what a region that is in a tree is now. */
static void begin_slice(struct timeline *timeline, const struct model_region *region, uint64_t track)
{
        struct perfetto_file *file = timeline->file;
        uint64_t size = vrange_size(region->range);
        char text[FRAMES_BODY_MAX + 64];

        snprintf(text, sizeof text, "%s%s%s %s", region->name, *region->name ? " " : "",
                 format_protection(region->protection), format_bytes(size));
        perfetto_begin(file, track, timeline->now, "region", text);
        snprintf(text, sizeof text, "%s..%s", format_address(region->range.base),
                 format_address(region->range.end));
        perfetto_note_text(file, "region", timeline_name(region->name, "region", region->id));
        perfetto_note_number(file, "region_id", region->id);
        perfetto_note_text(file, "range", text);
        perfetto_note_text(file, "protection", format_protection(region->protection));
        perfetto_note_number(file, "size", size);
        perfetto_note_number(file, "guard_before", region->before * PAGE_SIZE);
        perfetto_note_number(file, "guard_after", region->after * PAGE_SIZE);
        perfetto_close(file);
}

static uint64_t lane_of(const struct timeline *timeline, uint64_t region)
{
        return pointer_as_id(id_map_get(&timeline->lanes, region));
}

/* What else were on the track would have been there at the same address at the same time: it is ended. */
static void show_on(struct timeline *timeline, const struct model_region *region, uint64_t track)
{
        timeline_known_again(timeline, track, timeline->now);
        perfetto_end_all_of(timeline->file, track, timeline->now);
        if (!id_map_put(&timeline->lanes, region->id, id_as_pointer(track)).code)
                begin_slice(timeline, region, track);
}

static void show(struct timeline *timeline, const struct model_region *region)
{
        if (region && region->tree && !region->tree->unknown && !lane_of(timeline, region->id))
                show_on(timeline, region, timeline_lane(timeline, region));
}

static void hide(struct timeline *timeline, uint64_t id)
{
        uint64_t track = lane_of(timeline, id);

        if (!track)
                return;
        perfetto_end_all_of(timeline->file, track, timeline->now);
        id_map_remove(&timeline->lanes, id);
}

/*
 * A region that changes stays on its track as long as it holds the page that the track stands for: a stack that grows
 * down does not change tracks. Once it does not hold it any more, another region may come to lie there.
 */
static uint64_t lane_after_change(struct timeline *timeline, const struct model_region *region, uint64_t track)
{
        uint64_t page = timeline_id_of(track) % TIMELINE_PAGES;
        uint64_t address = region->tree->range.base + page * PAGE_SIZE;

        return vrange_contains(region->range, address) ? track : timeline_lane(timeline, region);
}

static void show_again(struct timeline *timeline, const struct event *event)
{
        const struct model_region *region = model_region(timeline->model, VALUE(event, region_changed, region));
        bool same = VALUE(event, region_changed, old_base) == VALUE(event, region_changed, base) &&
                    VALUE(event, region_changed, old_end) == VALUE(event, region_changed, end) &&
                    VALUE(event, region_changed, old_protection) == VALUE(event, region_changed, protection);
        uint64_t track = region ? lane_of(timeline, region->id) : 0;

        if (same || !track)
                return;
        hide(timeline, region->id);
        if (region->tree)
                show_on(timeline, region, lane_after_change(timeline, region, track));
}

void timeline_region_event(struct timeline *timeline, const struct event *event)
{
        switch (event->type) {
        case EVENT_tree_link:
                show(timeline, model_region(timeline->model, VALUE(event, tree_link, region)));
                break;
        case EVENT_tree_unlink:
                hide(timeline, VALUE(event, tree_unlink, region));
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

void timeline_show_regions(struct timeline *timeline)
{
        const struct model_region *region;
        const struct model_tree *tree;

        for (size_t i = 0; (tree = model_tree_at(timeline->model, i)); i++)
                for (region = model_outermost(tree, LEFT); region; region = model_neighbour(region, RIGHT))
                        show(timeline, region);
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

/* Of what is free, the part that is not in the largest hole, in percent. */
static double fragmentation(uint64_t free, uint64_t largest)
{
        return free && largest <= free ? 100.0 * (double)(free - largest) / (double)free : 0.0;
}

static void sample(struct timeline *timeline, enum track_kind kind, uint64_t tree, uint64_t ns,
                   const uint64_t value[TIMELINE_COUNTERS])
{
        uint64_t track = timeline_track(timeline, kind, tree);
        const uint64_t *free = &value[TRACK_FREE - TRACK_REGION_COUNT];
        const uint64_t *largest = &value[TRACK_LARGEST_HOLE - TRACK_REGION_COUNT];

        if (kind == TRACK_FRAGMENTATION)
                perfetto_sample_part(timeline->file, track, ns, fragmentation(*free, *largest));
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
                [TRACK_FRAGMENTATION - TRACK_REGION_COUNT] = (uint64_t)(fragmentation(free, largest) * 1e12),
                [TRACK_LARGEST_HOLE - TRACK_REGION_COUNT] = largest,
                [TRACK_FREE - TRACK_REGION_COUNT] = free,
        };

        if (!shown)
                return;
        for (size_t i = 0; i < TIMELINE_COUNTERS; i++)
                if (!shown->known || shown->value[i] != value[i])
                        sample(timeline, (enum track_kind)(TRACK_REGION_COUNT + i), tree->id, ns, value);
        shown->known = true;
        memcpy(shown->value, value, sizeof value);
}

void timeline_forget_samples(struct timeline *timeline)
{
        struct shown_samples *samples;
        size_t position = 0;

        while ((samples = id_map_walk(&timeline->samples, &position)))
                free(samples);
        id_map_clear(&timeline->samples);
}
