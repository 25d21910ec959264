#include "model/model_nodes.h"

#include <stdlib.h>
#include <string.h>

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
