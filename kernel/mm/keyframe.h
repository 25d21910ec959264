/*
 * Keyframes: the state of every address space as memory has it, found by following the pointers of every tree.
 *
 * Each owner of a region tree embeds a struct watched_space, with the tree and its name. It is watched from its
 * creation, when it gets its id, until its destruction. Both are traced.
 */
#pragma once

#include "lib/error.h"
#include "lib/list.h"
#include "lib/vocabulary/protection.h"
#include "lib/vocabulary/address_space.h"
#include "sync/capability.h"

struct region_tree;
struct spinlock;

struct watched_space {
        const char *name;               /* lives at least as long as this */
        struct region_tree *tree;
        struct spinlock *lock;          /* guards the tree, and what follows but for the node */
        uint64_t id;
        uint64_t operations;            /* so far: the newest one's number, and the cause in its tree until it ends */
        struct list_node node;          /* among all watched spaces */
};

/* Gives a space its id. O(1). */
void keyframe_watch(struct watched_space *space);

/* Afterwards no keyframe shows the space, which may then be freed. Pauses while it is shown; O(1) besides that. */
void keyframe_unwatch(struct watched_space *space);

/*
 * Number and trace an operation on a space, whose lock the caller holds. Until it ends, its number is the cause that
 * the tree's operations name. O(1).
 */
void watched_operation_begin(struct watched_space *space, enum space_operation kind, uintptr_t base, size_t size,
                             enum protection protection);
void watched_operation_end(struct watched_space *space, struct error error, uintptr_t base);

/*
 * Sends a keyframe of all watched spaces, which must not change meanwhile. Returns how many regions it shows.
 * O(regions).
 */
size_t keyframe_send(void);

/*
 * Likewise while other processors run. Each tree is sent in pieces of 64 regions, each with the tree's lock held; if an
 * operation has come between, it is sent again, the third time with the lock held throughout. What the floors above
 * this one have is sent before the spaces, by `show_the_rest`. The caller holds no lock. O(regions + spaces^2), and
 * what that costs.
 */
size_t keyframe_send_running(void (*show_the_rest)(void));
