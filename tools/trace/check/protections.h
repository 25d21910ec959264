/*
 * The protection of each address of a space, without the borders of regions. So two of them are equal whether or not
 * regions were split or merged in between.
 */
#pragma once

#include "model/model.h"

/* Neighbours that touch differ in protection. */
struct protected_range {
        struct vrange range;
        enum protection protection;
};

struct protections {
        struct protected_range *at;             /* in address order */
        size_t count, room;
};

void protections_free(struct protections *protections);

/*
 * Adds what a tree's regions say of a range, or what `from` says of it. All that is there already must lie below the
 * range. NO_MEMORY. The first costs O(log regions + regions in the range).
 */
struct error protections_add(struct protections *protections, const struct model_tree *tree, struct vrange range);
struct error protections_append(struct protections *protections, const struct protections *from, struct vrange range);

/* Makes it like `from`, but `range` is mapped with a protection. NO_MEMORY. */
struct error protections_set(struct protections *protections, const struct protections *from, struct vrange range,
                             enum protection protection);
/* Makes it like `from`, but nothing is mapped in `range`, which may be empty. NO_MEMORY. */
struct error protections_clear(struct protections *protections, const struct protections *from, struct vrange range);

/* The lowest address at which two of them differ; false if they are equal. */
bool protections_differ(const struct protections *a, const struct protections *b, uintptr_t *address);
/* In words: "rw-", or "unmapped". */
const char *protections_word(const struct protections *protections, uintptr_t address);
