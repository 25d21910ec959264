#include "html/row.h"
#include "base/error_message.h"
#include "base/format.h"
#include "draw/text.h"
#include "layout/layout.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* How many nodes are above it. */
static uint64_t depth_of(const struct model_region *region)
{
        uint64_t depth = 0;

        while ((region = region->parent))
                depth++;
        return depth;
}

/* Whether the node looks as it did, but for where it is in the tree: then its words are the same. */
static bool has_same_words(const uint64_t was[ROW_FIELDS], const struct model_region *region, uint64_t gap,
                           uint64_t max)
{
        return was[NODE_ID] == region->id && was[NODE_BASE] == region->range.base / PAGE_SIZE &&
               was[NODE_END] == region->range.end / PAGE_SIZE && was[NODE_GAP] == gap && was[NODE_MAX] == max &&
               was[ROW_PROTECTION] == region->protection;
}

/* How wide the words in a node's box are. In the page a letter for the colour stands before the name. */
static double width_of_words(const struct layout_node *node, enum units units)
{
        const double colour = text_width("R · ", TEXT_NAME);

        return fmax(text_width(node->heading, units == UNITS_PAGES ? TEXT_HEADING : TEXT_LONG_HEADING),
                    fmax(colour + text_width(node->name, TEXT_NAME), text_width(node->gaps, TEXT_GAPS)));
}

static struct error fill_words(struct texts *texts, uint64_t node[ROW_FIELDS], const struct layout_node *from)
{
        size_t heading, name, gaps;

        TRY(texts_number(texts, from->heading, &heading));
        TRY(texts_number(texts, from->name, &name));
        TRY(texts_number(texts, from->gaps, &gaps));
        node[NODE_HEADING] = heading;
        node[NODE_NAME] = name;
        node[NODE_GAPS] = gaps;
        return SUCCESS;
}

/* `was` is the node as it was; NULL if it is new. */
static struct error fill_node(struct texts *texts, struct row *row, const struct model_region *region,
                              const uint64_t *was, enum units units)
{
        uint64_t *node = row->node[row->nodes++];
        const struct vrange footprint = model_footprint(region);
        const uint64_t gap = model_gap(region->tree, region), max = layout_subtree_gap(region);
        struct layout_node described;

        node[NODE_ID] = region->id;
        node[NODE_DEPTH] = depth_of(region);
        node[NODE_COLOUR] = region->colour == RED;
        node[NODE_PARENT] = region->parent ? region->parent->id : 0;
        node[NODE_BASE] = region->range.base / PAGE_SIZE;
        node[NODE_END] = region->range.end / PAGE_SIZE;
        node[NODE_BEFORE] = (region->range.base - footprint.base) / PAGE_SIZE;
        node[NODE_AFTER] = (footprint.end - region->range.end) / PAGE_SIZE;
        node[NODE_GAP] = gap;
        node[NODE_MAX] = max;
        node[ROW_PROTECTION] = region->protection;
        if (was && has_same_words(was, region, gap, max)) {
                node[NODE_HEADING] = was[NODE_HEADING];
                node[NODE_NAME] = was[NODE_NAME];
                node[NODE_GAPS] = was[NODE_GAPS];
                return SUCCESS;
        }
        layout_describe_node(&described, region, units);
        row->widest = fmax(row->widest, width_of_words(&described, units));
        return fill_words(texts, node, &described);
}

/* The node of a region in the row before: at `*at` or, if regions were removed or added there, close to it. */
static const uint64_t *find_before(const struct row *before, size_t *at, uint64_t region)
{
        enum { NEAR = 4 };

        for (size_t i = *at; i < before->nodes && i < *at + NEAR; i++)
                if (before->node[i][NODE_ID] == region) {
                        *at = i + 1;
                        return before->node[i];
                }
        return NULL;
}

static struct error too_many(const struct model_tree *tree)
{
        return FAILF(BAD_ARGUMENT, "tree %s has %s regions at some time; a page holds %s: choose operations with "
                     "--from and --to, or another tree with --tree",
                     format_count(tree->id), format_count(tree->regions), format_count(LAYOUT_REGIONS_MAX));
}

struct error row_take(struct row *out, const struct model_tree *tree, const struct row *before, struct texts *texts)
{
        const enum units units = units_for(tree->range);
        struct error error = SUCCESS;
        size_t at = 0;

        *out = (struct row){ .widest = before->widest };
        if (tree->regions > LAYOUT_REGIONS_MAX)
                return too_many(tree);
        out->node = calloc(tree->regions + 1, sizeof *out->node);
        if (!out->node)
                return fail_no_memory();
        for (const struct model_region *region = model_outermost(tree, LEFT);
             region && out->nodes < tree->regions && !error.code; region = model_neighbour(region, RIGHT))
                error = fill_node(texts, out, region, find_before(before, &at, region->id), units);
        if (error.code)
                row_clear(out);
        return error;
}

static void write_node(FILE *out, const uint64_t node[NODE_FIELD_COUNT])
{
        for (size_t field = 0; field < NODE_FIELD_COUNT; field++)
                fprintf(out, "%c%" PRIu64, field ? ',' : '[', node[field]);
        fputc(']', out);
}

static void write_nodes(FILE *out, const struct row *row, size_t first, size_t end)
{
        fputc('[', out);
        for (size_t i = first; i < end; i++) {
                if (i > first)
                        fputc(',', out);
                write_node(out, row->node[i]);
        }
        fputc(']', out);
}

/* The fields of a node that differ; `i` is its index in the new row. `opening` stands before the first of all. */
static void write_changed_fields(FILE *out, const uint64_t was[NODE_FIELD_COUNT], const uint64_t is[NODE_FIELD_COUNT],
                                 size_t i, const char *opening, size_t *written)
{
        for (size_t field = 0; field < NODE_FIELD_COUNT; field++) {
                if (was[field] == is[field])
                        continue;
                fprintf(out, "%s%zu,%zu,%" PRIu64, *written ? "," : opening, i, field, is[field]);
                ++*written;
        }
}

void row_write(FILE *out, const struct row *row)
{
        write_nodes(out, row, 0, row->nodes);
}

struct row_splice row_find_splice(const struct row *was, const struct row *is)
{
        size_t front = 0, back = 0;

        while (front < was->nodes && front < is->nodes && was->node[front][NODE_ID] == is->node[front][NODE_ID])
                front++;
        while (back < was->nodes - front && back < is->nodes - front &&
               was->node[was->nodes - 1 - back][NODE_ID] == is->node[is->nodes - 1 - back][NODE_ID])
                back++;
        return (struct row_splice){ front, was->nodes - front - back, is->nodes - front - back };
}

void row_write_change(FILE *out, const struct row *was, const struct row *is, const struct row_splice *splice)
{
        const bool is_replaced = splice->removed || splice->inserted;
        const char *opening = is_replaced ? ",[" : ",[[";
        const size_t behind = splice->kept + splice->inserted;
        size_t fields = 0;

        if (is_replaced) {
                fprintf(out, ",[%zu,%zu,", splice->kept, splice->removed);
                write_nodes(out, is, splice->kept, behind);
        }
        for (size_t i = 0; i < splice->kept; i++)
                write_changed_fields(out, was->node[i], is->node[i], i, opening, &fields);
        for (size_t i = behind; i < is->nodes; i++) {
                const size_t before = i - splice->inserted + splice->removed;

                write_changed_fields(out, was->node[before], is->node[i], i, opening, &fields);
        }
        if (fields)
                fputc(']', out);
        if (fields || is_replaced)
                fputc(']', out);
}

bool row_is_same(const struct row *a, const struct row *b)
{
        return a->nodes == b->nodes &&
               (a->nodes == 0 || !memcmp(a->node, b->node, a->nodes * sizeof *a->node));
}

void row_clear(struct row *row)
{
        free(row->node);
        *row = (struct row){ 0 };
}
