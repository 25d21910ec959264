/*
 * A map from 64-bit ids to pointers. Each call is O(1) on average, whatever the ids are.
 */
#pragma once

#include "lib/error.h"

#include <stddef.h>

/* Open addressing: an id lies at its home slot or in the first free one after it. An empty slot has no value. */
struct id_map_slot {
        uint64_t id;
        void *value;
};

struct id_map {
        struct id_map_slot *slot;
        size_t used, capacity;                  /* capacity: 0 or a power of two */
};

static inline size_t id_map_home(const struct id_map *map, uint64_t id)
{
        return (id * UINT64_C(0x9e3779b97f4a7c15) >> 32) & (map->capacity - 1);
}

/* The slot that holds the id, or the empty one where it would go. A map that is not empty has an empty slot. */
static inline struct id_map_slot *id_map_slot_of(const struct id_map *map, uint64_t id)
{
        size_t i = id_map_home(map, id);

        while (map->slot[i].value && map->slot[i].id != id)
                i = (i + 1) & (map->capacity - 1);
        return &map->slot[i];
}

/* NULL if there is none. */
static inline void *id_map_get(const struct id_map *map, uint64_t id)
{
        return map->capacity ? id_map_slot_of(map, id)->value : NULL;
}

/* `value` is not NULL; one that was there for the id is replaced. NO_MEMORY leaves the map as it was. */
struct error id_map_put(struct id_map *map, uint64_t id, void *value);

void id_map_remove(struct id_map *map, uint64_t id);

/* Frees the map, not what it points to; it is empty afterwards. */
void id_map_clear(struct id_map *map);

/* The values, in no order: start with *position = 0; NULL after the last. The map must not change meanwhile. */
void *id_map_walk(const struct id_map *map, size_t *position);
