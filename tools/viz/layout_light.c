#include "layout_steps.h"
#include "error_message.h"
#include "text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* From a region's id to its node: pairs sorted by id. */
struct lookup {
        uint64_t region;
        size_t node;
};

static int compare_ids(const void *left, const void *right)
{
        const struct lookup *a = left, *b = right;

        return (a->region > b->region) - (a->region < b->region);
}

static struct error make_lookups(struct lookup **out, const struct layout *layout)
{
        struct lookup *lookups = calloc(layout->nodes + 1, sizeof *lookups);

        if (!lookups)
                return fail_no_memory();
        for (size_t i = 0; i < layout->nodes; i++)
                lookups[i] = (struct lookup){ layout->node[i].region, i };
        qsort(lookups, layout->nodes, sizeof *lookups, compare_ids);
        *out = lookups;
        return SUCCESS;
}

static struct layout_node *find(struct layout *layout, const struct lookup *lookups, uint64_t region)
{
        struct lookup *found = bsearch(&(struct lookup){ .region = region }, lookups, layout->nodes, sizeof *lookups,
                                       compare_ids);

        return found ? &layout->node[found->node] : NULL;
}

static bool is_visited(const struct layout_node *node)
{
        return node->role == NODE_VISITED || node->role == NODE_OBJECTING;
}

/* Consecutive steps at one node are one visit. A node that the search often comes back to gets its first numbers. */
static void add_number(struct layout_node *node, unsigned number)
{
        if (strlen(node->number) <= 8)
                text_append(node->number, sizeof node->number, "%s%u", node->number[0] ? ", " : "", number);
        else if (!strstr(node->number, "…"))
                text_append(node->number, sizeof node->number, " …");
}

static void light_visits(struct layout *layout, const struct lookup *lookups, const struct trail *trail)
{
        char decided[WHY_SIZE];
        unsigned number = 0;

        for (size_t i = 0; i < trail->searching; i++) {
                const struct model_visit *step = &trail->operation.visit[i];
                struct layout_node *node = find(layout, lookups, step->region);
                bool arrives = !i || trail->operation.visit[i - 1].region != step->region;

                number += arrives;
                if (!node)
                        continue;
                if (arrives)
                        add_number(node, number);
                node->role = step->decision == IN_THE_WAY && trail_is_over(trail) && !trail_succeeded(trail) ?
                             NODE_OBJECTING : NODE_VISITED;
                why_decided(decided, trail, i, node->gap, layout->units);
                if (decided[0])
                        memcpy(node->decided, decided, sizeof decided);
        }
}

/* An edge is lit if the search saw the child there and went to it. A child that it saw and never went to was skipped. */
static void light_edges(struct layout *layout, const struct lookup *lookups, const struct trail *trail)
{
        for (size_t i = 0; i < trail->operation.visits; i++) {
                const struct layout_node *node = find(layout, lookups, trail->operation.visit[i].region);

                for (enum side side = LEFT; side <= RIGHT; side++) {
                        struct layout_node *child = find(layout, lookups, trail->operation.visit[i].child[side]);

                        if (!child)
                                continue;
                        if (is_visited(child))
                                child->lit = child->lit || (node && child->parent == (size_t)(node - layout->node));
                        else if (i < trail->searching && !child->skipped[0])
                                why_skipped(child->skipped, trail, i, side, layout->units);
                }
        }
        for (size_t i = trail->searching; i < trail->operation.visits; i++) {
                struct layout_node *node = find(layout, lookups, trail->operation.visit[i].region);

                if (node)
                        node->linking = true;
        }
}

static const char *words_for_subject(const struct trail *trail)
{
        bool changed = trail_is_over(trail) && !trail->foretold;

        if (trail_is_over(trail) && !trail_succeeded(trail))
                return "unchanged";
        switch (trail->operation.kind) {
        case PLACE_ANYWHERE:
        case PLACE_SPECIFICALLY:
        case PLACE_NEAR:
        case PLACE_RANDOM:
                return changed ? "placed" : "being linked";
        case REMOVE:
                return trail->foretold ? "to be removed" : "being removed";
        case RESIZE:
                return changed ? "resized" : "to be resized";
        case SPLIT:
                return changed ? "the lower part" : "to be split";
        default:
                return "found";
        }
}

static void light_subject(struct layout_node *node, const char *words)
{
        if (!node || is_visited(node))
                return;
        node->role = NODE_SUBJECT;
        snprintf(node->decided, sizeof node->decided, "%s", words);
}

/* A skipped subtree is pale, unless something in it was visited after all or is what it was about. */
static struct error fade_skipped(struct layout *layout)
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
                for (size_t up = i; up != NOWHERE && !layout->node[i].pale; up = layout->node[up].parent)
                        layout->node[i].pale = layout->node[up].skipped[0];
        free(kept);
        return SUCCESS;
}

struct error layout_light(struct layout *layout, const struct trail *trail)
{
        struct lookup *lookups = NULL;

        TRY(make_lookups(&lookups, layout));
        light_visits(layout, lookups, trail);
        light_edges(layout, lookups, trail);
        light_subject(find(layout, lookups, trail->operation.region), words_for_subject(trail));
        if (trail->operation.kind == SPLIT && trail_succeeded(trail))
                light_subject(find(layout, lookups, trail->operation.result_region), "the upper part");
        free(lookups);
        return fade_skipped(layout);
}
