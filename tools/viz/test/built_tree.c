#include "built_tree.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static uint64_t larger(uint64_t a, uint64_t b)
{
        return a > b ? a : b;
}

static uint64_t subtree_gap(const struct model_region *region)
{
        return region ? larger(region->gap, larger(region->max[LEFT], region->max[RIGHT])) : 0;
}

static unsigned levels(size_t regions)
{
        unsigned count = 0;

        for (; regions; regions /= 2)
                count++;
        return count;
}

/* The regions from `first` up to `end`, the middle one on top. */
static struct model_region *link_up(struct built_tree *built, size_t first, size_t end, unsigned depth, unsigned lowest)
{
        size_t middle = (first + end) / 2;
        struct model_region *region = &built->region[middle];

        if (first == end)
                return NULL;
        region->child[LEFT] = link_up(built, first, middle, depth + 1, lowest);
        region->child[RIGHT] = link_up(built, middle + 1, end, depth + 1, lowest);
        for (enum side side = LEFT; side <= RIGHT; side++) {
                region->max[side] = subtree_gap(region->child[side]);
                if (region->child[side])
                        region->child[side]->parent = region;
        }
        region->colour = depth && depth + 1 == lowest ? RED : BLACK;
        return region;
}

void build_tree(struct built_tree *built, struct vrange range, const uint64_t (*pages)[2], size_t regions)
{
        uint64_t address = range.base;

        memset(built, 0, sizeof *built);
        built->tree = (struct model_tree){ .id = 1, .space = 1, .range = range, .regions = regions };
        for (size_t i = 0; i < regions; i++) {
                struct model_region *region = &built->region[i];

                snprintf(built->name[i], sizeof built->name[i], "region%zu", i + 1);
                address += pages[i][0] * PAGE_SIZE;
                *region = (struct model_region){
                        .id = i + 1, .name = built->name[i], .protection = PROTECT_READ | PROTECT_WRITE,
                        .range = { address, address + pages[i][1] * PAGE_SIZE }, .gap = pages[i][0], .tree = &built->tree,
                };
                address = region->range.end;
        }
        built->tree.tail_gap = (range.end - address) / PAGE_SIZE;
        built->tree.root = link_up(built, 0, regions, 0, levels(regions));
}

void build_example(struct built_tree *built)
{
        static const uint64_t pages[][2] = { { 0, 4 }, { 0, 2 }, { 1, 3 }, { 2, 8 }, { 2, 2 },
                                             { 1, 4 }, { 0, 1 }, { 5, 5 }, { 2, 2 }, { 2, 2 } };

        build_tree(built, (struct vrange){ 0x10000, 0x41000 }, pages, 10);
}

void build_sparse(struct built_tree *built, size_t regions)
{
        static uint64_t pages[BUILT_REGIONS_MAX][2];
        size_t cluster = regions / 20 > 50 ? regions / 20 : 50;

        for (size_t i = 0; i < regions; i++) {
                pages[i][0] = i % cluster == 0 ? 1ull << 30 : i % 3 == 0 ? 2 : 0;
                pages[i][1] = 1 + i % 7 * (i % 5);
        }
        build_tree(built, (struct vrange){ 0x10000, 0x7ffffffff000 }, pages, regions);
}

/* A search that is being built: its visits so far. */
struct search {
        const struct model_tree *tree;
        struct model_visit *visit;
        size_t visits;
};

/* Why a search leaves out a child: here for its largest gap alone. */
static enum skip skip_of(const struct model_region *region, enum side side, uint64_t pages)
{
        if (!region->child[side] || region->max[side] >= pages)
                return SKIPPED_NONE;
        return side == LEFT ? LEFT_TOO_SMALL : RIGHT_TOO_SMALL;
}

static void add_visit(struct search *search, const struct model_region *region, enum decision decision, enum skip skipped)
{
        struct model_visit *visit = &search->visit[search->visits++];

        *visit = (struct model_visit){ .decision = decision, .skipped = skipped, .gap = search->tree->tail_gap,
                                       .footprint = { search->tree->range.end, search->tree->range.end } };
        if (region) {
                visit->region = region->id;
                visit->gap = region->gap;
                visit->footprint = region->range;
        }
        for (enum side side = LEFT; region && side <= RIGHT; side++) {
                visit->child[side] = region->child[side] ? region->child[side]->id : 0;
                visit->max[side] = region->max[side];
        }
}

static const struct model_region *search_below(struct search *search, const struct model_region *region, uint64_t pages)
{
        const struct model_region *found;

        if (region->max[LEFT] >= pages) {
                add_visit(search, region, GO_LEFT, SKIPPED_NONE);
                found = search_below(search, region->child[LEFT], pages);
                if (found)
                        return found;
        }
        add_visit(search, region, region->gap >= pages ? TAKEN : TOO_SMALL, skip_of(region, LEFT, pages));
        if (region->gap >= pages)
                return region;
        if (region->max[RIGHT] < pages) {
                if (region->child[RIGHT])
                        add_visit(search, region, GO_UP, skip_of(region, RIGHT, pages));
                return NULL;
        }
        add_visit(search, region, GO_RIGHT, SKIPPED_NONE);
        return search_below(search, region->child[RIGHT], pages);
}

void build_search(struct shown_operation *shown, struct built_tree *built, uint64_t pages)
{
        const struct model_tree *tree = &built->tree;
        struct search search = { .tree = tree, .visit = built->visit };
        const struct model_region *above = NULL;
        bool fits;

        if (tree->root)
                above = search_below(&search, tree->root, pages);
        if (!above)
                add_visit(&search, NULL, tree->tail_gap >= pages ? TAKEN : TOO_SMALL, SKIPPED_NONE);
        fits = above || tree->tail_gap >= pages;
        built->tree.operation = (struct model_operation){
                .number = 11, .begin = 1, .kind = PLACE_ANYWHERE, .region = BUILT_REGIONS_MAX + 1, .name = "new",
                .size = pages * PAGE_SIZE, .alignment = PAGE_SIZE, .window = tree->range,
                .result = fits ? ERROR_OK : ERROR_NO_MEMORY,
                .result_address = above ? above->range.base - above->gap * PAGE_SIZE :
                                          tree->range.end - tree->tail_gap * PAGE_SIZE,
                .visits = search.visits, .visit = search.visit,
        };
        shown_take(shown, tree);
        shown->before_change = fits;
}
