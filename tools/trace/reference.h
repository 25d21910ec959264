/*
 * The reference: what a region tree must hold and must answer, kept as a sorted array of ranges and nothing else.
 *
 * It learns from what operations were asked and what they said, never from links, colours or gaps; so where it and
 * a tree rebuilt from links differ, one of the kernel's two stories is wrong. It is too simple to be wrong itself:
 * finding a hole looks at every hole. Cost: O(regions) a call, unless stated.
 */
#pragma once

#include "model.h"

struct reference_region {
        uint64_t id;
        struct vrange range;                    /* without guards */
        struct vrange footprint;                /* with them */
};

struct reference {
        struct vrange range;
        size_t count, room;
        struct reference_region *region;           /* in address order */
};

void reference_init(struct reference *reference, struct vrange range);
void reference_free(struct reference *reference);

/*
 * Whether an operation that is over said the right thing, judged by what was there before. True, or else false and why
 * in words.
 */
bool reference_accepts(const struct reference *reference, const struct model_operation *operation, char *words, size_t room);

/* Carries out what a successful operation said it did. NO_MEMORY, or BAD_INPUT if it cannot have been done. */
struct error reference_apply(struct reference *reference, const struct model_operation *operation);

/* Forgets everything and learns a tree from what is linked in it: after a keyframe has shown it anew. */
struct error reference_load(struct reference *reference, const struct model_tree *tree);

/* Whether the tree holds exactly the reference's regions, where the reference has them. As reference_accepts. */
bool reference_matches(const struct reference *reference, const struct model_tree *tree, char *words, size_t room);

/* --- for judging (reference_verify.c) ------------------------------------------------------------------------- */

/* The free stretch below region i, or above the last for i == count. */
struct vrange reference_hole(const struct reference *reference, size_t i);
/* The lowest region whose footprint ends above the address; count if none does. O(log regions). */
size_t reference_first_above(const struct reference *reference, uintptr_t address);
/* The position of a region; count if it is not there. */
size_t reference_position(const struct reference *reference, uint64_t id);
/* The lowest region whose range, guards left out, meets `size` bytes from the address on; count if none does. */
size_t reference_find(const struct reference *reference, uintptr_t address, uint64_t size);
