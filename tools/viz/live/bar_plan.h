/*
 * The address space as a row of character cells: every region, guard and hole of a range of addresses has a piece.
 *
 * Pieces are to scale as far as that leaves all of them visible: a piece takes one column at least, and a hole that would
 * take most of the row is folded, which is marked; so is one that would leave the regions no width. If there are more pieces than
 * columns, each column stands for an equal part of what is not folded instead, and says how much of that is occupied.
 */
#pragma once

#include "live/view.h"

enum { BAR_SHARES = 16 };
enum bar_kind { BAR_REGION, BAR_GUARD, BAR_HOLE, BAR_SHARE };

struct bar_piece {
        enum bar_kind kind;
        struct vrange range;
        const struct model_region *region;      /* of a region and its guards */
        bool is_folded;
        int x, width;                           /* columns */
        unsigned share;                         /* BAR_SHARE: how much of it is occupied, of BAR_SHARES */
};

struct bar_plan {
        struct vrange range;
        size_t pieces;
        struct bar_piece *piece;
        int width;
};

/* NO_MEMORY. O(regions). */
struct error bar_plan_make(struct bar_plan *plan, const struct model_tree *tree, struct vrange range, int width);
void bar_plan_free(struct bar_plan *plan);
/* The column of an address; -1 if it lies outside. */
int bar_plan_x(const struct bar_plan *plan, uint64_t address);
