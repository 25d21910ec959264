#include "base/format.h"
#include "live/panes.h"
#include "live/tree_plan.h"

#include <limits.h>
#include <stdlib.h>

/* Where nodes were drawn last, for the mouse. */
enum { SPOTS = 512 };
static struct {
        int x, y, width, height;
        uint64_t region;
} spot[SPOTS];
static size_t spots;
static bool shows_list;

uint64_t pane_tree_region_at(int x, int y)
{
        if (shows_list)
                return pane_list_region_at(y);
        for (size_t i = 0; i < spots; i++)
                if (x >= spot[i].x && x < spot[i].x + spot[i].width && y >= spot[i].y && y < spot[i].y + spot[i].height)
                        return spot[i].region;
        return 0;
}

/* What of the plan is in the pane: the cell 0, 0 of the pane is this one of the plan. */
struct camera {
        int x, y;
};

static enum ink node_ink(const struct plan_node *node)
{
        bool red = node->region->colour == RED;

        if (node->is_selected)
                return INK_SELECTED;
        if (node->is_here)
                return INK_HERE;
        if (node->is_skipped)
                return red ? INK_PALE_RED : INK_PALE_BLACK;
        return red ? INK_RED_NODE : INK_BLACK_NODE;
}

static enum ink frame_ink(const struct plan_node *node)
{
        if (node->is_selected)
                return INK_SELECTED;
        if (node->role == PLAN_BLOCKING)
                return INK_REFUSED;
        return node->role == PLAN_PLAIN ? node_ink(node) : INK_PATH;
}

/* A black node is square, a red one round, as in the pictures. */
static void draw_box(struct area area, struct camera camera, const struct plan_node *node)
{
        const bool red = node->region->colour == RED;
        struct area box = { area.canvas, area.x + node->x - camera.x, area.y + node->row - camera.y, node->width,
                            node->height };
        const enum ink inks[3] = { node_ink(node), node->is_skipped ? INK_PALE : INK_PLAIN, INK_PALE };

        /* A box that is not whole in the pane is drawn cell by cell, cut. */
        if (box.x < area.x || box.y < area.y || box.x + box.width > area.x + area.width ||
            box.y + box.height > area.y + area.height) {
                area_text(area, node->x - camera.x + 1, node->row - camera.y + 1, node_ink(node), node->line[0]);
                return;
        }
        area_box(box, frame_ink(node), red ? LINE_ROUND : LINE_HEAVY);
        for (int i = 0; i < 3; i++) {
                int x = (box.width - text_columns(node->line[i])) / 2;

                area_text(area_inside(box, 1, 1, box.width - 2, 3), x - 1, i, node->is_here ? INK_HERE : inks[i],
                          node->line[i]);
        }
}

static void draw_line(struct area area, struct camera camera, const struct plan_node *node)
{
        const bool red = node->region->colour == RED;
        int x = node->x - camera.x, y = node->row - camera.y;

        area_text(area, x, y, frame_ink(node), red ? "(" : "[");
        area_text(area, x + 1, y, node_ink(node), node->line[0]);
        area_text(area, x + node->width - 1, y, frame_ink(node), red ? ")" : "]");
}

/* What was decided at a node, beside its label or below it. */
static void draw_words(struct area area, const struct tree_plan *plan, const struct plan_node *node, int x,
                       int label_row)
{
        enum ink ink = node->role == PLAN_BLOCKING ? INK_REFUSED : node->role == PLAN_VISITED ? INK_WHY : INK_SKIPPED;

        if (plan->has_words_below)
                area_text(area, x + (node->width - text_columns(node->why)) / 2,
                          label_row + node->height - (node->height > 1), ink, node->why);
        else
                area_text(area, x + node->width + 1, label_row, ink, node->why);
}

static void draw_node(struct area area, struct camera camera, const struct tree_plan *plan,
                      const struct plan_node *node)
{
        int x = node->x - camera.x, y = node->row - camera.y;
        int label_row = plan->size == SIZE_BOX && !node->count ? y + 1 : y;

        if (node->count)
                area_text(area, x, y, node->is_skipped ? INK_SKIPPED : INK_PALE, node->line[0]);
        else if (node->is_letter)
                area_text(area, x, y, node_ink(node), node->line[0]);
        else if (plan->size == SIZE_BOX)
                draw_box(area, camera, node);
        else
                draw_line(area, camera, node);
        if (node->number[0])
                area_text(area, x - text_columns(node->number) - 1, label_row, INK_PATH, node->number);
        if (node->why[0])
                draw_words(area, plan, node, x, label_row);
        if (spots < SPOTS) {
                spot[spots].x = area.x + x;
                spot[spots].y = area.y + y;
                spot[spots].width = node->width;
                spot[spots].height = node->height;
                spot[spots++].region = node->region->id;
        }
}

/* The line from a parent down to a child, in the row between them. */
static void draw_edge(struct area area, struct camera camera, const struct plan_node *parent,
                      const struct plan_node *child)
{
        const bool on_path = parent->number[0] && child->number[0];
        const enum ink ink = on_path ? INK_PATH : child->is_skipped ? INK_PALE : INK_EDGE;
        const enum line_weight weight = on_path ? LINE_HEAVY : LINE_ROUND;
        int from = parent->center - camera.x, to = child->center - camera.x, step = to < from ? -1 : 1;
        unsigned ahead = step < 0 ? LINE_LEFT : LINE_RIGHT, behind = step < 0 ? LINE_RIGHT : LINE_LEFT;

        for (int y = parent->row + parent->height - camera.y; y < child->row - camera.y; y++) {
                if (y < child->row - camera.y - 1) {
                        area_line(area, from, y, ink, LINE_UP | LINE_DOWN, weight);
                        continue;
                }
                if (from == to) {
                        area_line(area, from, y, ink, LINE_UP | LINE_DOWN, weight);
                        continue;
                }
                area_line(area, from, y, ink, LINE_UP | ahead, weight);
                for (int x = from + step; x != to; x += step)
                        area_line(area, x, y, ink, LINE_LEFT | LINE_RIGHT, weight);
                area_line(area, to, y, ink, LINE_DOWN | behind, weight);
        }
}

/* Light edges first, so that the path is drawn over them. */
static void draw_edges(struct area area, struct camera camera, const struct tree_plan *plan)
{
        for (int pass = 0; pass < 2; pass++)
                for (size_t i = 0; i < plan->nodes; i++) {
                        const struct plan_node *node = &plan->node[i], *parent;

                        if (node->parent == PLAN_NOWHERE)
                                continue;
                        parent = &plan->node[node->parent];
                        if ((parent->number[0] && node->number[0]) == (pass == 1))
                                draw_edge(area, camera, parent, node);
                }
}

/* The node that must be in the pane: the selected one, the one of the newest event, the visited one, the root. */
static const struct plan_node *node_to_show(const struct tree_plan *plan, const struct scene *scene)
{
        const struct plan_node *best = NULL;
        uint64_t last = 0;

        for (size_t i = 0; i < scene->shown.searching; i++)
                if (scene->shown.operation.visit[i].region)
                        last = scene->shown.operation.visit[i].region;
        for (size_t i = 0; i < plan->nodes; i++) {
                const struct plan_node *node = &plan->node[i];

                if (node->is_selected)
                        return node;
                if (node->is_here || (!best && node->region->id == last))
                        best = node;
        }
        return best ? best : plan->root == PLAN_NOWHERE ? NULL : &plan->node[plan->root];
}

static int follow(int size, int room, int from, int length)
{
        int at = from + length / 2 - room / 2;

        if (size <= room)
                return (size - room) / 2;
        if (at > size - room)
                at = size - room;
        return at < 0 ? 0 : at;
}

static struct camera aim(struct area area, const struct tree_plan *plan, const struct scene *scene,
                         const struct view *view)
{
        const struct plan_node *node = node_to_show(plan, scene);
        struct camera camera = { 0 };

        if (node) {
                camera.x = follow(plan->width, area.width, node->x, node->reach);
                camera.y = plan->height <= area.height ? 0 : follow(plan->height, area.height, node->row, node->height);
        }
        camera.x += view->pan_x;
        camera.y += view->pan_y;
        return camera;
}

/* While an operation goes on the drawing keeps its size, so that a step moves no node without need. */
static struct error make_plan(struct tree_plan *plan, struct area area, const struct scene *scene, struct view *view)
{
        uint64_t operation = scene->shown.begun ? scene->shown.operation.number : 0;
        const bool is_same = view->fitted.tree == view->tree && view->fitted.operation == operation &&
                             view->fitted.width == area.width && view->fitted.height == area.height;

        TRY(tree_plan_make(plan, &(struct plan_request){
                .scene = scene, .selected = view->selected, .size = view->node_size,
                .width = area.width, .height = area.height, .first_try = is_same ? view->fitted.tried : 0,
                .most_letters = is_same ? view->fitted.letters : INT_MAX,
        }));
        view->fitted.tree = view->tree;
        view->fitted.operation = operation;
        view->fitted.tried = plan->tried;
        view->fitted.letters = plan->letters;
        view->fitted.width = area.width;
        view->fitted.height = area.height;
        return SUCCESS;
}

static void draw_no_tree(struct area area, const struct view *view)
{
        if (view->tree) {
                area_printf(area, 1, 1, INK_PALE, "Tree %s is not there at this event: it was destroyed, or comes later.",
                            format_count(view->tree));
                area_text(area, 1, 3, INK_PALE, "a lists those that are.");
                return;
        }
        area_text(area, 1, 1, INK_PALE, "No region tree has been created yet.");
        area_text(area, 1, 3, INK_PALE, "Right goes on by an event, ] to the first operation.");
}

void pane_tree_draw(struct area area, const struct scene *scene, struct view *view)
{
        struct tree_plan plan;
        struct camera camera;

        shows_list = false;
        spots = 0;
        if (!scene->tree) {
                draw_no_tree(area, view);
                return;
        }
        if (scene->knowledge == KNOWN_NOTHING) {
                area_printf(area, 1, 1, INK_REFUSED, "%s: what it holds is unknown.", scene->space);
                area_text(area, 1, 3, INK_PALE, "Events about it are missing, and no keyframe has shown it since.");
                return;
        }
        if (scene->tree->is_list && scene->tree->root) {
                shows_list = true;
                pane_list_draw(area, scene, view);
                return;
        }
        if (!scene->tree->root) {
                area_printf(area, 1, 1, INK_PALE, "%s has no regions: one hole of %s", scene->space,
                            units_long(scene->units, model_gap(scene->tree, NULL)));
                return;
        }
        if (make_plan(&plan, area, scene, view).code) {
                area_text(area, 1, 1, INK_REFUSED, "not enough memory to draw the tree");
                return;
        }
        camera = aim(area, &plan, scene, view);
        draw_edges(area, camera, &plan);
        for (size_t i = 0; i < plan.nodes; i++)
                draw_node(area, camera, &plan, &plan.node[i]);
        tree_plan_free(&plan);
}
