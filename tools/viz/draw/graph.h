/*
 * A small directed graph: nodes with words in them, arrows with words beside them. Graphviz's `dot` says where
 * everything goes; it is drawn on a sheet like every other picture.
 *
 *      struct graph *graph;
 *
 *      TRY(graph_create(&graph));
 *      size_t a = graph_add_node(graph, (struct graph_node){ .text = { "cpu 0", "sh" }, .is_round = true });
 *      graph_add_edge(graph, (struct graph_edge){ .from = a, .to = b, .text = "waits since 1,204" });
 *      TRY(graph_lay_out(graph));
 *      graph_draw(sheet, graph, (struct point){ 20, 80 }, "a");
 *      graph_free(graph);
 */
#pragma once

#include "draw/sheet.h"
#include "lib/error.h"

#include <stddef.h>

enum { GRAPH_NODES_MAX = 256, GRAPH_EDGES_MAX = 512, GRAPH_TEXT_SIZE = 64, GRAPH_POINTS_MAX = 64 };

struct graph_node {
        char text[2][GRAPH_TEXT_SIZE];          /* two lines; the second may be empty */
        const char *tooltip;                    /* must live on; NULL: none */
        bool is_round;
        enum role fill, line;
        double pen;

        struct point middle;                    /* laid out; from the graph's upper left corner, in pixels */
        double width, height;
};

struct graph_edge {
        size_t from, to;
        char text[GRAPH_TEXT_SIZE];
        enum text_kind kind;                    /* of the text */
        enum role line;
        double pen;
        bool is_dashed;
        bool is_free;                           /* it does not decide which node is above which */

        struct point point[GRAPH_POINTS_MAX];   /* laid out: a Bezier curve, as sheet_curve() takes it */
        size_t points;
        struct point text_at;
};

struct graph {
        size_t nodes, edges;
        struct graph_node node[GRAPH_NODES_MAX];
        struct graph_edge edge[GRAPH_EDGES_MAX];
        double width, height;                   /* laid out; 0 if it has no nodes */
};

/* An empty graph. NO_MEMORY with a complaint. */
struct error graph_create(struct graph **out);
void graph_free(struct graph *graph);

/* The index of the new node or edge. What is more than there is room for replaces the last one. */
size_t graph_add_node(struct graph *graph, struct graph_node node);
size_t graph_add_edge(struct graph *graph, struct graph_edge edge);

/* NOT_FOUND (no Graphviz), IO or NO_MEMORY, with a complaint. */
struct error graph_lay_out(struct graph *graph);

/* Draws it with its upper left corner at a point; the names of boxes begin with `prefix`, a letter. */
void graph_draw(struct sheet *sheet, const struct graph *graph, struct point at, const char *prefix);
