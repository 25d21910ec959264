#include "model/model_internal.h"

struct model_tree *model_tree(const struct model *model, uint64_t id)
{
        return id_map_get(&model->trees, id);
}

struct model_region *model_region(const struct model *model, uint64_t id)
{
        return dense_map_get(&model->regions, id);
}

struct model_space *model_space(const struct model *model, uint64_t id)
{
        return id_map_get(&model->spaces, id);
}

struct model_task *model_task(const struct model *model, uint64_t id)
{
        return id_map_get(&model->tasks, id);
}

struct model_tree *model_tree_at(const struct model *model, size_t i)
{
        return i < model->tree_count ? &model->tree[i]->tree : NULL;
}

struct model_space *model_space_at(const struct model *model, size_t i)
{
        return i < model->space_count ? model->space[i] : NULL;
}

struct model_task *model_task_at(const struct model *model, size_t i)
{
        return i < model->task_count ? model->task[i] : NULL;
}

struct model_task *model_running(const struct model *model, unsigned cpu)
{
        return cpu < MODEL_CPUS_MAX ? model->cpu[cpu].running : NULL;
}

const struct model_cpu *model_cpu(const struct model *model, unsigned cpu)
{
        return &model->cpu[cpu];
}

struct model_lock *model_lock(const struct model *model, uint64_t address)
{
        return id_map_get(&model->locks, address);
}

uint64_t model_script_line(const struct model *model)
{
        return model->script_line;
}

const char *model_script_name(const struct model *model)
{
        return model->script_name;
}

uint64_t model_categories(const struct model *model)
{
        return ~model->unsent & (((uint64_t)1 << CATEGORY_COUNT) - 1);
}

uint64_t model_unknown_since(const struct model *model)
{
        return model->unknown_since;
}

bool model_carried_out(const struct model *model)
{
        return model->carried_out;
}

const char *model_error_message(const struct model *model)
{
        return model->error_message;
}

/* --- walking ---------------------------------------------------------------------------------------------- */

static struct model_region *outermost_below(struct model_region *region, enum side side)
{
        while (region && region->child[side])
                region = region->child[side];
        return region;
}

struct model_region *model_outermost(const struct model_tree *tree, enum side side)
{
        return outermost_below(tree->root, side);
}

struct model_region *model_neighbour(const struct model_region *region, enum side side)
{
        if (region->child[side])
                return outermost_below(region->child[side], !side);
        while (region->parent && region->parent->child[side] == region)
                region = region->parent;
        return region->parent;
}

/* --- computed --------------------------------------------------------------------------------------------- */

unsigned model_depth(const struct model_region *region)
{
        unsigned depth = 0;

        while ((region = region->parent))
                depth++;
        return depth;
}

/* What of a subtree is known: its height and its regions; none of an empty one. */
struct extent {
        unsigned height, regions;
};

static struct extent extent_of(const struct model_region *region)
{
        return region ? (struct extent){ region->height, region->regions } : (struct extent){ 0 };
}

/*
 * Finds out heights where they are not known. Goes down to what is not known, and up again. There is no recursion: a
 * hostile stream's tree may be of any depth.
 */
static void know_extent(struct model_region *top)
{
        struct model_region *region = top;

        while (top && !top->height) {
                struct model_region *left = region->child[LEFT], *right = region->child[RIGHT];

                if (left && !left->height) {
                        region = left;
                } else if (right && !right->height) {
                        region = right;
                } else {
                        const struct extent below[2] = { extent_of(left), extent_of(right) };
                        const bool left_is_higher = below[LEFT].height > below[RIGHT].height;

                        region->height = 1 + below[left_is_higher ? LEFT : RIGHT].height;
                        region->regions = 1 + below[LEFT].regions + below[RIGHT].regions;
                        region = region->parent;
                }
        }
}

unsigned model_height(const struct model_tree *tree)
{
        if (tree->is_list)
                return (unsigned)tree->regions;
        know_extent(tree->root);
        return extent_of(tree->root).height;
}

size_t model_regions_below(const struct model_region *region)
{
        know_extent((struct model_region *)(uintptr_t)region);
        return region->regions;
}

unsigned model_black_height(const struct model_tree *tree)
{
        unsigned height = 0;

        for (const struct model_region *region = tree->root; region; region = region->child[LEFT])
                height += region->colour == BLACK;
        return height;
}

struct vrange model_footprint(const struct model_region *region)
{
        return (struct vrange){ region->range.base - region->before * PAGE_SIZE,
                                region->range.end + region->after * PAGE_SIZE };
}

uint64_t model_subtree_gap(const struct model_region *region)
{
        uint64_t largest = region->gap;

        for (enum side side = LEFT; side <= RIGHT; side++)
                if (largest < region->max[side])
                        largest = region->max[side];
        return largest;
}

struct model_region *model_next_above(const struct model_tree *tree, const struct model_region *region)
{
        struct model_region *next = NULL;

        if (tree->promises != PROMISE_NOTHING)
                return region ? model_neighbour(region, RIGHT) : model_outermost(tree, LEFT);
        for (struct model_region *at = model_outermost(tree, LEFT); at; at = model_neighbour(at, RIGHT))
                if ((!region || at->range.base > region->range.base) && (!next || at->range.base < next->range.base))
                        next = at;
        return next;
}

static uint64_t gap_between(const struct model_region *below, const struct model_region *above, struct vrange range)
{
        const uintptr_t base = below ? model_footprint(below).end : range.base;
        const uintptr_t end = above ? model_footprint(above).base : range.end;

        return end > base ? (end - base) / PAGE_SIZE : 0;
}

/* The end of the highest region of a list in no order that lies below an address, or the beginning of its range. */
static uint64_t highest_end_below(const struct model_tree *list, uint64_t address)
{
        uint64_t end = list->range.base;

        for (const struct model_region *at = model_outermost(list, LEFT); at; at = model_neighbour(at, RIGHT)) {
                const struct vrange footprint = model_footprint(at);

                if (footprint.base < address && footprint.end > end)
                        end = footprint.end;
        }
        return end;
}

static uint64_t gap_in_no_order(const struct model_tree *list, const struct model_region *region)
{
        const uint64_t address = region ? model_footprint(region).base : list->range.end;
        const uint64_t end = highest_end_below(list, address);

        return end < address ? (address - end) / PAGE_SIZE : 0;
}

uint64_t model_gap(const struct model_tree *tree, const struct model_region *region)
{
        if (tree->promises == PROMISE_GAPS)
                return region ? region->gap : tree->tail_gap;
        if (tree->promises == PROMISE_NOTHING)
                return gap_in_no_order(tree, region);
        return gap_between(region ? model_neighbour(region, LEFT) : model_outermost(tree, RIGHT), region, tree->range);
}

uint64_t model_largest_hole(const struct model_tree *tree)
{
        uint64_t largest = model_gap(tree, NULL);

        if (tree->promises == PROMISE_GAPS) {
                const uint64_t below = tree->root ? model_subtree_gap(tree->root) : 0;

                return below > largest ? below : largest;
        }
        for (const struct model_region *at = model_outermost(tree, LEFT); at; at = model_neighbour(at, RIGHT)) {
                const uint64_t gap = model_gap(tree, at);

                largest = gap > largest ? gap : largest;
        }
        return largest;
}
