#include "model/model_nodes.h"

#include <stdlib.h>
#include <string.h>

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
        base = unzigzag(loading->before.base / unit, base) * unit;
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
        TRY(add_region(loading, unzigzag(loading->before.id, number), name, &region));
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
        region->changed_by = unzigzag(loading->before.changed_by, number);
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
