#include "moment/operation_words.h"
#include "draw/text.h"
#include "stream/event_table.h"

void operation_call(char *out, size_t size, const struct shown_operation *shown, struct vrange range, enum units units)
{
        const struct model_operation *operation = &shown->operation;
        bool seeks = shown_seeks_hole(shown);
        char name[MODEL_NAME_SIZE];

        text_append(out, size, "%s(", tree_operation_name(operation->kind));
        text_copy_name(name, sizeof name, operation->name);
        if (name[0])
                text_append(out, size, "%s, ", name);
        if (operation->kind == FIND && operation->size <= 1)
                text_append(out, size, "%s", units_address(operation->address));
        else if (operation->kind == FIND)
                text_append(out, size, "the first in %s", units_range(shown_footprint_at(shown, operation->address)));
        else if (operation->kind == SPLIT)
                text_append(out, size, "at %s", units_address(operation->address));
        else
                text_append(out, size, "%s", units_long(units, shown_pages(shown)));
        if (operation->kind == PLACE_SPECIFICALLY || operation->kind == REMOVE || operation->kind == RESIZE)
                text_append(out, size, " at %s", units_address(operation->address));
        if (operation->kind == PLACE_NEAR)
                text_append(out, size, " near %s", units_address(operation->address));
        if (seeks && operation->alignment > PAGE_SIZE)
                text_append(out, size, ", aligned to %s", units_long(UNITS_BYTES, operation->alignment / PAGE_SIZE));
        if (shown_places(shown) && (operation->before || operation->after))
                text_append(out, size, ", guards %s and %s", units_short(units, operation->before / PAGE_SIZE),
                            units_short(units, operation->after / PAGE_SIZE));
        if (shown_places(shown) && (operation->window.base > range.base || operation->window.end < range.end))
                text_append(out, size, ", window %s", units_range(operation->window));
        text_append(out, size, ")");
}

void operation_outcome(char *out, size_t size, const struct shown_operation *shown)
{
        const struct model_operation *operation = &shown->operation;

        if (!shown_is_over(shown))
                text_append(out, size, " … in progress");
        else if (operation->result != ERROR_OK)
                text_append(out, size, " → %s", error_name(operation->result));
        else if (shown_places(shown) || operation->kind == FIND || operation->kind == SPLIT)
                text_append(out, size, " → %s", units_address(operation->result_address));
        else
                text_append(out, size, " → done");
}
