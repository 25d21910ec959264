/*
 * The state of a program's address space between its calls: which pages are mapped, which are free, and which are
 * unknown. Kept as ranges in address order; ranges that no call has named are absent.
 */
#pragma once

#include "lib/error.h"
#include "lib/vrange.h"

#include <stdbool.h>

enum { MAPPING_NAME_SIZE = 24 };        /* as long as the name of a region, zero included */

struct mapping {
        struct vrange range;
        bool is_free;                   /* touched, and free since */
        bool is_file;                   /* a file, or a part of what a file was loaded to */
        bool is_segment;                /* shared memory of System V */
        bool grows_down;                /* made with MAP_GROWSDOWN */
        unsigned protection;
        char name[MAPPING_NAME_SIZE];
        unsigned root_length;           /* of the name, without what tells a segment: "lib3" of "lib3.text" */
};

struct import_space {
        struct mapping *mapping;
        size_t count, capacity;
};

void import_space_free(struct import_space *space);

/* Maps the pages of new->range. Mappings that were there are replaced, and split at its ends. */
struct error import_space_set(struct import_space *space, const struct mapping *new);

/* The pages are free from now on. */
struct error import_space_set_free(struct import_space *space, struct vrange range);

/* Changes the protection of a range. All of it must be mapped. */
struct error import_space_protect(struct import_space *space, struct vrange range, unsigned protection);

/* The mapping at an address; NULL if it is free or unknown. */
const struct mapping *import_space_find(const struct import_space *space, uintptr_t address);

enum page_state { PAGES_UNKNOWN, PAGES_FREE, PAGES_MAPPED };

/*
 * The lowest part of `range` whose pages are in that state; what follows may be in it too, so ask again behind it.
 * False if there is none.
 */
bool import_space_next(const struct import_space *space, struct vrange range, enum page_state state,
                       struct vrange *part);
