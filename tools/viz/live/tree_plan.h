/*
 * Where the nodes of a region tree go on a terminal: columns follow the order of addresses, rows the depth.
 *
 * What the operation visited is always shown, as far as there is room. Subtrees away from the path become a count where the
 * tree is too wide or too high; the plan first tries to show everything, then fewer levels around the path. What room is left then
goes to the levels below: each of their nodes is a letter, R or B.
 *
 *      TRY(tree_plan_make(&plan, &request));
 *      for (size_t i = 0; i < plan.nodes; i++)
 *              ... plan.node[i].x, .row ...
 *      tree_plan_free(&plan);
 *
 * Cost: O(nodes shown * height) for each size that is tried, once the tree's heights are known (model_height()).
 */
#pragma once

#include "live/view.h"

enum plan_role { PLAN_PLAIN, PLAN_VISITED, PLAN_BLOCKING, PLAN_SUBJECT };

enum { PLAN_LABEL_SIZE = 96 };
#define PLAN_NOWHERE SIZE_MAX

struct plan_node {
        const struct model_region *region;
        size_t parent, child[2];                /* indices; PLAN_NOWHERE if there is none */
        int depth;
        size_t count;                           /* 0: a node; else a subtree of so many regions */
        enum plan_role role;
        bool is_skipped;                        /* in a subtree that the search left out */
        bool is_here;                           /* what the newest event is about */
        bool is_selected;
        bool is_letter;                         /* the label is the colour's letter alone, without a frame */
        char number[24];                        /* when it was visited: "1, 4"; empty if it was not */
        char why[WHY_SIZE];                     /* what was decided there, or why the subtree was skipped */
        char line[3][PLAN_LABEL_SIZE];          /* the label; a size other than a box has only the first */
        int x, row, width, height;              /* cells: of the label with its frame; row is the top */
        int center;                             /* column of the middle */
        int reach;                              /* columns from x to the end of the words beside it */
};

struct tree_plan {
        enum node_size size;
        size_t nodes;
        struct plan_node *node;                 /* in address order */
        size_t root;
        int width, height;                      /* of everything */
        int row_step;                           /* rows from one depth to the next */
        bool has_words_below;                   /* what is written at a node is in the row below it, else beside it */
        unsigned tried;                         /* which of the sizes and levels that are tried this is */
        int letters;                            /* levels below those that are shown as letters */
};

struct plan_request {
        const struct scene *scene;
        uint64_t selected;
        enum node_size size;                    /* SIZE_FITTING: the largest that fits, all else whole */
        int width, height;                      /* what it should fit */
        unsigned first_try;                     /* 0, or `tried` of an earlier plan: no larger size is chosen than that */
        int most_letters;                       /* with that size; INT_MAX, or `letters` of the earlier plan */
};

/* NO_MEMORY. A tree without regions has a plan without nodes. */
struct error tree_plan_make(struct tree_plan *plan, const struct plan_request *request);
void tree_plan_free(struct tree_plan *plan);
