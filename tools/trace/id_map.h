/*
 * A map from 64-bit ids to pointers. Each call is O(1) on average, whatever the ids are.
 */
#pragma once

#include "lib/error.h"

#include <stddef.h>

struct id_map {
        struct id_map_slot *slot;
        size_t used, capacity;                  /* capacity: 0 or a power of two */
};

/* NULL if there is none. */
void *id_map_get(const struct id_map *map, uint64_t id);

/* `value` is not NULL; one that was there for the id is replaced. NO_MEMORY leaves the map as it was. */
struct error id_map_put(struct id_map *map, uint64_t id, void *value);

void id_map_remove(struct id_map *map, uint64_t id);

/* Frees the map, not what it points to; it is empty afterwards. */
void id_map_clear(struct id_map *map);

/* The values, in no order: start with *position = 0; NULL after the last. The map must not change meanwhile. */
void *id_map_walk(const struct id_map *map, size_t *position);
