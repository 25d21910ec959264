/*
 * What stands in and beside the nodes of a tree's plan: what the operation did there, and the labels.
 */
#pragma once

#include "live/tree_plan.h"

/* A plan in the making. */
struct making {
        const struct plan_request *request;
        const struct shown_operation *shown;
        enum units units;
        int levels;                             /* so many levels away from the path are shown ... */
        int letters;                            /* ... and so many below these as a letter alone */
        int rows;                               /* so many depths have room */
        size_t room;
        bool failed;
};

/* Whether the operation visited the region, or is about it; and whether it, or anything below it, is such a region. */
bool plan_is_on_path(const struct making *making, const struct model_region *region);
bool plan_holds_path(const struct making *making, const struct model_region *region);

/* The number, the role and the reason of a visited node; and why the search did not go to a child of one. */
void plan_describe_visits(const struct making *making, struct plan_node *node);
void plan_describe_skip(const struct making *making, struct plan_node *node);

/* The lines of a node, and with them its width and height; of a subtree, its count. */
void plan_label_node(const struct making *making, struct plan_node *node, enum node_size size);
void plan_label_subtree(struct plan_node *node);
