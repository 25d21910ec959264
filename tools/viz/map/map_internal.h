/*
 * What map_picture.c, map_marks.c and map_captions.c share: the map in the making.
 */
#pragma once

#include "draw/picture.h"
#include "map/map_rows.h"

/* Pixels. The plot is where regions are; addresses stand to the left of it. */
enum {
        MAP_LEFT = 150,
        MAP_PLOT_WIDTH = 1000,
        MAP_RIGHT_EDGE = 40,
        MAP_TOP = 100,
        MAP_REFUSALS_SAID = 6,
        MAP_TEXT_SIZE = 256,
        MAP_LEGEND_SIZE = 320,                  /* bytes */
};

struct map_drawing {
        const struct map *map;
        struct map_rows rows;
        size_t merged;                          /* spans that share a bar, since they are too low or too short */
        size_t faults_left_out;                 /* since another one lies at the same place */
        double height;
        char title[MAP_TEXT_SIZE], subtitle[MAP_TEXT_SIZE], description[3 * MAP_TEXT_SIZE], left_out[MAP_TEXT_SIZE];
};

/* Where a time and an address are. Within its row, the lowest address is at the bottom. */
double map_x(const struct map_drawing *drawing, uint64_t ticks);
double map_y(const struct map_drawing *drawing, uint64_t address);

/* How long after the first event: "12.345 ms". Stays valid for the next seven calls. */
const char *map_time_words(const struct map *map, uint64_t ticks);

/*
 * Bars, dots and crosses, the moments of refused requests, and the times of which nothing is known. On a sheet that is NULL nothing is drawn, but counted:
 * `merged` and `faults_left_out` are set.
 */
void map_put_regions(struct sheet *sheet, struct map_drawing *drawing);
void map_put_faults(struct sheet *sheet, struct map_drawing *drawing);
void map_put_refusals(struct sheet *sheet, const struct map_drawing *drawing);
void map_put_gaps(struct sheet *sheet, const struct map_drawing *drawing);

/* Title, subtitle, description and what is left out; after map_put_regions() and map_put_faults() have counted. */
void map_write_captions(struct map_drawing *drawing);
/*
 * The lines below the map: what the signs mean, what is left out, the refused requests; the first at `y`. Returns where
 * the next line would go. Nothing is drawn on a sheet that is NULL.
 */
double map_put_legend(struct sheet *sheet, const struct map_drawing *drawing, double y);
