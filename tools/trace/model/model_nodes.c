/*
 * The regions of a saved model in few bytes: first the trees, whose nodes come each before its children, and left before
 * right; then the regions that are in no tree.
 *
 *      regions, trees,  then for each tree  its id, its nodes, ...,  then the regions in no tree, ...
 *
 *      a region:  flags [, rare flags], name [, its text], id, base, size [, guards], gap [, largest gaps], changed by
 *
 * Ids, addresses and event numbers are differences to the region before. Names are numbered from 0, and the text stands where
 * a name is used first. A largest gap is left out if it is that of the child's subtree.
 */
#include "model/model_bytes.h"

#include <stdlib.h>
#include <string.h>

/* Flags, so that most regions need one byte of them. The protection follows them, its lowest bits at first. */
enum {
        IS_RED = 1,
        HAS_LEFT = 2,
        HAS_RIGHT = 4,
        IS_RARE = 8,                            /* more flags follow */
        PROTECTION_SHIFT = 4,
        PROTECTION_MASK = 7,

        IN_BYTES = 1,                           /* base and size are not in pages, or there are guards */
        MAX_LEFT = 2,                           /* the largest gap is given */
        MAX_RIGHT = 4,
        RARE_PROTECTION_SHIFT = 3,

        NODE_MOST = 14 * VARINT_MAX,            /* bytes, without the name */
        NODE_LEAST = 7,
};

/* What the next region is a difference to. */
struct before {
        uint64_t id, base, changed_by;
};

/* Small differences to either side are small numbers: 0, -1, 1, -2, ... */
static uint64_t zigzag(uint64_t to, uint64_t from)
{
        const uint64_t difference = to - from;

        return difference << 1 ^ -(difference >> 63);
}

static uint64_t back(uint64_t from, uint64_t zigzag)
{
        return from + (zigzag >> 1 ^ -(zigzag & 1));
}

static uint64_t gap_below(const struct model_region *child)
{
        return child ? model_subtree_gap(child) : 0;
}

/* --- saving ----------------------------------------------------------------------------------------------- */

struct saving {
        struct bytes *bytes;
        struct before before;
        struct id_map names;                    /* their numbers, from 1, by their addresses: names are shared */
};

static struct error put_name(struct saving *saving, const char *name)
{
        const uintptr_t known = (uintptr_t)id_map_get(&saving->names, (uintptr_t)name);
        const size_t length = strlen(name);

        if (known) {
                bytes_add_number(saving->bytes, known - 1);
                return SUCCESS;
        }
        bytes_add_number(saving->bytes, saving->names.used);
        bytes_add_number(saving->bytes, length);
        TRY(bytes_make_room(saving->bytes, NODE_MOST + length));
        memcpy(saving->bytes->at + saving->bytes->length, name, length);
        saving->bytes->length += length;
        return id_map_put(&saving->names, (uintptr_t)name, (void *)(saving->names.used + 1));
}

static void put_range(struct saving *saving, const struct model_region *region, bool in_bytes)
{
        const uint64_t unit = in_bytes ? 1 : PAGE_SIZE;
        const uint64_t base = region->range.base / unit, size = vrange_size(region->range) / unit;

        bytes_add_number(saving->bytes, zigzag(base, saving->before.base / unit));
        bytes_add_number(saving->bytes, size);
        if (!in_bytes)
                return;
        bytes_add_number(saving->bytes, region->before);
        bytes_add_number(saving->bytes, region->after);
}

/* The flags that most regions have none of. */
static uint64_t rare_flags(const struct model_region *region)
{
        const bool in_bytes = region->before || region->after || (region->range.base | region->range.end) % PAGE_SIZE;

        return (in_bytes ? IN_BYTES : 0) | (region->max[LEFT] != gap_below(region->child[LEFT]) ? MAX_LEFT : 0) |
               (region->max[RIGHT] != gap_below(region->child[RIGHT]) ? MAX_RIGHT : 0) |
               (uint64_t)region->protection / (PROTECTION_MASK + 1) << RARE_PROTECTION_SHIFT;
}

static struct error put_region(struct saving *saving, const struct model_region *region)
{
        const uint64_t rare = rare_flags(region);

        TRY(bytes_make_room(saving->bytes, NODE_MOST));
        bytes_add_number(saving->bytes, (region->colour == RED ? IS_RED : 0) | (region->child[LEFT] ? HAS_LEFT : 0) |
                                                (region->child[RIGHT] ? HAS_RIGHT : 0) | (rare ? IS_RARE : 0) |
                                                (region->protection & PROTECTION_MASK) << PROTECTION_SHIFT);
        if (rare)
                bytes_add_number(saving->bytes, rare);
        TRY(put_name(saving, region->name));
        bytes_add_number(saving->bytes, zigzag(region->id, saving->before.id));
        put_range(saving, region, rare & IN_BYTES);
        bytes_add_number(saving->bytes, region->gap);
        if (rare & MAX_LEFT)
                bytes_add_number(saving->bytes, region->max[LEFT]);
        if (rare & MAX_RIGHT)
                bytes_add_number(saving->bytes, region->max[RIGHT]);
        bytes_add_number(saving->bytes, zigzag(region->changed_by, saving->before.changed_by));
        saving->before = (struct before){ region->id, region->range.base, region->changed_by };
        return SUCCESS;
}

static struct error put_trees(struct saving *saving, const struct model *model)
{
        const struct model_tree *tree;
        uint64_t trees = 0;

        for (size_t i = 0; (tree = model_tree_at(model, i)); i++)
                trees += model_saves_nodes(tree) && tree->root;
        bytes_add_number(saving->bytes, trees);
        for (size_t i = 0; (tree = model_tree_at(model, i)); i++) {
                if (!model_saves_nodes(tree) || !tree->root)
                        continue;
                TRY(bytes_make_room(saving->bytes, NODE_MOST));
                bytes_add_number(saving->bytes, tree->id);
                for (const struct model_region *node = tree->root; node; node = model_next_before_children(node))
                        TRY(put_region(saving, node));
        }
        return SUCCESS;
}

static int by_id(const void *a, const void *b)
{
        const struct model_region *const *left = a, *const *right = b;

        return ((*left)->id > (*right)->id) - ((*left)->id < (*right)->id);
}

static struct error put_loose(struct saving *saving, const struct model *model)
{
        const struct model_region *region, **sorted;
        size_t position = 0, count = 0;
        struct error error = SUCCESS;

        while ((region = dense_map_walk(&model->regions, &position)))
                count += !region->tree;
        sorted = calloc(count + 1, sizeof *sorted);
        if (!sorted)
                return fail_no_memory();
        position = count = 0;
        while ((region = dense_map_walk(&model->regions, &position)))
                if (!region->tree)
                        sorted[count++] = region;
        qsort(sorted, count, sizeof *sorted, by_id);
        for (size_t i = 0; i < count && !error.code; i++)
                error = put_region(saving, sorted[i]);
        free(sorted);
        return error;
}

struct error model_put_nodes_as_bytes(struct bytes *bytes, const struct model *model)
{
        struct saving saving = { .bytes = bytes };
        struct error error = bytes_make_room(bytes, NODE_MOST);

        if (error.code)
                return error;
        bytes_add_number(bytes, model->regions.used);
        error = put_trees(&saving, model);
        if (!error.code)
                error = put_loose(&saving, model);
        id_map_clear(&saving.names);
        return error;
}

/* --- loading ---------------------------------------------------------------------------------------------- */

struct loading {
        struct model *model;
        struct taking *from;
        struct before before;
        const char **name;                      /* by number; one use of each was taken */
        size_t names;
        struct model_region *first;             /* they lie behind each other */
        size_t regions, most;                   /* so far; and as many there will be */
};

/* What is known of a region before its children are loaded is kept in `height`. */
enum { LACKS_LEFT = 1, LACKS_RIGHT = 2, HAS_MAX_LEFT = 4, HAS_MAX_RIGHT = 8 };

#define TAKE(loading, number) TRY(bytes_take_number((loading)->from, &(number)) ? SUCCESS : FAIL(BAD_INPUT))

static struct error take_new_name(struct loading *loading)
{
        struct taking *from = loading->from;
        const char **grown = model_grow(loading->name, loading->names, sizeof *grown);
        uint64_t length;
        char *text;

        if (!grown)
                return fail_no_memory();
        loading->name = grown;
        TAKE(loading, length);
        if (length > (uint64_t)(from->end - from->at))
                return FAIL(BAD_INPUT);
        text = strndup((const char *)from->at, length);
        if (!text)
                return fail_no_memory();
        from->at += length;
        grown[loading->names] = name_pool_take(&loading->model->region_names, text);
        free(text);
        if (!grown[loading->names])
                return fail_no_memory();
        loading->names++;
        return SUCCESS;
}

static struct error take_name(struct loading *loading, const char **out)
{
        uint64_t number;

        TAKE(loading, number);
        if (number == loading->names)
                TRY(take_new_name(loading));
        if (number >= loading->names)
                return FAIL(BAD_INPUT);
        *out = loading->name[number];
        return SUCCESS;
}

static struct error take_range(struct loading *loading, struct model_region *region, bool in_bytes)
{
        const uint64_t unit = in_bytes ? 1 : PAGE_SIZE;
        uint64_t base, size;

        TAKE(loading, base);
        TAKE(loading, size);
        base = back(loading->before.base / unit, base) * unit;
        region->range = (struct vrange){ base, base + size * unit };
        if (!in_bytes)
                return SUCCESS;
        TAKE(loading, region->before);
        TAKE(loading, region->after);
        return SUCCESS;
}

static struct error take_flags(struct loading *loading, uint64_t *flags, uint64_t *rare)
{
        *rare = 0;
        TAKE(loading, *flags);
        if (*flags & IS_RARE)
                TAKE(loading, *rare);
        return SUCCESS;
}

/* A region with this id, which none may have yet. */
static struct error add_region(struct loading *loading, uint64_t id, const char *name, struct model_region **out)
{
        if (!id || model_region(loading->model, id) || loading->regions == loading->most)
                return FAIL(BAD_INPUT);
        TRY(model_put_region(loading->model, id, name_pool_share(name), out));
        if (!loading->regions++)
                loading->first = *out;
        return SUCCESS;
}

static struct error take_region(struct loading *loading, struct model_region **out)
{
        struct model_region *region;
        uint64_t flags, rare, number;
        const char *name;

        TRY(take_flags(loading, &flags, &rare));
        TRY(take_name(loading, &name));
        TAKE(loading, number);
        TRY(add_region(loading, back(loading->before.id, number), name, &region));
        region->protection = (enum protection)((flags >> PROTECTION_SHIFT & PROTECTION_MASK) |
                                               (rare >> RARE_PROTECTION_SHIFT) * (PROTECTION_MASK + 1));
        region->colour = flags & IS_RED ? RED : BLACK;
        region->height = (flags & HAS_LEFT ? LACKS_LEFT : 0) | (flags & HAS_RIGHT ? LACKS_RIGHT : 0) |
                         (rare & MAX_LEFT ? HAS_MAX_LEFT : 0) | (rare & MAX_RIGHT ? HAS_MAX_RIGHT : 0);
        TRY(take_range(loading, region, rare & IN_BYTES));
        TAKE(loading, region->gap);
        if (rare & MAX_LEFT)
                TAKE(loading, region->max[LEFT]);
        if (rare & MAX_RIGHT)
                TAKE(loading, region->max[RIGHT]);
        TAKE(loading, number);
        region->changed_by = back(loading->before.changed_by, number);
        loading->before = (struct before){ region->id, region->range.base, region->changed_by };
        *out = region;
        return SUCCESS;
}

/* Hangs a region below the node that lacks a child. */
static void hang(struct model_tree *tree, struct model_region *region, struct model_region *parent)
{
        const enum side side = parent && parent->height & LACKS_LEFT ? LEFT : RIGHT;

        region->tree = tree;
        region->parent = parent;
        if (parent) {
                parent->child[side] = region;
                parent->height &= ~(side == LEFT ? LACKS_LEFT : LACKS_RIGHT);
        } else {
                tree->root = region;
        }
        tree->regions++;
        model_count_in(tree, region);
}

/* The node whose child comes next: the newest one, or the nearest above it that lacks one. NULL: none. */
static struct model_region *parent_of_next(struct model_region *newest)
{
        while (newest && !(newest->height & (LACKS_LEFT | LACKS_RIGHT)))
                newest = newest->parent;
        return newest;
}

static struct error take_tree(struct loading *loading)
{
        struct model_region *region, *parent = NULL;
        struct model_tree *tree;
        uint64_t id;

        TAKE(loading, id);
        tree = model_tree(loading->model, id);
        if (!tree || tree->gone || tree->unknown || tree->root)
                return FAIL(BAD_INPUT);
        do {
                TRY(take_region(loading, &region));
                hang(tree, region, parent);
                parent = parent_of_next(region);
        } while (parent);
        return SUCCESS;
}

/* From the last region to the first, since each has its children behind it: what is not given follows from them. */
static void complete(struct loading *loading)
{
        for (size_t i = loading->regions; i-- > 0;) {
                struct model_region *region = &loading->first[i];
                unsigned height = 0, regions = 1;

                for (enum side side = LEFT; side <= RIGHT; side++) {
                        const struct model_region *child = region->child[side];

                        if (!(region->height & (side == LEFT ? HAS_MAX_LEFT : HAS_MAX_RIGHT)))
                                region->max[side] = gap_below(child);
                        if (child && child->height > height)
                                height = child->height;
                        regions += child ? child->regions : 0;
                }
                region->height = region->tree ? height + 1 : 0;
                region->regions = regions;
        }
}

static struct error take_all(struct loading *loading)
{
        struct model_region *region;
        uint64_t regions, trees;

        TAKE(loading, regions);
        TAKE(loading, trees);
        if (regions > (uint64_t)(loading->from->end - loading->from->at) / NODE_LEAST || loading->model->regions.used)
                return FAIL(BAD_INPUT);
        TRY(model_reserve_regions(loading->model, regions));
        loading->most = regions;
        for (uint64_t i = 0; i < trees; i++)
                TRY(take_tree(loading));
        while (loading->regions < loading->most) {
                TRY(take_region(loading, &region));
                if (region->height & (LACKS_LEFT | LACKS_RIGHT))
                        return FAIL(BAD_INPUT);
        }
        complete(loading);
        return SUCCESS;
}

struct error model_take_nodes(struct model *model, struct taking *from)
{
        struct loading loading = { .model = model, .from = from };
        struct error error = take_all(&loading);

        for (size_t i = 0; i < loading.names; i++)
                name_pool_drop(&model->region_names, loading.name[i]);
        free(loading.name);
        return error;
}
