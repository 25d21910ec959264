/*
 * Where addresses go on a map's vertical axis. Between each two addresses at which some region begins or ends lies one
 * interval, whose height grows with the logarithm of its size. An interval that no region ever used is folded. Where
 * intervals would be too low to be seen, neighbours share a row.
 */
#pragma once

#include "map/map.h"

struct map_row {
        struct vrange range;
        double top, height;                     /* pixels, from the top of the map */
        bool is_used;                           /* by some region at some time */
        size_t parts;                           /* intervals that share it */
};

struct map_rows {
        size_t count;
        struct map_row *row;                    /* from low to high addresses */
        double height;                          /* of all */
};

/* NO_MEMORY with an error message. O(spans * log spans). */
struct error map_rows_make(struct map_rows *rows, const struct map *map);
void map_rows_clear(struct map_rows *rows);

/* The row of an address that the tree's range has. O(log rows). */
const struct map_row *map_row_at(const struct map_rows *rows, uint64_t address);
