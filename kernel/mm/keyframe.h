/*
 * Keyframes: the state of every space, told by walking real memory, pointer by pointer.
 *
 * A space is watched from when it comes to be, and gets its id then, until it is gone; the trace is told of both.
 * Whoever has a region tree embeds a watched_space with its name and tree.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

struct region_tree;

struct watched_space {
        const char *name;               /* lives at least as long as this */
        struct region_tree *tree;
        uint64_t id;
        struct watched_space *next;
};

void keyframe_watch(struct watched_space *space);
void keyframe_forget(struct watched_space *space);

/* Sends a keyframe of all watched spaces. No other processor may be changing any of them. Returns how many regions it told of. O(regions). */
size_t keyframe_send(void);
