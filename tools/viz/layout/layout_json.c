#include "layout/layout_json.h"
#include "stream/event_print.h"
#include "stream/event_table.h"

#include <inttypes.h>

static void put_text(FILE *file, const char *name, const char *text)
{
        fprintf(file, ",\"%s\":", name);
        json_print_string(file, text);
}

static void put_flag(FILE *file, const char *name, bool is_set)
{
        fprintf(file, ",\"%s\":%s", name, is_set ? "true" : "false");
}

static void put_range(FILE *file, struct vrange range)
{
        fprintf(file, ",\"base\":\"0x%" PRIxPTR "\",\"end\":\"0x%" PRIxPTR "\"", range.base, range.end);
}

static uint64_t region_of(const struct layout *layout, size_t node)
{
        return node == NOWHERE ? 0 : layout->node[node].region;
}

static void put_node(FILE *file, const struct layout *layout, const struct layout_node *node)
{
        static const char *const forms[] = { "box", "small", "subtree", "hidden" };
        static const char *const roles[] = { "plain", "visited", "blocking", "subject" };

        fprintf(file, "{\"region\":%" PRIu64 ",\"parent\":%" PRIu64 ",\"side\":\"%s\",\"colour\":\"%s\""
                ",\"depth\":%u,\"row\":%u",
                node->region, region_of(layout, node->parent), node->side == LEFT ? "left" : "right",
                node->colour == RED ? "red" : "black", node->depth, node->row);
        fprintf(file, ",\"form\":\"%s\",\"role\":\"%s\"", forms[node->form], roles[node->role]);
        put_flag(file, "pale", node->is_skipped);
        put_flag(file, "followed", node->followed);
        put_flag(file, "linking", node->linking);
        fprintf(file, ",\"x\":%.2f,\"y\":%.2f,\"width\":%.2f,\"height\":%.2f", node->x, node->y, node->width,
                node->height);
        fprintf(file, ",\"beneath_width\":%.2f,\"beneath_height\":%.2f", node->beneath_width, node->beneath_height);
        put_range(file, node->range);
        fprintf(file, ",\"gap\":%" PRIu64 ",\"max\":%" PRIu64 ",\"regions\":%zu", node->gap, node->max,
                layout_subtree_size(node));
        put_text(file, "heading", node->heading);
        put_text(file, "name", node->name);
        put_text(file, "gaps", node->gaps);
        put_text(file, "number", node->number);
        put_text(file, "decided", node->decided);
        put_text(file, "skipped", node->skipped);
        fputs(",\"subtree\":[", file);
        for (size_t i = 0; node->form == NODE_SUBTREE && i < SUBTREE_LINES && node->beneath[i][0]; i++) {
                fputs(i ? "," : "", file);
                json_print_string(file, node->beneath[i]);
        }
        fputs("]}", file);
}

static void put_visit(FILE *file, const struct layout_visit *visit)
{
        fprintf(file, "{\"region\":%" PRIu64 ",\"decision\":\"%s\"", visit->region, decision_name(visit->decision));
        put_text(file, "decided", visit->decided);
        fputc('}', file);
}

static void put_piece(FILE *file, const struct layout *layout, const struct layout_piece *piece)
{
        static const char *const kinds[] = { "region", "guard", "hole", "subtree" };

        fprintf(file, "{\"kind\":\"%s\"", kinds[piece->kind]);
        put_range(file, piece->range);
        fprintf(file, ",\"region\":%" PRIu64 ",\"x\":%.2f,\"width\":%.2f", region_of(layout, piece->node), piece->x,
                piece->width);
        put_text(file, "label", piece->label);
        fputc('}', file);
}

static void put_mark(FILE *file, const struct layout_mark *mark)
{
        static const char *const kinds[] = { "place", "refused", "visited", "window", "point", "different" };

        fprintf(file, "{\"kind\":\"%s\"", kinds[mark->kind]);
        put_range(file, mark->range);
        fprintf(file, ",\"x\":%.2f,\"width\":%.2f", mark->x, mark->width);
        put_text(file, "text", mark->text);
        fputc('}', file);
}

void layout_write_json(FILE *file, const struct layout *layout, uint64_t event)
{
        static const char between[] = ",\n";

        fputs("{\"title\":", file);
        json_print_string(file, layout->title);
        put_text(file, "subtitle", layout->subtitle);
        put_text(file, "alert", layout->alert);
        put_text(file, "description", layout->description);
        fprintf(file, ",\n\"event\":%" PRIu64 ",\"width\":%.2f,\"height\":%.2f,\"scale\":%.4f,\n\"nodes\":[", event,
                layout->width, layout->height, layout->scale);
        for (size_t i = 0; i < layout->nodes; i++) {
                fputs(i ? between : "", file);
                put_node(file, layout, &layout->node[i]);
        }
        fputs("],\n\"visits\":[", file);
        for (size_t i = 0; i < layout->visits; i++) {
                fputs(i ? between : "", file);
                put_visit(file, &layout->visit[i]);
        }
        fputs("],\n\"bar\":[", file);
        for (size_t i = 0; i < layout->pieces; i++) {
                fputs(i ? between : "", file);
                put_piece(file, layout, &layout->piece[i]);
        }
        fputs("],\n\"marks\":[", file);
        for (size_t i = 0; i < layout->marks; i++) {
                fputs(i ? between : "", file);
                put_mark(file, &layout->mark[i]);
        }
        fputs("]}\n", file);
}
