/* How much memory a model takes, so that a hostile stream cannot make it take all. */
#include "model/model_keyframe.h"

#include <string.h>

enum {
        SLOTS = 2 * 16,                         /* an object's share of an array that grows, and of malloc() */
};

void model_set_memory(struct model *model, size_t bytes)
{
        model->memory_limit = bytes;
}

static size_t id_map_bytes(const struct id_map *map)
{
        return map->capacity * sizeof *map->slot;
}

static size_t keyframe_memory(const struct keyframe *keyframe)
{
        return dense_map_bytes(&keyframe->index) + keyframe->names.bytes +
               keyframe->nodes * sizeof(struct keyframe_node) + keyframe->trees * (sizeof(struct keyframe_tree) + SLOTS) +
               keyframe->spaces * (sizeof(struct keyframe_space) + SLOTS);
}

size_t model_memory_settled(const struct model *model)
{
        return sizeof *model + model->block_bytes + model->region_names.bytes + model->name_bytes +
               model->visit_bytes + model->free_range_bytes +
               dense_map_bytes(&model->regions) + id_map_bytes(&model->trees) + id_map_bytes(&model->spaces) +
               id_map_bytes(&model->tasks) + id_map_bytes(&model->locks) + id_map_bytes(&model->allocators) +
               model->tree_count * (sizeof(struct tree_record) + SLOTS) +
               model->space_count * (sizeof(struct model_space) + SLOTS) +
               model->task_count * (sizeof(struct model_task) + SLOTS) +
               model->locks.used * (sizeof(struct model_lock) + SLOTS) +
               model->allocators.used * (sizeof(struct model_allocator) + SLOTS);
}

size_t model_memory(const struct model *model)
{
        return model_memory_settled(model) + keyframe_memory(&model->keyframe);
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
