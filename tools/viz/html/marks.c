#include "html/marks.h"
#include "base/error_message.h"
#include "base/id_map.h"
#include "layout/layout_steps.h"

#include <inttypes.h>
#include <stdlib.h>

/* --- the nodes that the operation touched ----------------------------------------------------------------- */

/* They are a layout of their own, in no order. The map leads from a region to its node's number, counted from 1. */
struct touched {
        struct layout *layout;
        struct id_map map;
        size_t capacity;
};

/* 0: it is not there. */
static size_t number_of(const struct touched *touched, uint64_t region)
{
        return (size_t)(uintptr_t)id_map_get(&touched->map, region);
}

/*
 * Whether the way up from a region ends at the root, or at a node that is there. It does not for a region that is being
 * unlinked.
 */
static bool is_linked(const struct touched *touched, const struct model_tree *tree, const struct model_region *region)
{
        while (region != tree->root && !number_of(touched, region->id)) {
                const struct model_region *above = region->parent;

                if (!above || (above->child[LEFT] != region && above->child[RIGHT] != region))
                        return false;
                region = above;
        }
        return true;
}

static struct error add_node(struct touched *touched, const struct model_region *region)
{
        struct layout *layout = touched->layout;

        if (layout->nodes == touched->capacity) {
                const size_t capacity = 2 * touched->capacity + 32;
                struct layout_node *larger = realloc(layout->node, capacity * sizeof *larger);

                if (!larger)
                        return fail_no_memory();
                layout->node = larger;
                touched->capacity = capacity;
        }
        layout->node[layout->nodes++] = (struct layout_node){
                .region = region->id, .parent = NOWHERE, .gap = model_gap(region->tree, region),
        };
        return id_map_put(&touched->map, region->id, (void *)(uintptr_t)layout->nodes);
}

/* A region and all above it, unless they are there. */
static struct error add_with_ancestors(struct touched *touched, const struct model *model,
                                       const struct model_tree *tree, uint64_t id)
{
        const struct model_region *region = id ? model_region(model, id) : NULL;

        if (!region || region->tree != tree || number_of(touched, id) || !is_linked(touched, tree, region))
                return SUCCESS;
        for (; region && !number_of(touched, region->id); region = region->parent)
                TRY(add_node(touched, region));
        return SUCCESS;
}

static void connect(struct touched *touched, const struct model *model)
{
        struct layout *layout = touched->layout;

        for (size_t i = 0; i < layout->nodes; i++) {
                const struct model_region *region = model_region(model, layout->node[i].region);

                if (region->parent)
                        layout->node[i].parent = number_of(touched, region->parent->id) - 1;
        }
}

static struct error touch(struct touched *touched, const struct model *model, const struct model_tree *tree,
                          const struct shown_operation *shown)
{
        for (size_t i = 0; i < shown->operation.visits; i++) {
                const struct model_visit *visit = &shown->operation.visit[i];

                TRY(add_with_ancestors(touched, model, tree, visit->region));
                TRY(add_with_ancestors(touched, model, tree, visit->child[LEFT]));
                TRY(add_with_ancestors(touched, model, tree, visit->child[RIGHT]));
        }
        TRY(add_with_ancestors(touched, model, tree, shown->operation.region));
        TRY(add_with_ancestors(touched, model, tree, shown->operation.result_region));
        connect(touched, model);
        return layout_highlight(touched->layout, shown);
}

/* --- the marks of the row --------------------------------------------------------------------------------- */

static uint32_t look_of(const struct layout_node *node)
{
        static const enum mark_look roles[] = {
                [NODE_PLAIN] = LOOK_PLAIN, [NODE_VISITED] = LOOK_VISITED, [NODE_BLOCKING] = LOOK_BLOCKING,
                [NODE_SUBJECT] = LOOK_SUBJECT,
        };

        return roles[node->role] + (node->followed ? LOOK_FOLLOWED : 0) + (node->linking ? LOOK_LINKING : 0);
}

/* The region at the end of a subtree, in address order: where that ends in the row. */
static uint64_t last_of_subtree(const struct model_region *region)
{
        while (region->child[RIGHT])
                region = region->child[RIGHT];
        return region->id;
}

static uint64_t first_of_subtree(const struct model_region *region)
{
        while (region->child[LEFT])
                region = region->child[LEFT];
        return region->id;
}

/* Subtrees that were skipped, by the regions in which they begin and end. They may lie within each other. */
struct skipped {
        size_t count;
        struct {
                uint64_t first, last;
        } *subtree;
};

static struct error find_skipped(struct skipped *out, const struct layout *layout, const struct model *model)
{
        *out = (struct skipped){ .subtree = calloc(layout->nodes + 1, sizeof *out->subtree) };
        if (!out->subtree)
                return fail_no_memory();
        for (size_t i = 0; i < layout->nodes; i++) {
                const struct model_region *top = model_region(model, layout->node[i].region);

                if (!layout->node[i].skipped[0])
                        continue;
                out->subtree[out->count].first = first_of_subtree(top);
                out->subtree[out->count++].last = last_of_subtree(top);
        }
        return SUCCESS;
}

/* How many skipped subtrees begin or end with a region. */
static size_t count_ends(const struct skipped *skipped, uint64_t region, bool is_last)
{
        size_t count = 0;

        for (size_t i = 0; i < skipped->count; i++)
                count += (is_last ? skipped->subtree[i].last : skipped->subtree[i].first) == region;
        return count;
}

static struct error fill_mark(uint32_t mark[MARK_FIELD_COUNT], const struct layout_node *node, struct texts *texts)
{
        size_t number, why;

        TRY(texts_number(texts, node->number, &number));
        TRY(texts_number(texts, node->skipped, &why));
        if (look_of(node) != LOOK_PLAIN)
                mark[MARK_LOOK] = look_of(node);
        mark[MARK_NUMBER] = (uint32_t)number;
        mark[MARK_WHY] = (uint32_t)why;
        return SUCCESS;
}

static struct error fill_marks(struct marks *marks, const struct row *row, const struct touched *touched,
                               const struct model *model, struct texts *texts)
{
        struct skipped skipped;
        struct error error;
        size_t within = 0;

        TRY(find_skipped(&skipped, touched->layout, model));
        error = SUCCESS;
        for (size_t i = 0; i < row->nodes && !error.code; i++) {
                const uint64_t region = row->node[i][NODE_ID];
                const size_t number = number_of(touched, region);

                within += count_ends(&skipped, region, false);
                if (within)
                        marks->node[i][MARK_LOOK] = LOOK_PALE;
                if (number)
                        error = fill_mark(marks->node[i], &touched->layout->node[number - 1], texts);
                within -= count_ends(&skipped, region, true);
        }
        free(skipped.subtree);
        return error;
}

struct error marks_take(struct marks *out, const struct row *row, const struct model *model,
                        const struct model_tree *tree, const struct shown_operation *shown, struct texts *texts,
                        enum units units)
{
        struct touched touched = { 0 };
        struct error error;

        *out = (struct marks){ .nodes = row->nodes, .node = calloc(row->nodes + 1, sizeof *out->node) };
        if (!out->node)
                return fail_no_memory();
        if (!shown)
                return SUCCESS;
        touched.layout = calloc(1, sizeof *touched.layout);
        if (touched.layout) {
                touched.layout->units = units;
                touched.layout->tail_gap = model_gap(tree, NULL);
                error = touch(&touched, model, tree, shown);
        } else {
                error = fail_no_memory();
        }
        if (!error.code)
                error = fill_marks(out, row, &touched, model, texts);
        id_map_clear(&touched.map);
        layout_free(touched.layout);
        if (error.code)
                marks_clear(out);
        return error;
}

void marks_clear(struct marks *marks)
{
        free(marks->node);
        *marks = (struct marks){ 0 };
}

/* --- from one row's marks to the next --------------------------------------------------------------------- */

/* A node's mark before, if the node was there before. */
static uint32_t mark_before(const struct marks *was, const struct row_splice *splice, size_t i, enum mark_field field)
{
        if (!was)
                return 0;
        if (i < splice->kept)
                return was->node[i][field];
        return i < splice->kept + splice->inserted ? 0 : was->node[i - splice->inserted + splice->removed][field];
}

/*
 * Whole subtrees turn pale and back. Nodes side by side that get the same look are written together, among them those
 * that have it:
 *
 *      was:    0 0 1 0 0 2
 *      is:     1 1 1 1 0 0     [0, 4, 1, 5, 1, 0]
 */
static void write_looks(FILE *out, const struct marks *was, const struct marks *is, const struct row_splice *splice)
{
        const char *before = "";

        for (size_t i = 0; i < is->nodes; i++) {
                const uint32_t look = is->node[i][MARK_LOOK];
                size_t last = i;

                if (mark_before(was, splice, i, MARK_LOOK) == look)
                        continue;
                for (size_t next = i + 1; next < is->nodes && is->node[next][MARK_LOOK] == look; next++)
                        if (mark_before(was, splice, next, MARK_LOOK) != look)
                                last = next;
                fprintf(out, "%s%zu,%zu,%" PRIu32, before, i, last - i + 1, look);
                before = ",";
                i = last;
        }
}

static void write_texts(FILE *out, const struct marks *was, const struct marks *is, const struct row_splice *splice,
                        enum mark_field field)
{
        const char *before = "";

        for (size_t i = 0; i < is->nodes; i++) {
                if (mark_before(was, splice, i, field) == is->node[i][field])
                        continue;
                fprintf(out, "%s%zu,%" PRIu32, before, i, is->node[i][field]);
                before = ",";
        }
}

static bool has_changed(const struct marks *was, const struct marks *is, const struct row_splice *splice,
                        enum mark_field field)
{
        for (size_t i = 0; i < is->nodes; i++)
                if (mark_before(was, splice, i, field) != is->node[i][field])
                        return true;
        return false;
}

void marks_write_change(FILE *out, const struct marks *was, const struct marks *is, const struct row_splice *splice)
{
        const bool has_numbers = has_changed(was, is, splice, MARK_NUMBER);
        const bool has_reasons = has_changed(was, is, splice, MARK_WHY);

        if (!has_numbers && !has_reasons && !has_changed(was, is, splice, MARK_LOOK)) {
                fputc('0', out);
                return;
        }
        fputs("[[", out);
        write_looks(out, was, is, splice);
        if (has_numbers || has_reasons) {
                fputs("],[", out);
                write_texts(out, was, is, splice, MARK_NUMBER);
        }
        if (has_reasons) {
                fputs("],[", out);
                write_texts(out, was, is, splice, MARK_WHY);
        }
        fputs("]]", out);
}
