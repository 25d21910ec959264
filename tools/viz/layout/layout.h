/*
 * Where everything in a picture of a region tree goes, and what is written there. No input or output: a model tree
 * and the shown operation come in, positions and words come out, and any renderer (SVG, DOT, text, the page, the
 * terminal) can draw them. Pixels, x to the right and y downwards.
 *
 * The tree is above: x follows the order of addresses, y the depth. How much of the tree is shown depends on the frame
 * that the picture must fit. A poster shows every node: nodes that have room are boxes with three lines, and in a
 * crowded tree the lower levels are small squares and circles. For a screen or a page, what the operation visited is
 * shown as boxes, and subtrees away from it become triangles that say how many regions they hold.
 *
 * Beneath lies the bar, the tree's range from end to end, in which regions and holes are to scale as far as that leaves
 * all of them visible: small pieces are widened, and pieces too long for the picture are shortened, which is marked and
 * said in the legend. A subtree that is a triangle above is one piece of the bar.
 *
 * A layout owns all it holds; the model may go on. Cost: O(n * height * log height), n being the number of regions.
 */
#pragma once

#include "draw/style.h"
#include "draw/units.h"
#include "moment/shown_operation.h"
#include "moment/why.h"

enum { LAYOUT_REGIONS_MAX = 20000, LAYOUT_LINE_SIZE = 64, LAYOUT_TOOLTIP_SIZE = 192, LAYOUT_TITLE_SIZE = 512 };
#define NOWHERE SIZE_MAX

/* What the picture must fit: a laptop's screen, a column of text or a sheet of paper, one frame of a film, or nothing. */
enum fit { FIT_SCREEN, FIT_PAGE, FIT_FRAME, FIT_POSTER };

/* What a row of the picture is: nodes of one depth; or of one black depth, as in the 2-3-4 tree that it stands for. */
enum levels { LEVELS_BY_DEPTH, LEVELS_BY_BLACK };

/*
 * Whether nodes stand from left to right in the order of addresses, as the bar beneath has it, or tidily, as textbooks
 * draw trees: each above the middle of its children. Then no lines lead to the bar.
 */
enum arrangement { IN_ORDER, TIDY };

enum node_role {
        NODE_PLAIN,
        NODE_VISITED,                           /* by the search */
        NODE_BLOCKING,                         /* visited, and the reason why the operation failed, or decided wrongly */
        NODE_SUBJECT,                           /* what the operation is about: placed, removed, resized, ... */
};

enum node_form {
        NODE_BOX,                               /* with text in it */
        NODE_SMALL,                             /* a square or a circle: there is no room for text */
        NODE_SUBTREE,                           /* a triangle that stands for the node and all below it */
        NODE_HIDDEN,                            /* inside such a subtree */
};

enum { SUBTREE_LINES = 9 };

struct layout_node {
        uint64_t region;
        enum colour colour;
        unsigned depth, row;                    /* row: where it is drawn; the depth, or the level of black nodes */
        size_t parent;                          /* index, NOWHERE for the root */
        size_t first, last;                     /* indices: the nodes of its subtree, in address order */
        enum side side;                         /* of the parent */
        bool has_key_to_its_right;              /* in its 2-3-4 node, if rows are levels */
        enum node_form form;
        enum node_role role;
        bool is_skipped;                        /* in a subtree that the search skipped */
        bool followed;                          /* the search followed the edge from the parent */
        bool linking;                           /* on the way to the insertion point, after the search */
        double x, y, width, height;             /* of its middle */
        char bare_name[LAYOUT_LINE_SIZE];       /* the region's name alone, whole */
        char protection[8];                     /* "rw-" */
        char address[LAYOUT_LINE_SIZE];         /* of its first byte: all that a box of one line says */
        char heading[LAYOUT_LINE_SIZE], name[LAYOUT_LINE_SIZE], gaps[LAYOUT_LINE_SIZE];
        char beneath[SUBTREE_LINES][LAYOUT_LINE_SIZE];  /* a triangle; or a box: has_words_beneath; until an empty one */
        double beneath_width, beneath_height;   /* of a box's; a triangle's are part of its width and height */
        char tooltip[LAYOUT_TOOLTIP_SIZE], subtree_tooltip[LAYOUT_TOOLTIP_SIZE];
        char number[32];                        /* when the search came here: "1, 4" */
        char decided[WHY_SIZE];                 /* beside the box */
        char differs[WHY_SIZE];                 /* beneath that: how it differs from another picture; empty: it does not */
        char skipped[WHY_SIZE];                 /* why the search skipped this subtree; empty if it did not */
        struct vrange footprint, range;
        uint64_t gap, max;                      /* pages: its own gap; the largest in its subtree */
};

/* A node that the search visited, in order. Consecutive decisions at one node are one visit. */
struct layout_visit {
        uint64_t region;                        /* 0: the tail gap */
        size_t node;                            /* index, NOWHERE for the tail gap and for a region removed later */
        uint64_t gap;                           /* pages: when it was visited */
        enum decision decision;                 /* the last one */
        bool is_contradicted;                   /* by the figures that it was decided on */
        uint64_t max[2];                        /* pages: the largest gaps in the children's subtrees, likewise */
        char decided[WHY_SIZE];                 /* in words; empty if the search only went on */
};

/* One node of the 2-3-4 tree: a black node and the red ones that stand beside it. */
struct layout_band {
        size_t top;                             /* index of the black one */
        size_t keys;                            /* 1 to 3; more if red nodes lie below red ones */
        double left, right, y, height;
};

/* A piece of the floor: from a node to the next, at the height of what the way to the gap between them passes. */
struct layout_step {
        double left, right, y;
        bool is_odd;                            /* not as many black nodes as on most ways */
};

enum piece_kind { PIECE_REGION, PIECE_GUARD, PIECE_HOLE, PIECE_SUBTREE };

struct layout_piece {
        enum piece_kind kind;
        struct vrange range;
        size_t node;                            /* index, NOWHERE for a hole */
        size_t regions;                         /* of a triangle: how many of its regions this piece is */
        double x, width;                        /* of its left end */
        double least;                           /* so wide it must be for what is written in it; 0: as it comes */
        bool is_shortened;
        char label[LAYOUT_LINE_SIZE];
        char tooltip[LAYOUT_TOOLTIP_SIZE + 16]; /* of a hole or a guard; else the node's */
};

enum mark_kind {
        MARK_PLACE,                             /* taken, placed, found, removed: what the operation is about */
        MARK_REFUSED,                           /* what was wanted and is not free, or the hole that is too small or was judged wrong */
        MARK_VISITED,                           /* the tail gap, visited */
        MARK_WINDOW,                            /* a line above the bar */
        MARK_POINT,                             /* an address sought, hinted at or drawn */
        MARK_DIFFERENT,                         /* differs from another picture */
};

struct layout_mark {
        enum mark_kind kind;
        struct vrange range;
        double x, width;
        double text_x, text_y;                  /* middle of the text, below the bar; no text if it is empty */
        char text[2 * WHY_SIZE];
};

struct layout_tick {
        double x;
        char text[LAYOUT_LINE_SIZE];
};

/* A line of text that runs across the picture: title, subtitle, alert, legend. */
struct layout_line {
        enum text_kind kind;
        double y;
        char text[LAYOUT_TITLE_SIZE];
};

enum { LAYOUT_MARKS_MAX = 24, LAYOUT_LINES_MAX = 16 };

struct layout {
        enum units units;
        enum fit fit;
        double width, height;
        double scale;                           /* shown pixels for each pixel of the layout */
        double left, right;                     /* the ends of the bar and of all lines of text */
        double tree_top, bar_top, fan_top;      /* drop lines leave the vertical at fan_top */
        unsigned box_lines;                     /* in each box: address; heading, gaps; or heading, name, gaps */
        double box_height, row_height;
        double subtree_width;                   /* in which the words beneath a triangle are broken */
        bool is_whole;                          /* every region is drawn; if that was preferred */
        unsigned style;                         /* how generously: 0 most */
        bool has_columns;                       /* each node is in a column of its own */
        bool is_tight;                          /* as few words and as little room as can be read */
        bool has_words_beneath;                 /* boxes without children, not beside them */
        enum arrangement arrangement;
        bool has_few_words;                     /* what was decided: only at mistakes, and at leaves unless is_levelled */
        bool is_list;                           /* of an early kernel: each region is the right child of the one before it */
        bool is_levelled;                       /* rows are levels of black nodes; there are bands and a floor */
        bool is_crooked;                        /* not all ways down pass as many black nodes */
        unsigned floor_blacks;                  /* how many most of them do */
        size_t bands, steps;
        struct layout_band *band;
        struct layout_step *step;               /* from left to right */
        char title[LAYOUT_TITLE_SIZE], subtitle[LAYOUT_TITLE_SIZE], alert[LAYOUT_TITLE_SIZE];
        char description[3 * LAYOUT_TITLE_SIZE];        /* for those who cannot see the picture */
        uint64_t largest_hole, tail_gap;        /* pages */
        unsigned height_of_tree;
        size_t nodes, pieces, marks, ticks, lines, visits;
        struct layout_node *node;               /* in address order */
        struct layout_piece *piece;             /* likewise */
        struct layout_tick *tick;
        struct layout_visit *visit;
        struct layout_mark mark[LAYOUT_MARKS_MAX];
        struct layout_line line[LAYOUT_LINES_MAX];
};

enum { BAR_HEIGHT = 44, SMALL_NODE = 13, TRIANGLE_WIDTH = 30, TRIANGLE_HEIGHT = 24, SUBTREE_LINE = 14, HALO = 5 };
/* How far beyond a box the frames reach: around a node that differs from another picture; around a 2-3-4 node, to the side. */
enum { FRAME_OF_DIFFERENCE = 2 * HALO + 3, BAND_SIDE = 10 };

/* Words to be said at a node, which is then part of what the operation is about. */
struct layout_remark {
        uint64_t region;
        const char *words;
};

/*
 * How a picture differs from another one beside it: a region and what is said at it, or a range of addresses that is
 * marked in the bar, or both.
 */
struct layout_difference {
        uint64_t region;                        /* 0: the tree has no such region */
        struct vrange range;                    /* empty: nothing is marked in the bar */
        const char *words;
};

/* In pixels, as shown. */
struct layout_frame {
        double width, height;
};

struct layout_request {
        const struct model_tree *tree;
        const char *space;                      /* its name */
        const struct shown_operation *shown;              /* the operation to be highlighted, or NULL */
        uint64_t event;                         /* the number of the event after which the tree was so; 0: not said */
        const char *note;                       /* a sentence of warning, or NULL */
        enum fit fit;
        enum levels levels;                     /* by black ones only IN_ORDER */
        enum arrangement arrangement;
        const char *title;                      /* instead of the operation as a call, or NULL */
        struct layout_frame frame;              /* of FIT_FRAME; 0: one of two on a screen */
        double least_width;                     /* of the bar, to be as long as another one; or 0 */
        bool prefers_whole;                     /* to draw every region in smaller boxes rather than fold subtrees */
        unsigned least_style;                   /* to be as frugal as other pictures, if it is drawn whole */
        bool is_wordless;                       /* what was decided, and why, is said beside another picture */
        size_t remarks;
        const struct layout_remark *remark;     /* regions that are not in the tree are left out */
        size_t differences;
        const struct layout_difference *difference;     /* in address order */
};

/* The largest gap in a subtree, in pages, by the fields of its root; fields of children that it has no more do not count. */
uint64_t layout_subtree_gap(const struct model_region *region);
/* A node's values and words, without its depth and its place. */
void layout_describe_node(struct layout_node *node, const struct model_region *region, enum units units);

/* NO_MEMORY, or BAD_ARGUMENT for a tree of more than LAYOUT_REGIONS_MAX regions; both with a complaint. */
struct error layout_create(struct layout **out, const struct layout_request *request);
void layout_free(struct layout *layout);

/* How wide and how high a node is with the words beneath it. */
double layout_whole_width(const struct layout_node *node);
double layout_whole_height(const struct layout_node *node);
/* How many regions the subtree of a node holds. */
size_t layout_subtree_size(const struct layout_node *node);
bool layout_is_shown(const struct layout_node *node);
/* Whether a node stands in its parent's row, as a red one does in a picture by black levels. */
bool layout_shares_row(const struct layout *layout, const struct layout_node *node);
/* The node of its 2-3-4 node that is not red. */
size_t layout_top_of_band(const struct layout *layout, size_t node);
bool layout_is_red_below_red(const struct layout *layout, const struct layout_node *node);
/* Whether there is room between rows for words above an edge; if not, they stand beside the node. */
bool layout_has_words_on_edges(const struct layout *layout);
/* How far from a box the words to its right begin, to be clear of its frames. */
double layout_words_start(const struct layout *layout, const struct layout_node *node);
/* The same for the words beneath a box. */
double layout_words_below(const struct layout_node *node);
/* How far the words to the right of a box are indented: in a box of one line the number stands before them. */
double layout_words_indent(const struct layout *layout, const struct layout_node *node);
/* How much of the box the number takes with what is clear of it: nothing, unless room is tight; else it is outside. */
double layout_number_inside(const struct layout *layout, const struct layout_node *node);
/* The words to the right of a box; may be empty, as they are where they stand beneath it. */
const char *layout_words_beside(const struct layout *layout, const struct layout_node *node);
