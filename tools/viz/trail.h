/*
 * The trail of one operation through a region tree: which nodes it visited, in which order, and what each of them
 * knew at that moment. The model forgets that as soon as the tree changes; a picture of the tree after the operation
 * still has to say "gap was 5 ≥ 4: taken".
 *
 *      trail_init(&trail, tree_id);
 *      while (reader_next(reader, &event)) {
 *              TRY(model_apply(model, &event));
 *              TRY(trail_follow(&trail, model, &event));
 *      }
 *      ... trail_current(&trail) ...
 *      trail_free(&trail);
 */
#pragma once

#include "model.h"

/* Random placement tries so many addresses; it then draws a point to search from, and the place in the hole. */
enum { TRAIL_TRIES = 8, TRAIL_DRAWS_MAX = TRAIL_TRIES + 2 };

enum { TRAIL_NAME_SIZE = 64 };

struct trail_step {
        uint64_t region;                        /* 0: the tail gap */
        enum decision decision;
        uint64_t sought;                        /* the address sought: that of the operation, or the one drawn last */
        bool by_address;                        /* it is the address sought that counts, not the size of holes */
        struct vrange footprint;                /* of the region, or the empty range at the end of the tree's */
        uint64_t gap;                           /* pages */
        uint64_t child[2], max[2];              /* the children's ids, 0 if none, and their largest gaps */
};

struct trail {
        uint64_t tree;
        bool begun;                             /* an operation was seen from its beginning on */
        bool foretold;                          /* its outcome is known, but the tree is as it was before it changed */
        struct model_operation operation;       /* without its visits */
        char name[TRAIL_NAME_SIZE];             /* of the region it is about, when it began */
        struct vrange before;                   /* what that region occupied, if it was in the tree; else empty */
        size_t steps, room;
        struct trail_step *step;
        size_t searching;                       /* so many steps search; the rest go to where it is linked */
        bool taken;                             /* the last verdict was that a gap is taken */
        size_t draws;
        uint64_t draw[TRAIL_DRAWS_MAX];
};

void trail_init(struct trail *trail, uint64_t tree);
void trail_free(struct trail *trail);

/*
 * Follows the event, after the model has taken it. While events are missing there is nothing to follow.
 * NO_MEMORY, with a complaint; the trail is then as before.
 */
struct error trail_follow(struct trail *trail, const struct model *model, const struct event *event);

/* Forgets the operation. */
void trail_forget(struct trail *trail);

/* The size asked for, in pages; and with both guards, which is what a hole must have. */
uint64_t trail_pages(const struct trail *trail);
uint64_t trail_need(const struct trail *trail);
/* Whether the operation looks for a hole (place anywhere, near, random) rather than for an address. */
bool trail_seeks_hole(const struct trail *trail);
/* Whether the operation makes a place, in whichever way. */
bool trail_places(const struct trail *trail);
bool trail_is_over(const struct trail *trail);
bool trail_succeeded(const struct trail *trail);
/* What a region of the size asked for would occupy at `base`, guards included; empty if that is no range. */
struct vrange trail_footprint_at(const struct trail *trail, uint64_t base);
/* Where the region was placed, guards included; empty if it was not, or not yet. */
struct vrange trail_place(const struct trail *trail);
