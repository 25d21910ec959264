/* How much memory a model takes, so that a hostile stream cannot make it take all. */
#include "model/model_internal.h"

#include <string.h>

enum {
        SLOTS = 2 * 16,                         /* an object's share of an array that grows, and of malloc() */
        SHOWN_NODE = 4 * 64,                    /* a node of a keyframe, likewise, and its name */
};

void model_set_memory(struct model *model, size_t bytes)
{
        model->memory_limit = bytes;
}

static size_t map_bytes(const struct id_map *map)
{
        return map->capacity * sizeof *map->slot;
}

size_t model_memory(const struct model *model)
{
        return sizeof *model + model->block_bytes + model->region_names.bytes + model->name_bytes +
               model->visit_bytes + model->free_range_bytes +
               map_bytes(&model->regions) + map_bytes(&model->trees) + map_bytes(&model->spaces) +
               map_bytes(&model->tasks) + map_bytes(&model->locks) + map_bytes(&model->allocators) +
               map_bytes(&model->keyframe.index) + model->keyframe.nodes * SHOWN_NODE +
               (model->tree_count + model->keyframe.trees) * (sizeof(struct tree_record) + SLOTS) +
               (model->space_count + model->keyframe.spaces) * (sizeof(struct model_space) + SLOTS) +
               model->task_count * (sizeof(struct model_task) + SLOTS) +
               model->locks.used * (sizeof(struct model_lock) + SLOTS) +
               model->allocators.used * (sizeof(struct model_allocator) + SLOTS);
}

/* A name that the model owns from now on. NULL if there is no memory. */
char *model_copy_name(struct model *model, const char *name)
{
        char *copy = strdup(name ? name : "");

        if (copy)
                model->name_bytes += strlen(copy) + 1;
        return copy;
}

/* A name that was not counted, as one that replaced another, must not make the count go below 0. */
void model_forget_name(struct model *model, const char *name)
{
        size_t bytes = strlen(name) + 1;

        model->name_bytes -= bytes < model->name_bytes ? bytes : model->name_bytes;
}
