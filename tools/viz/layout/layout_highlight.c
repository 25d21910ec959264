#include "base/error_message.h"
#include "base/id_map.h"
#include "draw/text.h"
#include "layout/layout_steps.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* From the regions' ids to their nodes. The caller clears it. */
static struct error map_nodes(struct id_map *map, const struct layout *layout)
{
        for (size_t i = 0; i < layout->nodes; i++)
                TRY(id_map_put(map, layout->node[i].region, &layout->node[i]));
        return SUCCESS;
}

static struct layout_node *find(const struct id_map *map, uint64_t region)
{
        return id_map_get(map, region);
}

static bool is_visited(const struct layout_node *node)
{
        return node->role == NODE_VISITED || node->role == NODE_BLOCKING;
}

/* Consecutive steps at one node are one visit. A node that the search often comes back to gets its first numbers. */
static void add_number(struct layout_node *node, unsigned number)
{
        if (strlen(node->number) <= 8)
                text_append(node->number, sizeof node->number, "%s%u", node->number[0] ? ", " : "", number);
        else if (!strstr(node->number, "…"))
                text_append(node->number, sizeof node->number, " …");
}

static void highlight_visits(struct layout *layout, const struct id_map *map, const struct shown_operation *shown)
{
        bool failed = shown_is_over(shown) && !shown_succeeded(shown);
        uint64_t tail_gap = layout->tail_gap;

        for (size_t i = 0; i < shown->searching; i++) {
                const struct model_visit *step = &shown->operation.visit[i];
                struct layout_node *node = find(map, step->region);
                struct layout_visit *visit = &layout->visit[layout->visits];
                bool arrives = !i || shown->operation.visit[i - 1].region != step->region;
                char decided[WHY_SIZE];

                if (arrives) {
                        *visit = (struct layout_visit){
                                .region = step->region,
                                .node = node ? (size_t)(node - layout->node) : NOWHERE,
                                .gap = step->gap,
                                .max = { step->max[LEFT], step->max[RIGHT] },
                        };
                        layout->visits++;
                } else {
                        visit--;
                }
                visit->decision = step->decision;
                visit->is_contradicted = why_is_contradicted(shown, i);
                why_decided(decided, shown, i, node ? node->gap : tail_gap, layout->units);
                if (decided[0])
                        memcpy(visit->decided, decided, sizeof decided);
                if (!node)
                        continue;

                if (arrives)
                        add_number(node, (unsigned)layout->visits);
                node->role = (step->decision == IN_THE_WAY && failed) || visit->is_contradicted ? NODE_BLOCKING : NODE_VISITED;
                if (decided[0])
                        memcpy(node->decided, decided, sizeof decided);
        }
}

/* A child of a visited node was visited too, or it was not: then it was skipped. */
static void highlight_edges(struct layout *layout, const struct id_map *map, const struct shown_operation *shown)
{
        for (size_t i = 0; i < shown->operation.visits; i++) {
                const struct layout_node *node = find(map, shown->operation.visit[i].region);

                for (enum side side = LEFT; side <= RIGHT; side++) {
                        struct layout_node *child = find(map, shown->operation.visit[i].child[side]);

                        if (!child)
                                continue;
                        if (is_visited(child))
                                child->followed = child->followed || (node && child->parent == (size_t)(node - layout->node));
                        else if (i < shown->searching && !child->skipped[0])
                                why_skipped(child->skipped, shown, i, side, layout->units);
                }
        }
}

/*
 * The way to the insertion point is not part of the search: it may lead into a subtree that the search skipped, since
 * the new region is linked below a neighbour of the hole. Then "skipped" would contradict the edge that is followed.
 */
static void highlight_linking(const struct id_map *map, const struct shown_operation *shown)
{
        static const char skipped[] = "skipped: ";

        for (size_t i = shown->searching; i < shown->operation.visits; i++) {
                const struct model_visit *visit = &shown->operation.visit[i];
                struct layout_node *node = find(map, visit->region);
                char why[WHY_SIZE];

                if (!node)
                        continue;
                node->linking = true;
                if (is_visited(node))
                        continue;
                if (i + 1 == shown->operation.visits)
                        snprintf(node->decided, sizeof node->decided, "insertion point: its right child");
                else
                        snprintf(node->decided, sizeof node->decided, "to the insertion point: right");
                if (!strncmp(node->skipped, skipped, sizeof skipped - 1)) {
                        snprintf(why, sizeof why, "not searched: %s", node->skipped + sizeof skipped - 1);
                        memcpy(node->skipped, why, sizeof why);
                }
        }
}

static const char *words_for_subject(const struct shown_operation *shown)
{
        bool changed = shown_is_over(shown) && !shown->before_change;

        if (shown_is_over(shown) && !shown_succeeded(shown))
                return "unchanged";
        switch (shown->operation.kind) {
        case PLACE_ANYWHERE:
        case PLACE_SPECIFICALLY:
        case PLACE_NEAR:
        case PLACE_RANDOM:
                return changed ? "placed" : "being linked";
        case REMOVE:
                return shown->before_change ? "to be removed" : "being removed";
        case RESIZE:
                return changed ? "resized" : "to be resized";
        case SPLIT:
                return changed ? "the lower part" : "to be split";
        default:
                return "found";
        }
}

static void highlight_subject(struct layout_node *node, const char *words)
{
        if (!node || is_visited(node))
                return;
        node->role = NODE_SUBJECT;
        snprintf(node->decided, sizeof node->decided, "%s", words);
}

/* A node is skipped with its subtree, unless something in that was visited after all or is what the operation is about. */
static struct error mark_skipped(struct layout *layout)
{
        bool *kept = calloc(layout->nodes + 1, sizeof *kept);

        if (!kept)
                return fail_no_memory();
        for (size_t i = 0; i < layout->nodes; i++)
                for (size_t up = i; layout->node[i].role != NODE_PLAIN && up != NOWHERE && !kept[up];
                     up = layout->node[up].parent)
                        kept[up] = true;
        for (size_t i = 0; i < layout->nodes; i++)
                if (kept[i])
                        layout->node[i].skipped[0] = 0;
        for (size_t i = 0; i < layout->nodes; i++)
                for (size_t up = i; up != NOWHERE && !layout->node[i].is_skipped; up = layout->node[up].parent)
                        layout->node[i].is_skipped = layout->node[up].skipped[0] && !layout->node[i].linking;
        free(kept);
        return SUCCESS;
}

struct error layout_highlight(struct layout *layout, const struct shown_operation *shown)
{
        struct id_map map = { 0 };
        struct error error;

        layout->visit = calloc(shown->searching + 1, sizeof *layout->visit);
        if (!layout->visit)
                return fail_no_memory();
        error = map_nodes(&map, layout);
        if (error.code) {
                id_map_clear(&map);
                return error;
        }
        highlight_visits(layout, &map, shown);
        highlight_edges(layout, &map, shown);
        highlight_linking(&map, shown);
        highlight_subject(find(&map, shown->operation.region), words_for_subject(shown));
        if (shown->operation.kind == SPLIT && shown_succeeded(shown))
                highlight_subject(find(&map, shown->operation.result_region), "the upper part");
        id_map_clear(&map);
        return mark_skipped(layout);
}

void layout_remove_words(struct layout *layout)
{
        for (size_t i = 0; i < layout->nodes; i++)
                layout->node[i].decided[0] = layout->node[i].skipped[0] = 0;
}

void layout_add_remarks(struct layout *layout, const struct layout_request *request)
{
        for (size_t i = 0; i < request->remarks; i++)
                for (size_t j = 0; j < layout->nodes; j++) {
                        struct layout_node *node = &layout->node[j];

                        if (node->region != request->remark[i].region)
                                continue;
                        if (node->role == NODE_PLAIN)
                                node->role = NODE_SUBJECT;
                        node->is_skipped = false;
                        node->skipped[0] = 0;
                        snprintf(node->decided, sizeof node->decided, "%s", request->remark[i].words);
                }
}

/* Both lists are in address order; a tree that breaks the rules may not be, and then some words are left out. */
void layout_add_differences(struct layout *layout, const struct layout_request *request)
{
        size_t next = 0;

        for (size_t i = 0; i < request->differences; i++) {
                const struct layout_difference *difference = &request->difference[i];
                size_t at = next;

                while (difference->region && at < layout->nodes && layout->node[at].region != difference->region)
                        at++;
                if (!difference->region || at == layout->nodes)
                        continue;
                snprintf(layout->node[at].differs, sizeof layout->node[at].differs, "%s", difference->words);
                layout->node[at].is_skipped = false;
                next = at + 1;
        }
}
