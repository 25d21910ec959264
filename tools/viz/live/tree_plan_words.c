#include "live/tree_plan_words.h"
#include "base/format.h"
#include "draw/text.h"
#include "live/canvas.h"

#include <stdio.h>
#include <string.h>

/* --- what the operation did at a node --------------------------------------------------------------------- */

/* Whether the operation visited the region or anything below it. */
bool plan_is_on_path(const struct making *making, const struct model_region *region)
{
        const struct model_operation *operation = &making->shown->operation;

        if (region->id == making->request->selected || region->id == making->request->scene->here ||
            (operation->region == region->id && making->shown->begun))
                return true;
        for (size_t i = 0; i < operation->visits; i++)
                if (operation->visit[i].region == region->id)
                        return true;
        return false;
}

bool plan_holds_path(const struct making *making, const struct model_region *region)
{
        const struct scene *scene = making->request->scene;
        const struct model_operation *operation = &making->shown->operation;
        const uint64_t others[] = { making->request->selected, scene->here, operation->region };

        for (size_t i = 0; i < operation->visits + 3; i++) {
                uint64_t id = i < 3 ? others[i] : operation->visit[i - 3].region;
                const struct model_region *at = id ? model_region(scene->model, id) : NULL;

                if (!at || at->tree != scene->tree)
                        continue;
                while (at && at != region)
                        at = at->parent;
                if (at)
                        return true;
        }
        return false;
}

void plan_describe_visits(const struct making *making, struct plan_node *node)
{
        const struct shown_operation *shown = making->shown;
        const struct scene *scene = making->request->scene;
        unsigned number = 0;
        uint64_t before = UINT64_MAX;
        char why[WHY_SIZE];

        for (size_t i = 0; i < shown->searching; i++) {
                const struct model_visit *visit = &shown->operation.visit[i];

                if (visit->region != before)
                        number++;
                if (visit->region == node->region->id) {
                        if (visit->region != before)
                                text_append(node->number, sizeof node->number, "%s%u", node->number[0] ? "," : "",
                                            number);
                        node->role = visit->decision == IN_THE_WAY ? PLAN_BLOCKING : PLAN_VISITED;
                        why_decided(why, shown, i, model_gap(scene->tree, node->region), making->units);
                        if (why[0])
                                memcpy(node->why, why, sizeof why);
                }
                before = visit->region;
        }
        if (node->role == PLAN_PLAIN && shown->begun && shown->operation.region == node->region->id)
                node->role = PLAN_SUBJECT;
}

/* Why the search did not go to this child of a visited node; empty if it did or might still. */
void plan_describe_skip(const struct making *making, struct plan_node *node)
{
        const struct shown_operation *shown = making->shown;
        const struct model_region *parent = node->region->parent;

        for (size_t i = 0; parent && i < shown->searching; i++) {
                const struct model_visit *visit = &shown->operation.visit[i];

                for (enum side side = LEFT; side <= RIGHT; side++)
                        if (visit->region == parent->id && visit->child[side] == node->region->id && !node->why[0])
                                why_skipped(node->why, shown, i, side, making->units);
        }
        node->is_skipped = node->why[0] != 0;
}

/* --- labels ----------------------------------------------------------------------------------------------- */

void plan_label_subtree(struct plan_node *node)
{
        snprintf(node->line[0], sizeof node->line[0], "▲%s", format_count(node->count));
        node->width = text_columns(node->line[0]);
        node->height = 1;
}

void plan_label_node(const struct making *making, struct plan_node *node, enum node_size size)
{
        const struct model_region *region = node->region;
        const char *colour = region->colour == RED ? "R" : "B", *address = units_address(region->range.base);
        const struct model_tree *tree = making->request->scene->tree;
        char name[MODEL_NAME_SIZE];
        int columns = 0;

        if (size == SIZE_LETTER && node->role == PLAN_PLAIN && !node->is_here && !node->is_selected) {
                snprintf(node->line[0], PLAN_LABEL_SIZE, "%s", colour);
                node->is_letter = true;
                node->width = node->height = 1;
                return;
        }
        text_copy_name(name, sizeof name, region->name ? region->name : "");
        node->height = size == SIZE_BOX ? 5 : 1;
        if (size <= SIZE_ADDRESS) {
                snprintf(node->line[0], PLAN_LABEL_SIZE, "%s%s", colour, address);
        } else if (size == SIZE_LINE) {
                snprintf(node->line[0], PLAN_LABEL_SIZE, "%s %s %.16s", colour, address, name);
        } else {
                snprintf(node->line[0], PLAN_LABEL_SIZE, "%s %s", colour, address);
                snprintf(node->line[1], PLAN_LABEL_SIZE, "%.20s %s", name, format_protection(region->protection));
                snprintf(node->line[2], PLAN_LABEL_SIZE, "gap %s", units_short(making->units, model_gap(tree, region)));
                if (tree->promises == PROMISE_GAPS)
                        text_append(node->line[2], PLAN_LABEL_SIZE, " · max %s",
                                    units_short(making->units, model_subtree_gap(region)));
        }
        for (int i = 0; i < 3; i++)
                if (columns < text_columns(node->line[i]))
                        columns = text_columns(node->line[i]);
        node->width = columns + (size == SIZE_BOX ? 4 : 2);
}
