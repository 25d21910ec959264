#include "layout/words.h"
#include "base/format.h"

#include <string.h>

static const char *side_name(enum side side)
{
        return side == LEFT ? "left" : "right";
}

static const char *colour_name(const struct layout_node *node)
{
        return node->colour == RED ? "red" : "black";
}

/* --- the search path -------------------------------------------------------------------------------------- */

/* The first visit to a node that is shown, counted from 1; 0 if it was not visited. */
static size_t first_visit(const struct layout *layout, size_t node)
{
        for (size_t i = 0; i < layout->visits; i++)
                if (layout->visit[i].node == node)
                        return i + 1;
        return 0;
}

static bool is_last_visit(const struct layout *layout, size_t visit)
{
        for (size_t i = visit + 1; i < layout->visits; i++)
                if (layout->visit[i].node == layout->visit[visit].node)
                        return false;
        return true;
}

/* "40000–44000 heap rw-, black, the root, gap 0 · max 44" */
static void write_node(FILE *file, const struct layout *layout, size_t i)
{
        const struct layout_node *node = &layout->node[i];
        size_t parent = node->parent == NOWHERE ? 0 : first_visit(layout, node->parent);

        fprintf(file, "%s %s %s, ", node->heading, node->bare_name, node->protection);
        if (!layout->is_list)
                fprintf(file, "%s, ", colour_name(node));
        if (node->parent == NOWHERE)
                fprintf(file, "the %s, ", layout->is_list ? "first" : "root");
        else if (parent && layout->is_list)
                fprintf(file, "behind %zu, ", parent);
        else if (parent)
                fprintf(file, "%s child of %zu, ", side_name(node->side), parent);
        fprintf(file, "%s", node->gaps);
}

/* "gap 0 < 1: goes right, where the largest gap is 12" */
static void write_decision(FILE *file, const struct layout *layout, const struct layout_visit *visit)
{
        bool by_gap = visit->decision == GO_LEFT || visit->decision == GO_RIGHT;
        bool by_address = visit->decision == ADDRESS_LEFT || visit->decision == ADDRESS_RIGHT;
        enum side side = visit->decision == GO_RIGHT || visit->decision == ADDRESS_RIGHT ? RIGHT : LEFT;

        fprintf(file, "%s", visit->decided);
        if (layout->is_list && by_address)
                fprintf(file, "%s%s", visit->decided[0] ? ": " : "", side == RIGHT ? "goes on" : "ends here");
        else if (by_gap || by_address)
                fprintf(file, "%sgoes %s", visit->decided[0] ? ": " : "", side_name(side));
        if (by_gap)
                fprintf(file, ", where the largest gap is %s", units_short(layout->units, visit->max[side]));
        fputc('\n', file);
}

/* What was left out below a node. */
static void write_unvisited(FILE *file, const struct layout *layout, size_t parent)
{
        for (size_t i = layout->node[parent].first; i <= layout->node[parent].last; i++) {
                const struct layout_node *node = &layout->node[i];

                if (node->parent != parent || first_visit(layout, i))
                        continue;
                fprintf(file, "     %s, %s, %s%s\n",
                        layout->is_list ? "the rest" : node->side == LEFT ? "left subtree" : "right subtree",
                        format_counted(layout_subtree_size(node), "region"),
                        node->skipped[0] ? node->skipped : "not reached",
                        node->linking ? "; followed only to the insertion point" : "");
        }
}

static void write_visit(FILE *file, const struct layout *layout, size_t i)
{
        const struct layout_visit *visit = &layout->visit[i];

        fprintf(file, "%3zu. ", i + 1);
        if (!visit->region)
                fputs("the tail gap, above the last region", file);
        else if (visit->node == NOWHERE)
                fputs("a region that was removed later", file);
        else if (first_visit(layout, visit->node) <= i)
                fprintf(file, "back at %zu", first_visit(layout, visit->node));
        else
                write_node(file, layout, visit->node);
        fputs("\n     ", file);
        write_decision(file, layout, visit);
        if (visit->node != NOWHERE && is_last_visit(layout, i))
                write_unvisited(file, layout, visit->node);
}

static void write_search(FILE *file, const struct layout *layout)
{
        fputs("\nSearch path\n", file);
        for (size_t i = 0; i < layout->visits; i++)
                write_visit(file, layout, i);
}

/* --- the tree --------------------------------------------------------------------------------------------- */

/* Indented by depth, in the order in which one draws a tree: a node, then what is left of it, then what is right. */
static void write_subtree(FILE *file, const struct layout *layout, size_t i)
{
        const struct layout_node *node = &layout->node[i];

        fprintf(file, "  %*s", layout->is_list ? 0 : (int)(2 * node->depth), "");
        if (!layout->is_list)
                fprintf(file, "%s: ", node->parent == NOWHERE ? "root" : side_name(node->side));
        if (node->form == NODE_SUBTREE) {
                fprintf(file, "%s", format_counted(layout_subtree_size(node), layout->is_list ? "more region" : "region"));
                if (!layout->is_list)
                        fprintf(file, ", max %s", units_short(layout->units, node->max));
                fputc('\n', file);
                return;
        }
        fprintf(file, "%s %s %s, ", node->heading, node->bare_name, node->protection);
        if (!layout->is_list)
                fprintf(file, "%s, ", colour_name(node));
        fprintf(file, "%s", node->gaps);
        if (node->number[0])
                fprintf(file, ", visit %s", node->number);
        if (node->skipped[0])
                fprintf(file, ", %s", node->skipped);
        else if (node->role == NODE_SUBJECT)
                fprintf(file, ", %s", node->decided);
        fputc('\n', file);
        for (enum side side = LEFT; side <= RIGHT; side++)
                for (size_t child = node->first; child <= node->last; child++)
                        if (layout->node[child].parent == i && layout->node[child].side == side)
                                write_subtree(file, layout, child);
}

static void write_tree(FILE *file, const struct layout *layout)
{
        fputs(layout->is_list ? "\nList\n" : "\nTree\n", file);
        for (size_t i = 0; i < layout->nodes; i++)
                if (layout->node[i].parent == NOWHERE)
                        write_subtree(file, layout, i);
        if (!layout->nodes)
                fputs("  no regions\n", file);
}

/* --- the 2-3-4 tree --------------------------------------------------------------------------------------- */

/* The keys of a 2-3-4 node in address order: "[12000 (2c000)]", red ones in parentheses. */
static void write_keys(FILE *file, const struct layout *layout, size_t top)
{
        const char *between = "";

        fputs("  [", file);
        for (size_t i = layout->node[top].first; i <= layout->node[top].last; i++) {
                const struct layout_node *node = &layout->node[i];

                if (layout_top_of_band(layout, i) != top)
                        continue;
                fprintf(file, node->colour == RED ? "%s(%s)" : "%s%s", between, node->address);
                between = " ";
        }
        fputc(']', file);
}

static void write_levels(FILE *file, const struct layout *layout)
{
        fputs("\n2-3-4 tree: a level for each black depth, red nodes in parentheses\n", file);
        for (unsigned row = 0; row < layout->height_of_tree; row++) {
                bool has_nodes = false;

                for (size_t i = 0; i < layout->nodes; i++) {
                        if (layout->node[i].row != row || layout_shares_row(layout, &layout->node[i]))
                                continue;
                        if (!has_nodes)
                                fprintf(file, "  level %u:", row + 1);
                        has_nodes = true;
                        write_keys(file, layout, i);
                }
                if (has_nodes)
                        fputc('\n', file);
        }
        fprintf(file, "  floor: %s\n", layout->is_crooked ? "crooked" : "even");
}

/* --- the address space ------------------------------------------------------------------------------------ */

/* The largest hole between the regions of a subtree; that below its first region is a piece of its own. */
static uint64_t largest_hole_within(const struct layout *layout, const struct layout_node *node)
{
        uint64_t largest = 0;

        for (size_t i = node->first + 1; i <= node->last; i++)
                if (largest < layout->node[i].gap)
                        largest = layout->node[i].gap;
        return largest;
}

/* Whether the operation took a hole, or would have. */
static bool is_taken(const struct layout *layout, const struct layout_piece *piece)
{
        for (size_t i = 0; i < layout->marks; i++)
                if (layout->mark[i].kind == MARK_PLACE && piece->kind == PIECE_HOLE &&
                    vrange_contains_range(layout->mark[i].range, piece->range))
                        return true;
        return false;
}

static void write_piece(FILE *file, const struct layout *layout, const struct layout_piece *piece)
{
        const char *size = units_long(layout->units, vrange_size(piece->range) >> PAGE_SHIFT);
        const struct layout_node *node = piece->node == NOWHERE ? NULL : &layout->node[piece->node];
        uint64_t hole;

        fprintf(file, "  %s  ", units_range(piece->range));
        switch (piece->kind) {
        case PIECE_HOLE:
                fprintf(file, "hole, %s%s\n", size, is_taken(layout, piece) ? ", taken" : "");
                break;
        case PIECE_GUARD:
                fprintf(file, "guard of %s, %s\n", node->bare_name, size);
                break;
        case PIECE_REGION:
                fprintf(file, "%s %s, %s\n", node->bare_name, node->protection, size);
                break;
        case PIECE_SUBTREE:
                if (layout->is_list) {
                        fprintf(file, "%s\n", format_counted(piece->regions, "region"));
                        break;
                }
                hole = largest_hole_within(layout, node);
                fprintf(file, "%s, %s%s\n", format_counted(piece->regions, "region"),
                        hole ? "largest hole between them " : "no hole between them",
                        hole ? units_long(layout->units, hole) : "");
                break;
        }
}

static void write_space(FILE *file, const struct layout *layout)
{
        fputs("\nAddress space\n", file);
        for (size_t i = 0; i < layout->pieces; i++)
                write_piece(file, layout, &layout->piece[i]);
}

static void write_result(FILE *file, const struct layout *layout)
{
        bool has_words = layout->alert[0];

        for (size_t i = 0; i < layout->marks; i++)
                has_words = has_words || layout->mark[i].text[0];
        if (!has_words)
                return;
        fputs("\nResult\n", file);
        for (size_t i = 0; i < layout->marks; i++)
                if (layout->mark[i].text[0])
                        fprintf(file, "  %s\n", layout->mark[i].text);
        if (layout->alert[0])
                fprintf(file, "  %s\n", layout->alert);
}

void words_write(FILE *file, const struct layout *layout)
{
        fprintf(file, "%s\n%s\n", layout->title, layout->subtitle);
        if (layout->visits)
                write_search(file, layout);
        if (layout->is_levelled)
                write_levels(file, layout);
        else if (!layout->visits || layout->fit == FIT_POSTER)
                write_tree(file, layout);
        write_space(file, layout);
        write_result(file, layout);
}
