/*
 * How two region trees differ: two moments of one tree, or the trees of two recordings. Regions are told apart by where
 * they are and not by their ids: two that begin or end at the same address are the same.
 *
 *      struct comparison comparison;
 *
 *      TRY(comparison_make(&comparison, a, b));
 *      ... comparison.difference[0].words[SIDE_B]: "in A: red, left of 30000" ...
 *      comparison_clear(&comparison);
 */
#pragma once

#include "draw/units.h"
#include "model/model.h"
#include "moment/why.h"

enum compared_side { SIDE_A, SIDE_B };

struct tree_difference {
        uint64_t region[2];                     /* its id in A and in B; 0: there is no such region there */
        struct vrange range;                    /* all addresses that it has in A or in B, guards included */
        bool is_of_space;                       /* another range, protection or name, or only in one: the bars differ */
        char name[MODEL_NAME_SIZE];
        char words[2][WHY_SIZE];                /* at the region in A: "in B: red"; in B: "in A: black". Or "only in A" */
};

struct comparison {
        size_t regions;                         /* those that both have, and those that only one has */
        size_t differences;
        struct tree_difference *difference;     /* in address order */
};

/*
 * Compares ranges, guards, protections, names, colours and places in the tree. Gaps are compared where
 * both have the same ranges, and the largest gaps of subtrees where each region has the same place in both, too:
 * elsewhere they differ because the regions do. NO_MEMORY with an error message.
 * O((regions of both) * height).
 */
struct error comparison_make(struct comparison *out, const struct model_tree *a, const struct model_tree *b);
void comparison_clear(struct comparison *comparison);
