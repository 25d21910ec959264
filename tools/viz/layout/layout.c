#include "base/error_message.h"
#include "base/format.h"
#include "layout/layout_steps.h"

#include <stdlib.h>

static struct error build(struct layout *layout, const struct layout_request *request)
{
        layout->units = units_for(request->tree->range);
        layout->is_list = request->tree->is_list;
        layout->fit = request->fit;
        layout->arrangement = request->arrangement;
        TRY(layout_add_nodes(layout, request->tree));
        if (request->shown)
                TRY(layout_highlight(layout, request->shown));
        if (request->is_wordless)
                layout_remove_words(layout);
        layout_add_remarks(layout, request);
        layout_add_differences(layout, request);
        layout_add_captions(layout, request);
        if (request->levels == LEVELS_BY_BLACK)
                TRY(layout_use_levels(layout));
        return layout_fit(layout, request);
}

struct error layout_create(struct layout **out, const struct layout_request *request)
{
        struct layout *layout;
        struct error error;

        if (request->tree->regions > LAYOUT_REGIONS_MAX)
                return FAILF(BAD_ARGUMENT,
                                "tree %s has %s regions here; a picture holds %s: choose another moment with --at",
                                format_count(request->tree->id), format_count(request->tree->regions),
                                format_count(LAYOUT_REGIONS_MAX));
        layout = calloc(1, sizeof *layout);
        if (!layout)
                return fail_no_memory();

        error = build(layout, request);
        if (error.code) {
                layout_free(layout);
                return error;
        }
        *out = layout;
        return SUCCESS;
}

void layout_free(struct layout *layout)
{
        if (!layout)
                return;
        free(layout->node);
        free(layout->piece);
        free(layout->tick);
        free(layout->band);
        free(layout->step);
        free(layout->visit);
        free(layout);
}

size_t layout_subtree_size(const struct layout_node *node)
{
        return node->last - node->first + 1;
}

bool layout_is_shown(const struct layout_node *node)
{
        return node->form != NODE_HIDDEN;
}
