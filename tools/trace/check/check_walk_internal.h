/*
 * What the two files of the walk share: check_walk_hole.c follows a search for a hole, check_walk.c the rest.
 */
#pragma once

#include "check/check_walk.h"

/* What is wrong, in words that are valid until the next call. */
[[gnu::format(printf, 1, 2)]] const char *walk_wrong(const char *format, ...);

static inline uint64_t walk_id(const struct model_region *region)
{
        return region ? region->id : 0;
}

/* A search for a hole begins: from the `near` side, or near a hint, first from there up and then from there down. */
void walk_search(struct visit_walk *walk, const struct model_tree *tree, struct vrange window, enum side near);
void walk_search_near(struct visit_walk *walk, const struct model_tree *tree, uint64_t hint);
/* Whether such a search decides this at a node. */
bool walk_is_of_search(enum decision decision);
const char *walk_visit_in_search(struct visit_walk *walk, const struct model_tree *tree,
                                 const struct walk_visit *visit);
const char *walk_visit_choice(struct visit_walk *walk, const struct model_tree *tree, const struct walk_visit *visit);

/* The hole below `above`, or the tail gap (NULL), is taken: the way to the insertion point begins. */
void walk_begin_linking(struct visit_walk *walk, const struct model_tree *tree, const struct model_region *above);
