#include "draw/graph.h"
#include "base/error_message.h"
#include "draw/graphviz.h"
#include "draw/text.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Graphviz counts in inches; here an inch is so many pixels. */
static const double INCH = 72;

enum { ROW = 17, INSIDE = 12, ARROW = 9 };

struct error graph_create(struct graph **out)
{
        *out = calloc(1, sizeof **out);
        return *out ? SUCCESS : fail_no_memory();
}

void graph_free(struct graph *graph)
{
        free(graph);
}

size_t graph_add_node(struct graph *graph, struct graph_node node)
{
        if (graph->nodes == GRAPH_NODES_MAX)
                graph->nodes--;
        node.width = fmax(text_width(node.text[0], TEXT_PIECE), text_width(node.text[1], TEXT_TICK)) + 2 * INSIDE;
        node.height = (node.text[1][0] ? 2 : 1) * ROW + INSIDE;
        graph->node[graph->nodes] = node;
        return graph->nodes++;
}

size_t graph_add_edge(struct graph *graph, struct graph_edge edge)
{
        if (graph->edges == GRAPH_EDGES_MAX)
                graph->edges--;
        graph->edge[graph->edges] = edge;
        return graph->edges++;
}

/* --- where everything goes --------------------------------------------------------------------------------- */

/* Words are replaced by as many letters of a fixed width as they need; `dot` only keeps their place free. */
static void write_label(FILE *dot, const struct graph_edge *edge)
{
        const double letter = 6.1;              /* of 10 points */
        const int letters = (int)ceil(text_width(edge->text, edge->kind) / letter) + 1;

        fprintf(dot, "label=\"%.*s\"", letters,
                "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx");
}

static void write_graph(FILE *dot, const struct graph *graph)
{
        fputs("digraph {\n\tgraph [nodesep=0.35 ranksep=0.55];\n"
              "\tnode [shape=box fixedsize=true label=\"\"];\n\tedge [fontname=\"DejaVu Sans Mono\" fontsize=10];\n",
              dot);
        for (size_t i = 0; i < graph->nodes; i++)
                fprintf(dot, "\tn%zu [width=%.4f height=%.4f];\n", i, graph->node[i].width / INCH,
                        graph->node[i].height / INCH);
        for (size_t i = 0; i < graph->edges; i++) {
                fprintf(dot, "\tn%zu -> n%zu [%s", graph->edge[i].from, graph->edge[i].to,
                        graph->edge[i].is_free ? "constraint=false " : "");
                if (graph->edge[i].text[0])
                        write_label(dot, &graph->edge[i]);
                fputs("];\n", dot);
        }
        fputs("}\n", dot);
}

/* From Graphviz's inches, which grow upwards. */
static struct point place(const struct graph *graph, double x, double y)
{
        return (struct point){ x * INCH, graph->height - y * INCH };
}

static void take_node(struct graph *graph, const char *line)
{
        double x, y;
        size_t i;

        if (sscanf(line, "node n%zu %lf %lf", &i, &x, &y) == 3 && i < graph->nodes)
                graph->node[i].middle = place(graph, x, y);
}

/* The first edge between two nodes that has no curve yet. */
static struct graph_edge *edge_between(struct graph *graph, size_t from, size_t to)
{
        for (size_t i = 0; i < graph->edges; i++)
                if (graph->edge[i].from == from && graph->edge[i].to == to && !graph->edge[i].points)
                        return &graph->edge[i];
        return NULL;
}

static void take_edge(struct graph *graph, const char *line)
{
        size_t from, to, points;
        struct graph_edge *edge;
        double x, y;
        int used;

        if (sscanf(line, "edge n%zu n%zu %zu%n", &from, &to, &points, &used) != 3)
                return;
        edge = edge_between(graph, from, to);
        for (line += used; edge && points && sscanf(line, "%lf %lf%n", &x, &y, &used) == 2; line += used, points--)
                if (edge->points < GRAPH_POINTS_MAX)
                        edge->point[edge->points++] = place(graph, x, y);
        if (edge && edge->text[0] && sscanf(line, " %*s %lf %lf", &x, &y) == 2)
                edge->text_at = place(graph, x, y);
}

static void take_layout(struct graph *graph, char *plain)
{
        double height;
        char *rest = NULL;

        for (char *line = strtok_r(plain, "\n", &rest); line; line = strtok_r(NULL, "\n", &rest)) {
                if (sscanf(line, "graph %*f %lf %lf", &graph->width, &height) == 2) {
                        graph->width *= INCH;
                        graph->height = height * INCH;
                }
                take_node(graph, line);
                take_edge(graph, line);
        }
}

struct error graph_lay_out(struct graph *graph)
{
        FILE *dot, *laid_out;
        struct error error = SUCCESS;
        char *plain = NULL;
        size_t length;

        if (!graph->nodes)
                return SUCCESS;
        dot = tmpfile();
        laid_out = tmpfile();
        if (!dot || !laid_out)
                error = FAILF(IO, "there is no room for a temporary file");
        if (!error.code) {
                write_graph(dot, graph);
                error = graphviz_run((const char *const[]){ "dot", "-Tplain", NULL }, dot, laid_out);
        }
        if (!error.code)
                error = graphviz_output(laid_out, &plain, &length);
        if (!error.code)
                take_layout(graph, plain);
        free(plain);
        if (dot)
                fclose(dot);
        if (laid_out)
                fclose(laid_out);
        return error;
}

/* --- drawing ----------------------------------------------------------------------------------------------- */

static struct point moved(struct point point, struct point by)
{
        return (struct point){ point.x + by.x, point.y + by.y };
}

/* The curve ends where the head begins; the head goes on in its direction. */
static void draw_head(struct sheet *sheet, const struct line *line, struct point before, struct point end)
{
        const double dx = end.x - before.x, dy = end.y - before.y, length = fmax(hypot(dx, dy), 0.1);
        const double ux = dx / length, uy = dy / length;
        const struct point tip = { end.x + ux * ARROW, end.y + uy * ARROW };
        const struct point head[] = {
                { tip.x - ux * ARROW - uy * ARROW / 2, tip.y - uy * ARROW + ux * ARROW / 2 },
                tip,
                { tip.x - ux * ARROW + uy * ARROW / 2, tip.y - uy * ARROW - ux * ARROW / 2 },
        };
        const struct point shaft[] = { end, tip };
        struct line solid = *line;

        solid.style = "solid";
        sheet_polyline(sheet, &solid, shaft, 2);
        sheet_polyline(sheet, &solid, head, 3);
}

static void draw_edge(struct sheet *sheet, const struct graph_edge *edge, struct point at, const char *prefix)
{
        char from[32], to[32];
        struct point point[GRAPH_POINTS_MAX];
        const struct line line = {
                .from = from, .to = to, .class = "arrow", .role = edge->line, .shade = FULL, .pen = edge->pen,
                .style = edge->is_dashed ? "dashed" : "solid",
        };

        if (edge->points < 4)
                return;
        snprintf(from, sizeof from, "%s%zu", prefix, edge->from);
        snprintf(to, sizeof to, "%s%zu", prefix, edge->to);
        for (size_t i = 0; i < edge->points; i++)
                point[i] = moved(edge->point[i], at);
        sheet_curve(sheet, &line, point, edge->points);
        draw_head(sheet, &line, point[edge->points - 2], point[edge->points - 1]);
        if (edge->text[0])
                sheet_text(sheet, edge->kind, moved(edge->text_at, at), ANCHOR_MIDDLE, FULL, ON_PAPER, edge->text);
}

static void draw_node(struct sheet *sheet, const struct graph_node *node, size_t index, struct point at,
                      const char *prefix)
{
        const struct point middle = moved(node->middle, at);
        const double row = node->text[1][0] ? ROW / 2.0 : 0;
        char name[32];
        const struct box box = {
                .name = name,
                .class = node->is_round ? "processor" : "lock",
                .tooltip = node->tooltip,
                .middle = middle,
                .width = node->width,
                .height = node->height,
                .pen = node->pen,
                .fill = node->fill,
                .line = node->line,
                .shade = FULL,
                .style = node->is_round ? "filled,rounded" : "filled",
        };

        snprintf(name, sizeof name, "%s%zu", prefix, index);
        sheet_box(sheet, &box);
        sheet_text(sheet, TEXT_PIECE, (struct point){ middle.x, middle.y - row }, ANCHOR_MIDDLE, FULL, TRANSPARENT,
                   node->text[0]);
        if (node->text[1][0])
                sheet_text(sheet, TEXT_TICK, (struct point){ middle.x, middle.y + row }, ANCHOR_MIDDLE, FULL,
                           TRANSPARENT, node->text[1]);
}

void graph_draw(struct sheet *sheet, const struct graph *graph, struct point at, const char *prefix)
{
        for (size_t i = 0; i < graph->nodes; i++)
                draw_node(sheet, &graph->node[i], i, at, prefix);
        for (size_t i = 0; i < graph->edges; i++)
                draw_edge(sheet, &graph->edge[i], at, prefix);
}
