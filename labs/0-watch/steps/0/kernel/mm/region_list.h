/*
 * The nodes of the list of regions, and the calls that change the list. A node points to its region, and the region back to
 * its node:
 *
 *      list ->  [ node ] <-> [ node ] <-> [ node ]
 *                 |   ^        |   ^        |   ^
 *                 v   |        v   |        v   |
 *              [ region ]   [ region ]   [ region ]
 *
 * A node is memory besides the region's own. So to link a region takes memory, and fails when there is none. Whoever links
 * one makes its node first, before anything is changed.
 *
 * The list changes through the two calls at the end alone; each emits an event, from which the tools build the list again.
 */
#pragma once

#include "lib/list.h"
#include "mm/region_tree_internal.h"

struct region_list_node {
        struct list_node node;
        struct region *region;                  /* NULL until it is linked */
};

/* A node for a region of a process: a block of kmalloc's, or NULL if there is no memory. */
struct region_list_node *region_list_node_create(void);

/*
 * A node for a region of the kernel's own: one of 8,192 in the kernel's image, or NULL if all are used. kmalloc gets its
 * pages from the kernel's own regions, so to call it here would be to ask for memory in order to get memory. The caller
 * must hold the lock of the kernel's memory, here and when such a node is freed. O(1).
 */
struct region_list_node *region_list_node_reserve(void);

/* Gives back a node of either kind, which is in no list. NULL is fine. */
void region_list_node_free(struct region_list_node *node);

/* Links a region with a node of its own, behind `previous`; NULL: at the front. O(1). */
void region_list_link(struct region_tree *tree, struct region *region, struct region_list_node *node,
                      struct region *previous);

/* Unlinks a region, which must be in the list. Yields its node, which the caller then owns. O(1). */
struct region_list_node *region_list_unlink(struct region_tree *tree, struct region *region);
