/*
 * A map of an address space over time: addresses up, time to the right. Each region is a bar from when it was linked in
 * the space's tree until it changed or was removed; page faults are dots; requests that were refused stand at the top.
 *
 *      7f..|      +--------- lib rw- ------------------
 *          |      +---- lib r-x ---+
 *          |   (86 TiB that nothing uses)
 *      30..|  +----------- text r-x -------------------
 *          +------------------------------------------> time
 *
 *      TRY(map_make(&map, "run.rtrace", 0));
 *      TRY(map_picture(&picture, map));
 *      TRY(render(&picture, FORMAT_SVG, THEME_BOTH, "map.svg"));
 *      map_picture_clear(&picture);
 *      map_free(map);
 */
#pragma once

#include "draw/picture.h"
#include "model/model.h"

#include <stdio.h>

enum { MAP_NAME_SIZE = 24, MAP_WORDS_SIZE = 160 };

/* A region for as long as it had this range and protection. */
struct map_span {
        uint64_t region;
        struct vrange range;
        enum protection protection;
        char name[MAP_NAME_SIZE];
        uint64_t from, to;                      /* ticks; the end of the recording if it was still there */
        bool is_open;                           /* it was */
};

struct map_fault {
        uint64_t ticks, address;
        enum fault_verdict verdict;
};

/* A request on the tree that failed, other than to find a region. */
struct map_refusal {
        uint64_t ticks, event;
        char words[MAP_WORDS_SIZE];
};

/* Events are missing, and what the space's tree was meanwhile is not known. */
struct map_gap {
        uint64_t from, to;                      /* ticks: of the last event before it, and of that which ends it */
};

struct map {
        uint64_t tree, space;
        char name[MODEL_NAME_SIZE];
        struct vrange range;
        uint64_t first, last;                   /* ticks of the first and last thing shown */
        double ns_per_tick;                     /* 0: not known */
        size_t spans, faults, refusals, gaps;
        struct map_span *span;                  /* in the order in which they began */
        struct map_fault *fault;
        struct map_refusal *refusal;
        struct map_gap *gap;
};

/* `tree` 0: the one that `regionviz tree` takes. Errors of moment_find(). The file is read three times. */
struct error map_make(struct map **out, const char *path, uint64_t tree);
void map_free(struct map *map);

/* It refers to the map. NO_MEMORY with an error message; the caller ends it with map_picture_clear(). O(spans * log spans). */
struct error map_picture(struct picture *out, const struct map *map);
void map_picture_clear(struct picture *picture);

/* Errors of the file are left for the caller to find with ferror(). O(spans * (log spans + faults)). */
void map_write_words(const struct map *map, FILE *file);

/* The ticks of all gaps together. */
uint64_t map_unknown(const struct map *map);

/* Whether a page fault ended with the page mapped. */
bool map_fault_is_fine(const struct map_fault *fault);
