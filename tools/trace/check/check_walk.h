/*
 * The order of the visits within one operation on a tree, as docs/trace-format.md states it. A search for a hole goes
 * from the root down, considers the holes in address order, and says at each node what comes next: which child, which
 * hole, or why not. So each visit follows from the one before it, and a visit that was left out, doubled or moved does
 * not fit.
 *
 *      walk_begin(&walk, model, tree);                  after tree_begin
 *      if ((wrong = walk_visit(&walk, tree, &visit)))  before each tree_visit
 *              ... the visit "comes where ..."
 *      if ((wrong = walk_end(&walk, tree)))            after tree_end
 *
 * O(height of the tree) a call. Functions return what is wrong, in words, or NULL; the words are valid until the next
 * call.
 */
#pragma once

#include "model/model.h"

enum walk_step {
        WALK_QUIET,                     /* no visit may follow */
        WALK_NODE,                      /* a search for a hole arrives at `node` from above */
        WALK_HOLE,                      /* the subtree before the hole of `node` has been searched: the hole is next */
        WALK_FAR,                       /* the hole of `node` was refused: the subtree after it is next */
        WALK_TAIL,                      /* the tail gap is next */
        WALK_FAILED,                    /* every hole was refused */
        WALK_FARTHER,                   /* of two holes that fit, the farther one is named next */
        WALK_TAKEN,                     /* the hole above `node` is taken next */
        WALK_DRAW,                      /* an address must be drawn */
        WALK_DRAWN,                     /* one was drawn: it is looked up, or the hole nearest to it is searched */
        WALK_ADDRESS,                   /* on the way to an address, at `node` */
        WALK_ANSWER,                    /* the way has ended: what is there comes next */
        WALK_LINKING,                   /* `node` is next on the way to the insertion point */
        WALK_PLACED,                    /* a region may be linked below `node` */
        WALK_OVER,                      /* all is said */
};

/* A hole that a search near a hint found, and the base that a region would have there. */
struct walk_hole {
        bool is_found;
        uint64_t above, base;           /* above: the id of the region above the hole; 0: the tail gap */
};

struct visit_walk {
        const struct model *model;
        bool was_empty;                 /* the tree, when the operation began */
        enum walk_step step;
        uint64_t node;                  /* a region's id; 0: none, or the tail gap */
        enum side near;                 /* the side at which a search for a hole begins */
        struct vrange window;           /* where it looks: the window, or the part of it on one side of the hint */
        uint64_t hint;                  /* of a search near one */
        bool is_second;                 /* it is the search below the hint, after that above it */
        struct walk_hole hole[2];       /* what the first and the second found */
        uint64_t address;               /* the one looked up, guards included */
        uint64_t visits, draws;         /* so far */
        bool found;                     /* FOUND was said */
        bool leaves_tree;               /* regions are passed in order, or the lookup cache has answered: no way down to follow */
        uint64_t passed;                /* the region visited last by a search in order; 0: none */
        bool is_changing;               /* a region was given its range: all searching is over */
};

/* One visit, before it is applied. */
struct walk_visit {
        const struct model_region *region;      /* NULL: the tail gap, or (when addresses are looked up) nothing */
        enum decision decision;
        enum skip skipped;
};

void walk_begin(struct visit_walk *walk, const struct model *model, const struct model_tree *tree);
/*
 * Before a visit: after an address was drawn, its decision shows whether that is looked up or a hole near it searched.
 */
void walk_prepare(struct visit_walk *walk, const struct model_tree *tree, enum decision decision);
const char *walk_visit(struct visit_walk *walk, const struct model_tree *tree, const struct walk_visit *visit);
const char *walk_draw(struct visit_walk *walk, const struct model_tree *tree, uint64_t address);
/* Nothing has been visited or drawn so far, in an operation that visits something unless its request is refused. */
bool walk_needs_visits(const struct visit_walk *walk, const struct model_tree *tree);
/* Whether a region may be linked below `parent` (0: as the root). */
const char *walk_link(struct visit_walk *walk, const struct model_tree *tree, uint64_t parent);
const char *walk_end(const struct visit_walk *walk, const struct model_tree *tree);

/* What a search for a hole asks for: pages with guards; UINT64_MAX if that wraps round. */
uint64_t walk_pages_needed(const struct model_operation *operation);
/* The part of the request's window that lies in the tree. */
struct vrange walk_whole_window(const struct model_tree *tree);
/* The hole below a region, or the tail gap. */
struct vrange walk_hole_below(const struct model_tree *tree, const struct model_region *above);
/* The lowest and highest base that the requested region may have in a free range; false if there is none. */
bool walk_bases(const struct model_operation *operation, struct vrange space, uint64_t *lowest, uint64_t *highest);
