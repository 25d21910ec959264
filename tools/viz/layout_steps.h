/*
 * The steps a layout is made in, each in a file of its own. Only layout.c calls them, in this order.
 */
#pragma once

#include "layout.h"

/* Fills in the nodes from the tree: who they are, in which order, whose children, and their three lines. */
struct error layout_add_nodes(struct layout *layout, const struct model_tree *tree);
/* Lights what the operation did: numbers, verdicts, skipped subtrees. */
struct error layout_light(struct layout *layout, const struct trail *trail);
/* Decides which nodes are boxes and places them; sets the picture's width and where the tree ends (fan_top). */
struct error layout_place_nodes(struct layout *layout);
/* The bar's pieces and ticks; then the marks of the operation, if one is lit, and with them the picture's height. */
struct error layout_add_bar(struct layout *layout, const struct model_tree *tree, const struct trail *trail);
void layout_add_marks(struct layout *layout, const struct model_tree *tree, const struct trail *trail);
/* Where in the bar an address lies. */
double layout_bar_x(const struct layout *layout, uint64_t address);
/* Title, subtitle, alert; and, when all else is there, the legend of what is in the picture. */
void layout_add_captions(struct layout *layout, const struct layout_request *request);
void layout_add_legend(struct layout *layout);
