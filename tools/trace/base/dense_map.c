#include "base/dense_map.h"
#include "base/error_message.h"

#include <stdlib.h>

static struct error grow(struct dense_map *map)
{
        struct dense_map larger = *map;

        larger.capacity = map->capacity ? 2 * map->capacity : 4;
        larger.slot = calloc(larger.capacity, sizeof *larger.slot);
        if (!larger.slot)
                return fail_no_memory();
        for (size_t i = 0; i < map->capacity; i++)
                if (map->slot[i].group)
                        *dense_map_slot_of(&larger, map->slot[i].number) = map->slot[i];
        free(map->slot);
        *map = larger;
        return SUCCESS;
}

static struct error add_group(struct dense_map *map, uint64_t number, struct dense_map_group **out)
{
        struct dense_map_group *group = calloc(1, sizeof *group);

        if (!group)
                return fail_no_memory();
        group->number = number;
        if (2 * map->groups >= map->capacity)
                TRY_OR(grow(map), free(group));
        *dense_map_slot_of(map, number) = (struct dense_map_slot){ number, group };
        map->groups++;
        *out = group;
        return SUCCESS;
}

struct error dense_map_put(struct dense_map *map, uint64_t id, void *value)
{
        const uint64_t number = id / DENSE_MAP_GROUP;
        struct dense_map_group *group = map->capacity ? dense_map_slot_of(map, number)->group : NULL;

        if (!group)
                TRY(add_group(map, number, &group));
        group->used += !group->value[id % DENSE_MAP_GROUP];
        map->used += !group->value[id % DENSE_MAP_GROUP];
        group->value[id % DENSE_MAP_GROUP] = value;
        return SUCCESS;
}

/* The slots behind the freed one move up if that brings them nearer to their homes, so that no search stops short. */
static void remove_group(struct dense_map *map, struct dense_map_slot *slot)
{
        size_t mask = map->capacity - 1, hole = (size_t)(slot - map->slot), i;

        free(slot->group);
        map->groups--;
        for (i = (hole + 1) & mask; map->slot[i].group; i = (i + 1) & mask) {
                if (((i - dense_map_home(map, map->slot[i].number)) & mask) < ((i - hole) & mask))
                        continue;
                map->slot[hole] = map->slot[i];
                hole = i;
        }
        map->slot[hole] = (struct dense_map_slot){ 0 };
}

void dense_map_remove(struct dense_map *map, uint64_t id)
{
        struct dense_map_slot *slot;

        if (!dense_map_get(map, id))
                return;
        slot = dense_map_slot_of(map, id / DENSE_MAP_GROUP);
        slot->group->value[id % DENSE_MAP_GROUP] = NULL;
        map->used--;
        if (!--slot->group->used)
                remove_group(map, slot);
}

void dense_map_clear(struct dense_map *map)
{
        for (size_t i = 0; i < map->capacity; i++)
                free(map->slot[i].group);
        free(map->slot);
        *map = (struct dense_map){ 0 };
}

size_t dense_map_bytes(const struct dense_map *map)
{
        return map->capacity * sizeof *map->slot + map->groups * sizeof(struct dense_map_group);
}

/* A position is a slot and a place in its group. */
void *dense_map_walk(const struct dense_map *map, size_t *position)
{
        while (*position < map->capacity * DENSE_MAP_GROUP) {
                const struct dense_map_group *group = map->slot[*position / DENSE_MAP_GROUP].group;
                void *value = group ? group->value[*position % DENSE_MAP_GROUP] : NULL;

                *position += group ? 1 : DENSE_MAP_GROUP;
                if (value)
                        return value;
        }
        return NULL;
}
