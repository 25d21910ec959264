#include "base/id_map.h"
#include "base/error_message.h"

#include <stdlib.h>

static struct error grow(struct id_map *map)
{
        struct id_map larger = { .capacity = map->capacity ? 2 * map->capacity : 16 };

        larger.slot = calloc(larger.capacity, sizeof *larger.slot);
        if (!larger.slot)
                return fail_no_memory();
        for (size_t i = 0; i < map->capacity; i++)
                if (map->slot[i].value)
                        *id_map_slot_of(&larger, map->slot[i].id) = map->slot[i];
        larger.used = map->used;
        free(map->slot);
        *map = larger;
        return SUCCESS;
}

struct error id_map_put(struct id_map *map, uint64_t id, void *value)
{
        struct id_map_slot *slot;

        if (2 * map->used >= map->capacity)
                TRY(grow(map));
        slot = id_map_slot_of(map, id);
        map->used += !slot->value;
        *slot = (struct id_map_slot){ id, value };
        return SUCCESS;
}

/* The slots behind the freed one move up if that brings them nearer to their homes, so that no search stops short. */
void id_map_remove(struct id_map *map, uint64_t id)
{
        size_t mask = map->capacity - 1, hole, i;

        if (!id_map_get(map, id))
                return;
        hole = (size_t)(id_map_slot_of(map, id) - map->slot);
        for (i = (hole + 1) & mask; map->slot[i].value; i = (i + 1) & mask) {
                if (((i - id_map_home(map, map->slot[i].id)) & mask) < ((i - hole) & mask))
                        continue;
                map->slot[hole] = map->slot[i];
                hole = i;
        }
        map->slot[hole] = (struct id_map_slot){ 0 };
        map->used--;
}

void id_map_clear(struct id_map *map)
{
        free(map->slot);
        *map = (struct id_map){ 0 };
}

void *id_map_walk(const struct id_map *map, size_t *position)
{
        while (*position < map->capacity) {
                void *value = map->slot[(*position)++].value;

                if (value)
                        return value;
        }
        return NULL;
}
