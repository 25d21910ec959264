#include "moment/event_words.h"
#include "base/format.h"
#include "draw/text.h"
#include "moment/early_words.h"
#include "moment/machine_words.h"
#include "moment/why.h"
#include "stream/event_print.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FIELD(type, name) event->field[EVENT_FIELD(type, name)]
#define ADD(...) text_append(out, size, __VA_ARGS__)

void region_words(char *out, size_t size, const struct model *model, uint64_t id)
{
        const struct model_region *region = model_region(model, id);
        char name[MODEL_NAME_SIZE];

        out[0] = 0;
        if (!region) {
                ADD("region %s", format_count(id));
                return;
        }
        text_copy_name(name, sizeof name, region->name ? region->name : "");
        if (!vrange_is_empty(region->range))
                ADD("%s%s", units_address(region->range.base), name[0] ? " " : "");
        ADD("%s", name);
        if (!out[0])
                ADD("region %s", format_count(id));
}

static const char *side_name_of(uint64_t side)
{
        return side == LEFT ? "left" : "right";
}

static enum units units_of_tree(const struct model *model, uint64_t id)
{
        const struct model_tree *tree = model_tree(model, id);

        return tree ? units_for(tree->range) : UNITS_BYTES;
}

const char *decision_words(uint64_t decision)
{
        switch (decision) {
        case GO_LEFT:
        case ADDRESS_LEFT:
                return "goes left";
        case GO_RIGHT:
        case ADDRESS_RIGHT:
                return "goes right";
        case GO_UP:
                return "goes up";
        case TOO_SMALL:
                return "gap too small";
        case NO_ROOM_FOR_GUARDS:
                return "no room for the guards";
        case MISALIGNED:
                return "gap not aligned";
        case OUTSIDE_WINDOW:
                return "gap outside the window";
        case FITS:
                return "gap fits";
        case FARTHER:
                return "gap fits, but farther";
        case TAKEN:
                return "gap taken";
        case FREE:
                return "free, taken";
        case IN_THE_WAY:
                return "in the way";
        case FOUND:
                return "found";
        default:
                return "on the way to the insertion point";
        }
}

static const char *skip_words(uint64_t skip)
{
        switch (skip) {
        case SKIPPED_NONE:
                return "";
        case LEFT_TOO_SMALL:
        case LEFT_MISALIGNED:
        case LEFT_OUTSIDE_WINDOW:
        case LEFT_BEYOND_HINT:
                return ", skips left";
        default:
                return ", skips right";
        }
}

/* --- trees ------------------------------------------------------------------------------------------------ */

static void tree_begin_words(char *out, size_t size, const struct event *event, const struct model *model)
{
        enum units units = units_of_tree(model, FIELD(tree_begin, tree));
        uint64_t kind = FIELD(tree_begin, kind), bytes = FIELD(tree_begin, size);
        const struct model_region *region = model_region(model, FIELD(tree_begin, region));
        char name[MODEL_NAME_SIZE] = "";

        if (region && region->name)
                text_copy_name(name, sizeof name, region->name);
        ADD("op %s: %s(", format_count(FIELD(tree_begin, operation)), tree_operation_name(kind));
        if (kind == FIND)
                ADD("%s)", units_address(FIELD(tree_begin, address)));
        else
                ADD("%s%s%s)", name, name[0] ? ", " : "", units_long(units, (bytes + PAGE_SIZE - 1) / PAGE_SIZE));
}

static void tree_end_words(char *out, size_t size, const struct event *event)
{
        ADD("op %s ends: ", format_count(FIELD(tree_end, operation)));
        if (FIELD(tree_end, result) != ERROR_OK)
                ADD("%s", error_code_name(FIELD(tree_end, result)));
        else if (FIELD(tree_end, region))
                ADD("%s", units_address(FIELD(tree_end, address)));
        else
                ADD("done");
}

static void tree_words(char *out, size_t size, const struct event *event, const struct model *model)
{
        enum units units = units_of_tree(model, event->field[0]);
        char node[96] = "", other[96] = "";
        uint64_t region = event->field[1];

        if (region)
                region_words(node, sizeof node, model, region);
        switch (event->type) {
        case EVENT_tree_visit:
                ADD("visits %s: %s%s", region ? node : "the tail gap", decision_words(FIELD(tree_visit, decision)),
                    skip_words(FIELD(tree_visit, skipped)));
                break;
        case EVENT_tree_draw:
                ADD("draws the address %s", units_address(FIELD(tree_draw, address)));
                break;
        case EVENT_tree_link:
                region_words(other, sizeof other, model, FIELD(tree_link, parent));
                if (FIELD(tree_link, parent))
                        ADD("links %s, red, %s of %s", node, side_name_of(FIELD(tree_link, side)), other);
                else
                        ADD("links %s, red, as the root", node);
                break;
        case EVENT_tree_unlink:
                ADD("unlinks %s", node);
                break;
        case EVENT_tree_exchange:
                region_words(other, sizeof other, model, FIELD(tree_exchange, successor));
                ADD("exchanges %s with %s", node, other);
                break;
        case EVENT_tree_rotate:
                ADD("rotates: %s sinks to the %s", node, side_name_of(FIELD(tree_rotate, side)));
                break;
        case EVENT_tree_colour:
                ADD("recolours %s %s", node, colour_name(FIELD(tree_colour, colour)));
                break;
        case EVENT_tree_gap:
                ADD("gap %s%s: %s", region ? "below " : "at the tail", node, units_short(units, FIELD(tree_gap, gap)));
                break;
        default:
                ADD("max %s of %s: %s", side_name_of(FIELD(tree_max, side)), node,
                    units_short(units, FIELD(tree_max, max)));
                break;
        }
}

/* --- spaces, regions, faults ------------------------------------------------------------------------------ */

static void space_words(char *out, size_t size, const struct event *event)
{
        if (event->type == EVENT_space_begin)
                ADD("%s begins, %s at %s", space_operation_name(FIELD(space_begin, kind)),
                    format_bytes(FIELD(space_begin, size)), units_address(FIELD(space_begin, base)));
        else
                ADD("space operation ends: %s", error_code_name(FIELD(space_end, result)));
}

static void region_changed_words(char *out, size_t size, const struct event *event, const struct model *model)
{
        struct vrange range = { FIELD(region_changed, base), FIELD(region_changed, end) };
        const struct model_region *region = model_region(model, FIELD(region_changed, region));

        ADD("%s is %s %s", region && region->name && *region->name ? region->name : "the region", units_range(range),
            format_protection(FIELD(region_changed, protection)));
}

static void generic_words(char *out, size_t size, const struct event *event, const struct schema *schema)
{
        struct buffer line = { 0 };
        char *name;

        event_print(&line, schema, event);
        buffer_put_byte(&line, 0);
        if (!line.failed) {
                name = strstr(line.bytes, event->schema->name);
                ADD("%s", name ? name : line.bytes);
                for (size_t i = strlen(out); i > 0 && out[i - 1] == '\n'; i--)
                        out[i - 1] = 0;
                for (char *at = strstr(out, "  "); at; at = strstr(at, "  "))
                        memmove(at, at + 1, strlen(at));
        }
        free(line.bytes);
}

void event_words(char *out, size_t size, const struct event *event, const struct model *model,
                 const struct schema *schema)
{
        out[0] = 0;
        switch (event->type) {
        case EVENT_tree_begin:
                tree_begin_words(out, size, event, model);
                break;
        case EVENT_tree_end:
                tree_end_words(out, size, event);
                break;
        case EVENT_tree_visit:
        case EVENT_tree_draw:
        case EVENT_tree_link:
        case EVENT_tree_unlink:
        case EVENT_tree_exchange:
        case EVENT_tree_rotate:
        case EVENT_tree_colour:
        case EVENT_tree_gap:
        case EVENT_tree_max:
                tree_words(out, size, event, model);
                break;
        case EVENT_space_begin:
        case EVENT_space_end:
                space_words(out, size, event);
                break;
        case EVENT_region_changed:
                region_changed_words(out, size, event, model);
                break;
        case EVENT_page_fault:
                ADD("page fault at %s: %s", units_address(FIELD(page_fault, address)),
                    fault_verdict_name(FIELD(page_fault, verdict)));
                break;
        case EVENT_region_created:
                ADD("creates the region %s", event->text ? event->text : "");
                break;
        case EVENT_region_freed:
                ADD("frees region %s", format_count(event->field[0]));
                break;
        case EVENT_tree_created:
                ADD("tree %s created, %s", format_count(event->field[0]),
                    units_range((struct vrange){ FIELD(tree_created, base), FIELD(tree_created, end) }));
                break;
        case EVENT_space_created:
                ADD("space %s created: %s", format_count(event->field[0]), event->text ? event->text : "");
                break;
        case EVENT_script_begin:
                ADD("script %s begins", event->text ? event->text : "");
                break;
        case EVENT_script_line:
                ADD("script line %s", format_count(FIELD(script_line, line)));
                break;
        case EVENT_error_raised:
                ADD("error %s at %s:%s", error_code_name(FIELD(error_raised, code)),
                    schema_file(schema, FIELD(error_raised, file)) ? schema_file(schema, FIELD(error_raised, file)) :
                                                                     "?",
                    format_count(FIELD(error_raised, line)));
                break;
        default:
                if (!early_event_words(out, size, event, model) && !machine_event_words(out, size, event, model))
                        generic_words(out, size, event, schema);
                break;
        }
}

static uint64_t tree_of_space(const struct model *model, uint64_t id)
{
        const struct model_space *space = model_space(model, id);

        return space ? space->tree : 0;
}

static uint64_t tree_of_region(const struct model *model, uint64_t id)
{
        const struct model_region *region = model_region(model, id);

        return region && region->tree ? region->tree->id : 0;
}

bool event_is_of_tree(const struct event *event)
{
        const char *category = event_table[event->type].category;

        if (event->type >= EVENT_list_created && event->type <= EVENT_list_visit)
                return true;
        return category && (!strcmp(category, "tree") || !strcmp(category, "visit"));
}

uint64_t event_tree(const struct event *event, const struct model *model)
{
        if (event_is_of_tree(event))
                return event->field[0];
        switch (event->type) {
        case EVENT_keyframe_tree:
        case EVENT_keyframe_node:
                return event->field[0];
        case EVENT_space_created:
                return FIELD(space_created, tree);
        case EVENT_space_destroyed:
        case EVENT_space_begin:
        case EVENT_space_end:
        case EVENT_space_cloned:
        case EVENT_page_fault:
        case EVENT_tlb_shootdown:
        case EVENT_script_begin:
                return tree_of_space(model, event->field[0]);
        case EVENT_region_created:
        case EVENT_region_changed:
        case EVENT_region_freed:
                return tree_of_region(model, event->field[0]);
        default:
                return early_event_tree(event, model);
        }
}

size_t visit_words(char *out, size_t size, const struct model *model, const struct shown_operation *shown, size_t i,
                   enum units units)
{
        const uint64_t id = shown->operation.visit[i].region;
        const struct model_region *region = model_region(model, id);

        for (out[0] = 0; i < shown->searching && shown->operation.visit[i].region == id; i++) {
                const struct model_visit *visit = &shown->operation.visit[i];
                char why[WHY_SIZE];

                why_decided(why, shown, i, region && region->tree ? model_gap(region->tree, region) : visit->gap, units);
                ADD("%s%s", out[0] ? ", " : "", why[0] ? why : decision_words(visit->decision));
                if (why[0] && (visit->decision == ADDRESS_LEFT || visit->decision == ADDRESS_RIGHT))
                        ADD(", %s", decision_words(visit->decision));
        }
        return i;
}
