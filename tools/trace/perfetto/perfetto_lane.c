/*
 * Lanes: the tracks that show the regions of a tree, one below the other in address order, and as few as are enough.
 *
 * The lanes of a tree form a list. At each moment the regions in the tree stand on lanes in the order of their
 * addresses, with free lanes between them. Regions in a tree do not overtake each other, so a region keeps its lane,
 * however it grows and shrinks. A new region takes a free lane between its neighbours', or else a new one is put there:
 *
 *      regions    a     b c                           a   x b c
 *      lanes      1  2  3 4      x comes, above a:    1   2 3 4
 *
 * Where in the list a lane ends up is known at the end, so its track is described last.
 */
#include "perfetto/perfetto_timeline_internal.h"
#include "stream/frames.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct lanes {
        uint64_t tree, space;
        struct lane *first;
};

static struct lanes *lanes_of(struct timeline *timeline, const struct model_tree *tree)
{
        struct lanes *lanes = id_map_get(&timeline->trees, tree->id);

        if (lanes)
                return lanes;
        lanes = calloc(1, sizeof *lanes);
        if (!lanes || id_map_put(&timeline->trees, tree->id, lanes).code) {
                free(lanes);
                return NULL;
        }
        lanes->tree = tree->id;
        lanes->space = tree->space;
        return lanes;
}

struct lane *timeline_lane_of(const struct timeline *timeline, uint64_t region)
{
        return id_map_get(&timeline->lanes, region);
}

static struct lane *add_lane(struct timeline *timeline, struct lane **link, const struct model_region *region)
{
        struct lane *lane = calloc(1, sizeof *lane);

        if (!lane)
                return NULL;
        lane->name = strdup(timeline_name(region->name, "region", region->id));
        if (!lane->name) {
                free(lane);
                return NULL;
        }
        lane->track = timeline_uuid(TRACK_LANE, ++timeline->lane_count);
        lane->next = *link;
        *link = lane;
        perfetto_expect(timeline->file, lane->track);
        return lane;
}

struct lane *timeline_take_lane(struct timeline *timeline, const struct model_region *region)
{
        struct lanes *lanes = lanes_of(timeline, region->tree);
        const struct model_region *below = model_neighbour(region, LEFT);
        struct lane *under = below ? timeline_lane_of(timeline, below->id) : NULL, **link, *lane;

        if (!lanes)
                return NULL;
        link = under ? &under->next : &lanes->first;
        lane = *link && !(*link)->taken ? *link : add_lane(timeline, link, region);
        if (!lane || id_map_put(&timeline->lanes, region->id, lane).code)
                return NULL;
        lane->taken = true;
        lane->region = region->id;
        if (strcmp(lane->name, timeline_name(region->name, "region", region->id)) != 0)
                lane->is_shared = true;
        return lane;
}

void timeline_leave_lane(struct timeline *timeline, uint64_t region)
{
        struct lane *lane = timeline_lane_of(timeline, region);

        if (lane)
                lane->taken = false;
        id_map_remove(&timeline->lanes, region);
}

struct lane *timeline_first_lane(const struct timeline *timeline, uint64_t tree)
{
        const struct lanes *lanes = id_map_get(&timeline->trees, tree);

        return lanes ? lanes->first : NULL;
}

/* "stack", or "stack ..." if there were others, too. */
static void describe_lane(struct timeline *timeline, const struct lane *lane, uint64_t parent, int32_t rank)
{
        char name[FRAMES_BODY_MAX + 8];

        snprintf(name, sizeof name, "%s%s", lane->name, lane->is_shared ? " ..." : "");
        perfetto_describe(timeline->file, &(struct perfetto_track){
                .uuid = lane->track, .parent = parent, .name = name, .rank = rank,
        });
}

void timeline_describe_lanes(struct timeline *timeline)
{
        const struct lanes *lanes;
        size_t position = 0;

        while ((lanes = id_map_walk(&timeline->trees, &position))) {
                uint64_t parent = timeline_regions_track(timeline, lanes->space);
                int32_t rank = 0;

                for (const struct lane *lane = lanes->first; lane; lane = lane->next)
                        describe_lane(timeline, lane, parent, rank++);
        }
}

static void free_lanes(struct lanes *lanes)
{
        struct lane *next;

        for (struct lane *lane = lanes->first; lane; lane = next) {
                next = lane->next;
                free(lane->name);
                free(lane);
        }
        free(lanes);
}

void timeline_forget_lanes(struct timeline *timeline)
{
        struct lanes *lanes;
        size_t position = 0;

        while ((lanes = id_map_walk(&timeline->trees, &position)))
                free_lanes(lanes);
        id_map_clear(&timeline->trees);
        id_map_clear(&timeline->lanes);
}
