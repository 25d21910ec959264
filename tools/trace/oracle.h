/*
 * The oracle: what a region tree must hold and must answer, kept as a sorted array of ranges and nothing else.
 *
 * It learns from what operations were asked and what they said, never from links, colours or gaps; so where it and
 * a tree rebuilt from links differ, one of the kernel's two stories is wrong. It is too simple to be wrong itself:
 * finding a hole looks at every hole. Cost: O(regions) a call, unless stated.
 */
#pragma once

#include "model.h"

struct oracle_region {
        uint64_t id;
        struct vrange range;                    /* without guards */
        struct vrange footprint;                /* with them */
};

struct oracle {
        struct vrange range;
        size_t count, room;
        struct oracle_region *region;           /* in address order */
};

void oracle_init(struct oracle *oracle, struct vrange range);
void oracle_free(struct oracle *oracle);

/*
 * Whether an operation that is over said the right thing, judged by what was there before. True, or else false and why
 * in words.
 */
bool oracle_agrees(const struct oracle *oracle, const struct model_operation *operation, char *words, size_t room);

/* Carries out what a successful operation said it did. NO_MEMORY, or BAD_INPUT if it cannot have been done. */
struct error oracle_apply(struct oracle *oracle, const struct model_operation *operation);

/* Forgets everything and learns a tree from what is linked in it: after a keyframe has shown it anew. */
struct error oracle_learn(struct oracle *oracle, const struct model_tree *tree);

/* Whether the tree holds exactly the oracle's regions, where the oracle has them. As oracle_agrees. */
bool oracle_matches(const struct oracle *oracle, const struct model_tree *tree, char *words, size_t room);

/* --- for judging (oracle_judge.c) ------------------------------------------------------------------------- */

/* The free stretch below region i, or above the last for i == count. */
struct vrange oracle_hole(const struct oracle *oracle, size_t i);
/* The lowest region whose footprint ends above the address; count if none does. O(log regions). */
size_t oracle_first_above(const struct oracle *oracle, uintptr_t address);
/* The position of a region; count if it is not there. */
size_t oracle_position(const struct oracle *oracle, uint64_t id);
/* The lowest region whose range, guards left out, meets `size` bytes from the address on; count if none does. */
size_t oracle_find(const struct oracle *oracle, uintptr_t address, uint64_t size);
