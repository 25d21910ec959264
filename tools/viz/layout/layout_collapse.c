#include "layout/layout_steps.h"

enum {
        UNKNOWN = -1U,                          /* a distance */
};

/*
 * Marks with 0 the nodes that must be shown: the root, what the operation visited or is about, the first that differ from
 * another picture, and all above those.
 */
static void find_path(const struct layout *layout, size_t differences_most, unsigned *distance)
{
        size_t differences = 0;

        for (size_t i = 0; i < layout->nodes; i++)
                distance[i] = UNKNOWN;
        for (size_t i = 0; i < layout->nodes; i++) {
                const struct layout_node *node = &layout->node[i];
                bool differs = node->differs[0] && differences++ < differences_most;

                if (node->role == NODE_PLAIN && !node->linking && !differs && node->parent != NOWHERE)
                        continue;
                for (size_t up = i; up != NOWHERE && distance[up]; up = layout->node[up].parent)
                        distance[up] = 0;
        }
}

/* How many rows below the path each node is; 0 on it. O(nodes): what was found out is not found out again. */
void layout_find_distances(const struct layout *layout, size_t differences_most, unsigned *distance)
{
        find_path(layout, differences_most, distance);
        for (size_t i = 0; i < layout->nodes; i++) {
                unsigned rows = 0;
                size_t up = i;

                for (; distance[up] == UNKNOWN; up = layout->node[up].parent)
                        rows += !layout_shares_row(layout, &layout->node[up]);
                rows += distance[up];
                for (up = i; distance[up] == UNKNOWN; up = layout->node[up].parent) {
                        distance[up] = rows;
                        rows -= !layout_shares_row(layout, &layout->node[up]);
                }
        }
}

/* A triangle that would hold a single region is drawn as that region if `least` is 2. */
static enum node_form form_of_top(const struct layout_node *top, unsigned distance, unsigned levels, size_t least)
{
        if (distance <= levels || (distance == levels + 1 && layout_subtree_size(top) < least))
                return NODE_BOX;
        return distance == levels + 1 ? NODE_SUBTREE : NODE_HIDDEN;
}

/* The keys of a 2-3-4 node are boxes together, or in a triangle together. */
void layout_collapse(struct layout *layout, const unsigned *distance, unsigned levels, size_t least)
{
        for (size_t i = 0; i < layout->nodes; i++) {
                size_t top = layout_top_of_band(layout, i);
                enum node_form form = form_of_top(&layout->node[top], distance[top], levels, least);

                layout->node[i].form = top == i || form == NODE_BOX ? form : NODE_HIDDEN;
        }
}
