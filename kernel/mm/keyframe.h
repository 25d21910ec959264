/*
 * Keyframes: the state of every address space as memory has it, found by following the pointers of every tree.
 *
 * Each owner of a region tree embeds a struct watched_space, with the tree and its name. It is watched from its creation,
 * when it gets its id, until its destruction. Both are traced.
 */
#pragma once

#include "lib/list.h"

#include <stddef.h>
#include <stdint.h>

struct region_tree;

struct watched_space {
        const char *name;               /* lives at least as long as this */
        struct region_tree *tree;
        uint64_t id;
        struct list_node node;          /* among all watched spaces */
};

void keyframe_watch(struct watched_space *space);
void keyframe_forget(struct watched_space *space);

/* Sends a keyframe of all watched spaces. No other processor may be changing any of them. Returns how many regions it told of. O(regions). */
size_t keyframe_send(void);
