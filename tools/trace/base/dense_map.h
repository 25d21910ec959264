/*
 * A map from 64-bit ids to pointers, for ids that are given one after another. Each call is O(1) on average, whatever
 * the ids are; but the values of 64 neighbours lie beside each other. So 200,000 ids take 8 bytes each, in place of up
 * to 64, and a map of them stays in a processor's cache. For ids that are far apart there is id_map.h.
 */
#pragma once

#include "lib/error.h"

#include <stddef.h>

enum { DENSE_MAP_GROUP = 64 };

struct dense_map_group {
        uint64_t number;                        /* of its ids, divided by DENSE_MAP_GROUP */
        size_t used;
        void *value[DENSE_MAP_GROUP];              /* NULL: none */
};

/* Open addressing: a group lies at its home slot or in the first free one after it. An empty slot is NULL. */
struct dense_map_slot {
        uint64_t number;
        struct dense_map_group *group;
};

/* All zero: empty. */
struct dense_map {
        struct dense_map_slot *slot;
        size_t used, groups;                    /* ids, and groups of them */
        size_t capacity;                        /* slots: 0 or a power of two */
};

static inline size_t dense_map_home(const struct dense_map *map, uint64_t number)
{
        return (number * UINT64_C(0x9e3779b97f4a7c15) >> 32) & (map->capacity - 1);
}

/* The slot that holds the group, or the empty one where it would go. A map that is not empty has an empty slot. */
static inline struct dense_map_slot *dense_map_slot_of(const struct dense_map *map, uint64_t number)
{
        size_t i = dense_map_home(map, number);

        while (map->slot[i].group && map->slot[i].number != number)
                i = (i + 1) & (map->capacity - 1);
        return &map->slot[i];
}

/* NULL if there is none. */
static inline void *dense_map_get(const struct dense_map *map, uint64_t id)
{
        const struct dense_map_group *group =
                map->capacity ? dense_map_slot_of(map, id / DENSE_MAP_GROUP)->group : NULL;

        return group ? group->value[id % DENSE_MAP_GROUP] : NULL;
}

/* `value` is not NULL; one that was there for the id is replaced. NO_MEMORY leaves the map as it was. */
struct error dense_map_put(struct dense_map *map, uint64_t id, void *value);

void dense_map_remove(struct dense_map *map, uint64_t id);

/* Frees the map, not what it points to; it is empty afterwards. */
void dense_map_clear(struct dense_map *map);

/* The bytes that the map takes. O(1). */
size_t dense_map_bytes(const struct dense_map *map);

/* The values, in no order: start with *position = 0; NULL after the last. The map must not change meanwhile. */
void *dense_map_walk(const struct dense_map *map, size_t *position);
