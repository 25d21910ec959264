/*
 * Where everything in a picture of a region tree goes, and what is written there. No input or output: a model tree
 * and the trail of an operation come in, positions and words come out, and any renderer (DOT, later HTML or a
 * terminal) can draw them. Pixels, x to the right and y downwards.
 *
 * The tree is above: x follows the order of addresses, y the depth. Nodes that have room are boxes with three lines;
 * in a crowded tree the lower levels shrink to marks. Beneath lies the bar, the tree's range from end to end, in which
 * regions and holes are to scale as far as that leaves all of them visible: small pieces are widened, and pieces too
 * long for the picture are folded, which is marked and said in the legend.
 *
 * A layout owns all it holds; the model may go on. Cost: O(n * height * log height), n being the number of regions.
 */
#pragma once

#include "trail.h"
#include "units.h"
#include "why.h"

enum { LAYOUT_REGIONS_MAX = 3000, LAYOUT_LINE_SIZE = 64, LAYOUT_TOOLTIP_SIZE = 192, LAYOUT_TITLE_SIZE = 512 };
#define NOWHERE SIZE_MAX

enum node_role {
        NODE_PLAIN,
        NODE_VISITED,                           /* by the search */
        NODE_OBJECTING,                         /* visited, and the reason why the operation failed */
        NODE_SUBJECT,                           /* what the operation is about: placed, removed, resized, ... */
};

struct layout_node {
        uint64_t region;
        enum colour colour;
        unsigned depth;
        size_t parent;                          /* index, NOWHERE for the root */
        enum side side;                         /* of the parent */
        bool is_box;                            /* else a mark */
        bool pale;                              /* in a subtree that was skipped */
        bool lit, linking;                      /* its edge to the parent was followed by the search; on the way to link */
        enum node_role role;
        double x, y, width, height;             /* of its middle */
        char bare_name[LAYOUT_LINE_SIZE];       /* the region's name alone */
        char heading[LAYOUT_LINE_SIZE], name[LAYOUT_LINE_SIZE], gaps[LAYOUT_LINE_SIZE];
        char tooltip[LAYOUT_TOOLTIP_SIZE];
        char number[32];                        /* when the search came here: "1, 4" */
        char decided[WHY_SIZE];                 /* beside the box */
        char skipped[WHY_SIZE];                 /* above the edge to the parent */
        struct vrange footprint, range;
        uint64_t gap;                           /* pages */
};

enum piece_kind { PIECE_REGION, PIECE_GUARD, PIECE_HOLE };

struct layout_piece {
        enum piece_kind kind;
        struct vrange range;
        size_t node;                            /* index, NOWHERE for a hole */
        double x, width;                        /* of its left end */
        bool folded;
        char label[LAYOUT_LINE_SIZE], tooltip[LAYOUT_TOOLTIP_SIZE + 16];
};

enum mark_kind {
        MARK_PLACE,                             /* taken, placed, found, removed: what the operation is about */
        MARK_REFUSED,                           /* what was wanted and is not to be had, or the hole that is too small */
        MARK_VISITED,                           /* the tail gap, visited */
        MARK_WINDOW,                            /* a line above the bar */
        MARK_POINT,                             /* an address sought, hinted at or drawn */
};

struct layout_mark {
        enum mark_kind kind;
        double x, width;
        double text_x, text_y;                  /* middle of the text, below the bar; no text if it is empty */
        char text[2 * WHY_SIZE];
};

struct layout_tick {
        double x;
        char text[LAYOUT_LINE_SIZE];
};

enum { LAYOUT_MARKS_MAX = 24, LAYOUT_LEGEND_LINES = 3 };

struct layout {
        enum units units;
        double width, height;
        double left, right;                     /* the ends of the bar and of all lines of text */
        double tree_top, bar_top, fan_top;      /* drop lines leave the vertical at fan_top */
        char title[LAYOUT_TITLE_SIZE], subtitle[LAYOUT_TITLE_SIZE], alert[LAYOUT_TITLE_SIZE];
        char legend[LAYOUT_LEGEND_LINES][LAYOUT_TITLE_SIZE];
        double legend_y[LAYOUT_LEGEND_LINES];
        char description[3 * LAYOUT_TITLE_SIZE];        /* for those who cannot see the picture */
        uint64_t largest_hole;                  /* pages */
        unsigned height_of_tree;
        size_t nodes, pieces, marks, ticks;
        struct layout_node *node;               /* in address order */
        struct layout_piece *piece;             /* likewise */
        struct layout_tick *tick;
        struct layout_mark mark[LAYOUT_MARKS_MAX];
};

enum { BAR_HEIGHT = 44, BOX_HEIGHT = 62, MARK_SIZE = 13, HALO = 5 };

struct layout_request {
        const struct model_tree *tree;
        const char *space;                      /* its name */
        const struct trail *trail;              /* the operation to be lit, or NULL */
        uint64_t event;                         /* the number of the event after which the tree was so; 0: not said */
        const char *note;                       /* a sentence of warning, or NULL */
};

/* NO_MEMORY, or BAD_ARGUMENT for a tree of more than LAYOUT_REGIONS_MAX regions; both with a complaint. */
struct error layout_create(struct layout **out, const struct layout_request *request);
void layout_free(struct layout *layout);
