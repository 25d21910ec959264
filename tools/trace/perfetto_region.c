#include "format.h"
#include "perfetto_timeline_internal.h"

#include <stdio.h>

/* --- slices ----------------------------------------------------------------------------------------------- */

/* A region that is in a tree has a slice: what it is now. */
static void begin_slice(struct timeline *timeline, const struct model_region *region)
{
        struct perfetto_file *file = timeline->file;
        uint64_t track = timeline_track(timeline, TRACK_REGION, region->id), size = vrange_size(region->range);
        char text[64];

        snprintf(text, sizeof text, "%s %s", format_protection(region->protection), format_bytes(size));
        perfetto_begin(file, track, timeline->now, "region", text);
        snprintf(text, sizeof text, "%s..%s", format_address(region->range.base),
                 format_address(region->range.end));
        perfetto_note_text(file, "range", text);
        perfetto_note_text(file, "protection", format_protection(region->protection));
        perfetto_note_number(file, "size", size);
        perfetto_note_number(file, "guard_before", region->before * PAGE_SIZE);
        perfetto_note_number(file, "guard_after", region->after * PAGE_SIZE);
        perfetto_note_number(file, "region", region->id);
        perfetto_close(file);
}

static bool is_shown(const struct timeline *timeline, const struct model_region *region)
{
        return perfetto_is_open(timeline->file, timeline_uuid(TRACK_REGION, region->id));
}

static void show(struct timeline *timeline, const struct model_region *region)
{
        if (region && region->tree && !region->tree->unknown && !is_shown(timeline, region))
                begin_slice(timeline, region);
}

static void hide(struct timeline *timeline, uint64_t id)
{
        perfetto_end_all_of(timeline->file, timeline_uuid(TRACK_REGION, id), timeline->now);
}

static void show_again(struct timeline *timeline, const struct event *event)
{
        const struct model_region *region = model_region(timeline->model, VALUE(event, region_changed, region));
        bool same = VALUE(event, region_changed, old_base) == VALUE(event, region_changed, base) &&
                    VALUE(event, region_changed, old_end) == VALUE(event, region_changed, end) &&
                    VALUE(event, region_changed, old_protection) == VALUE(event, region_changed, protection);

        if (!region || same || !is_shown(timeline, region))
                return;
        hide(timeline, region->id);
        show(timeline, region);
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
                perfetto_forget(timeline->file, timeline_uuid(TRACK_REGION, VALUE(event, region_freed, region)));
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

static void sample(struct timeline *timeline, enum track_kind kind, uint64_t tree, uint64_t ns, uint64_t value)
{
        perfetto_sample(timeline->file, timeline_track(timeline, kind, tree), ns, (int64_t)value);
}

void timeline_sample_tree(struct timeline *timeline, const struct model_tree *tree, uint64_t ns)
{
        sample(timeline, TRACK_REGION_COUNT, tree->id, ns, tree->regions);
        sample(timeline, TRACK_HEIGHT, tree->id, ns, model_height(tree));
        sample(timeline, TRACK_MAPPED, tree->id, ns, tree->mapped);
        sample(timeline, TRACK_LARGEST_HOLE, tree->id, ns, model_largest_hole(tree) * PAGE_SIZE);
        sample(timeline, TRACK_FREE, tree->id, ns, vrange_size(tree->range) - tree->occupied);
}
