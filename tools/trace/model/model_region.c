/*
 * The memory of regions. They lie in blocks, and share their names: a model of 200,000 regions is made and freed in few
 * steps, and takes no more than it must.
 */
#include "model/model_internal.h"

#include <stdlib.h>

struct region_block {
        struct region_block *next;
        size_t room, used;
        struct model_region region[];
};

enum { BLOCK_LEAST = 32, BLOCK_MOST = 4096 };    /* regions; the largest one takes half a MiB */

static struct error add_block(struct model *model, size_t room)
{
        const size_t bytes = sizeof(struct region_block) + room * sizeof(struct model_region);
        struct region_block *block = malloc(bytes);

        if (!block)
                return fail_no_memory();
        *block = (struct region_block){ .next = model->blocks, .room = room };
        model->blocks = block;
        model->block_bytes += bytes;
        return SUCCESS;
}

struct error model_reserve_regions(struct model *model, size_t count)
{
        return count ? add_block(model, count) : SUCCESS;
}

/* Little of what there is already, so that a model takes no more than its regions do. */
static size_t room_of_next(const struct model *model)
{
        const size_t room = model->regions.used / 32;

        return room < BLOCK_LEAST ? BLOCK_LEAST : room > BLOCK_MOST ? BLOCK_MOST : room;
}

/* A place that no region has. */
static struct error take_place(struct model *model, struct model_region **out)
{
        struct region_block *block = model->blocks;

        if (model->unused) {
                *out = model->unused;
                model->unused = model->unused->parent;
                return SUCCESS;
        }
        if (!block || block->used == block->room) {
                TRY(add_block(model, room_of_next(model)));
                block = model->blocks;
        }
        *out = &block->region[block->used++];
        return SUCCESS;
}

static void leave_place(struct model *model, struct model_region *region)
{
        region->parent = model->unused;
        model->unused = region;
}

struct error model_put_region(struct model *model, uint64_t id, const char *name, struct model_region **out)
{
        struct model_region *region;
        struct error error = take_place(model, &region);

        if (!error.code && dense_map_put(&model->regions, id, region).code) {
                leave_place(model, region);
                error = fail_no_memory();
        }
        if (error.code) {
                name_pool_drop(&model->region_names, name);
                return error;
        }
        *region = (struct model_region){ .id = id, .name = name };
        *out = region;
        return SUCCESS;
}

struct error model_add_region(struct model *model, uint64_t id, const char *name, struct model_region **out)
{
        const char *taken = name_pool_take(&model->region_names, name ? name : "");

        return taken ? model_put_region(model, id, taken, out) : fail_no_memory();
}

void model_free_region(struct model *model, struct model_region *region)
{
        dense_map_remove(&model->regions, region->id);
        name_pool_drop(&model->region_names, region->name);
        leave_place(model, region);
}

void model_free_regions(struct model *model)
{
        struct region_block *next;

        for (struct region_block *block = model->blocks; block; block = next) {
                next = block->next;
                free(block);
        }
        dense_map_clear(&model->regions);
        name_pool_clear(&model->region_names);
}
