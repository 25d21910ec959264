/*
 * The reference model: the regions that a tree must have, and the answers it must give. It is a sorted array of ranges.
 *
 * It is made from the requests and answers of operations, never from links, colours or gaps. So if it differs from the
 * tree that is rebuilt from links, the events contradict each other. It is as simple as possible, so that its own
 * answers can be trusted: finding a hole looks at every hole. Cost: O(regions) a call, unless stated.
 */
#pragma once

#include "model/model.h"

struct reference_region {
        uint64_t id;
        struct vrange range;                    /* without guards */
        struct vrange footprint;                /* with them */
};

struct reference {
        struct vrange range;
        size_t count, room;                     /* room: places from the first region on ... */
        size_t spare;                           /* ... and in front of it: what is moved to insert is the shorter part */
        struct reference_region *region;        /* in address order */
};

void reference_init(struct reference *reference, struct vrange range);
void reference_free(struct reference *reference);

/*
 * Whether the answer of an operation that has ended is right, given the regions before it. If not, false and the reason
 * in words.
 */
bool reference_accepts(const struct reference *reference, const struct model_operation *operation, char *words,
                       size_t room);

/*
 * The right answer of a placement: OK and the base, or the error. For a placement at random, OK and the lowest base, of
 * the many that are right.
 */
enum error_code reference_place(const struct reference *reference, const struct model_operation *asked, uint64_t *base);

/* Applies a successful operation. NO_MEMORY, or BAD_INPUT if it cannot have been done. */
struct error reference_apply(struct reference *reference, const struct model_operation *operation);

/* Replaces the contents by the regions linked in a tree: after a keyframe has shown it. */
struct error reference_load(struct reference *reference, const struct model_tree *tree);

/* Whether the tree holds exactly the reference's regions, where the reference has them. As reference_accepts. */
bool reference_matches(const struct reference *reference, const struct model_tree *tree, char *words, size_t room);

/* --- for judging (reference_verify.c) ------------------------------------------------------------------------- */

/* The free stretch below region i, or above the last for i == count. */
struct vrange reference_hole(const struct reference *reference, size_t i);
/* The lowest region whose footprint ends above the address; count if none does. O(log regions). */
size_t reference_first_above(const struct reference *reference, uintptr_t address);
/*
 * The position of a region; count if it is not there. O(log regions) if `address` is its lowest one, guards included.
 */
size_t reference_position(const struct reference *reference, uint64_t id, uintptr_t address);
/* The lowest region whose range, guards left out, meets `size` bytes from the address on; count if none does. */
size_t reference_find(const struct reference *reference, uintptr_t address, uint64_t size);
