#include "row.h"
#include "error_message.h"
#include "layout.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

static struct error fill_node(struct texts *texts, uint64_t node[NODE_FIELD_COUNT], const struct layout *layout,
                              size_t i)
{
        const struct layout_node *from = &layout->node[i];
        size_t heading, name, gaps;

        TRY(texts_number(texts, from->heading, &heading));
        TRY(texts_number(texts, from->name, &name));
        TRY(texts_number(texts, from->gaps, &gaps));
        node[NODE_ID] = from->region;
        node[NODE_DEPTH] = from->depth;
        node[NODE_COLOUR] = from->colour == RED;
        node[NODE_PARENT] = from->parent == NOWHERE ? 0 : layout->node[from->parent].region;
        node[NODE_SIDE] = from->side;
        node[NODE_BASE] = from->range.base / PAGE_SIZE;
        node[NODE_END] = from->range.end / PAGE_SIZE;
        node[NODE_BEFORE] = (from->range.base - from->footprint.base) / PAGE_SIZE;
        node[NODE_AFTER] = (from->footprint.end - from->range.end) / PAGE_SIZE;
        node[NODE_GAP] = from->gap;
        node[NODE_MAX] = from->max;
        node[NODE_HEADING] = heading;
        node[NODE_NAME] = name;
        node[NODE_GAPS] = gaps;
        return SUCCESS;
}

struct error row_take(struct row *out, const struct model_tree *tree, struct texts *texts)
{
        struct layout *layout;
        struct error error = SUCCESS;

        TRY(layout_create(&layout, &(struct layout_request){ .tree = tree, .space = "", .fit = FIT_POSTER }));
        *out = (struct row){ .nodes = layout->nodes, .tail_gap = layout->tail_gap };
        out->node = calloc(layout->nodes + 1, sizeof *out->node);
        if (!out->node)
                error = fail_no_memory();
        for (size_t i = 0; i < layout->nodes && !error.code; i++)
                error = fill_node(texts, out->node[i], layout, i);
        layout_free(layout);
        if (error.code)
                free(out->node);
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

/* The fields of a node that differ; `i` is its index in the new row. */
static void write_changed_fields(FILE *out, const uint64_t was[NODE_FIELD_COUNT], const uint64_t is[NODE_FIELD_COUNT],
                                 size_t i, bool *is_first)
{
        for (size_t field = 0; field < NODE_FIELD_COUNT; field++) {
                if (was[field] == is[field])
                        continue;
                fprintf(out, "%s%zu,%zu,%" PRIu64, *is_first ? "" : ",", i, field, is[field]);
                *is_first = false;
        }
}

void row_write(FILE *out, const struct row *row)
{
        write_nodes(out, row, 0, row->nodes);
}

/*
 * What leads from one row to the next. Both begin and end with the same regions; those between are replaced:
 *
 *      was:    a b | c   | d e
 *      is:     a b | x y | d e         kept 2, removed 1, inserted x y
 */
void row_write_change(FILE *out, const struct row *was, const struct row *is)
{
        size_t front = 0, back = 0;
        bool is_first = true;

        while (front < was->nodes && front < is->nodes && was->node[front][NODE_ID] == is->node[front][NODE_ID])
                front++;
        while (back < was->nodes - front && back < is->nodes - front &&
               was->node[was->nodes - 1 - back][NODE_ID] == is->node[is->nodes - 1 - back][NODE_ID])
                back++;
        fprintf(out, "[%zu,%zu,", front, was->nodes - front - back);
        write_nodes(out, is, front, is->nodes - back);
        fputs(",[", out);
        for (size_t i = 0; i < front; i++)
                write_changed_fields(out, was->node[i], is->node[i], i, &is_first);
        for (size_t i = is->nodes - back; i < is->nodes; i++)
                write_changed_fields(out, was->node[i + was->nodes - is->nodes], is->node[i], i, &is_first);
        fprintf(out, "],%" PRIu64 "]", is->tail_gap);
}

bool row_is_same(const struct row *a, const struct row *b)
{
        return a->nodes == b->nodes && a->tail_gap == b->tail_gap &&
               (a->nodes == 0 || !memcmp(a->node, b->node, a->nodes * sizeof *a->node));
}

void row_clear(struct row *row)
{
        free(row->node);
        *row = (struct row){ 0 };
}
