/*
 * The steps in which a layout is made, each in a file of its own. layout.c calls them in this order; layout_fit.c
 * repeats those from layout_spread on until the picture fits.
 */
#pragma once

#include "layout/layout.h"

enum { LAYOUT_MARGIN = 48 };

/* Fills in the nodes from the tree: their order, their parents and children, and their three lines. */
struct error layout_add_nodes(struct layout *layout, const struct model_tree *tree);
/* Highlights what the operation did: the visits with their numbers and decisions, and the subtrees that were skipped. */
struct error layout_highlight(struct layout *layout, const struct shown_operation *shown);
/* Removes what was decided at nodes and why subtrees were skipped; numbers and paleness stay. */
void layout_remove_words(struct layout *layout);
/* Adds the remarks to their nodes, in place of what was decided there. */
void layout_add_remarks(struct layout *layout, const struct layout_request *request);
/* Adds the words of the differences to their nodes. O(nodes + differences). */
void layout_add_differences(struct layout *layout, const struct layout_request *request);
/* The words of title, subtitle, alert and description. */
void layout_add_captions(struct layout *layout, const struct layout_request *request);

/* Makes the rows levels of black nodes, and says which rules are broken. NO_MEMORY. */
struct error layout_use_levels(struct layout *layout);
/* Where everything stands: the bands around 2-3-4 nodes and the floor, if rows are levels; moves fan_top. NO_MEMORY. */
struct error layout_add_levels(struct layout *layout);

/* Chooses which nodes are boxes and which subtrees are triangles, and makes the rest of the layout for that. */
struct error layout_fit(struct layout *layout, const struct layout_request *request);

/*
 * How many rows below the search path each node is, 0 on it: an array of as many numbers as there are nodes. The first
 * `differences_most` nodes that differ from another picture are on the path, too. O(nodes).
 */
void layout_find_distances(const struct layout *layout, size_t differences_most, unsigned *distance);
/*
 * Makes boxes of what is at most `levels` rows below the path, and triangles of the subtrees below; but a subtree of fewer
 * than `least` regions is drawn.
 */
void layout_collapse(struct layout *layout, const unsigned *distance, unsigned levels, size_t least);

/* The sizes of all that is drawn, and the words beneath triangles. `has_search`: something was visited. */
void layout_measure(struct layout *layout, bool has_search);
/* Puts each node that is shown as far left as it may go. `*right` is how far the tree reaches. */
struct error layout_spread(struct layout *layout, double *right);
/* The same in the tidy arrangement. O(nodes * height). NO_MEMORY. */
struct error layout_spread_tidily(struct layout *layout, double *right);
/* How far a node and the words to its right reach from its middle; how wide the edge to it must be for its words. */
double layout_reach(const struct layout *layout, const struct layout_node *node);
double layout_words_on_edge(const struct layout *layout, const struct layout_node *child);
/* Puts the rows below each other, from tree_top on; sets fan_top, where the tree ends. NO_MEMORY. */
struct error layout_place_rows(struct layout *layout);

/* Title, subtitle and alert, broken into lines as the width asks; sets tree_top. */
void layout_place_captions(struct layout *layout);
/* The bar's pieces and ticks; then the marks of the operation, if there is one, and with them the picture's height. */
struct error layout_add_bar(struct layout *layout, const struct model_tree *tree, const struct shown_operation *shown);
void layout_scale_bar(struct layout *layout);
void layout_add_marks(struct layout *layout, const struct layout_request *request);
/* Where in the bar an address lies. */
double layout_bar_x(const struct layout *layout, uint64_t address);
/* When all else is there: the legend of what is in the picture. */
void layout_add_legend(struct layout *layout);

/* Adds `text` as lines that end before layout->right, the first at `y`. Returns where the next line would go. */
double layout_add_text(struct layout *layout, enum text_kind kind, double y, double line_height, const char *text);
