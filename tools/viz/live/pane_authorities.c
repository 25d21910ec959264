/*
 * The second authority of an early kernel, beneath the regions in the bar: what is free for the allocator, which of the
 * two was asked last and what it answered, and the first addresses on which they disagree.
 */
#include "base/format.h"
#include "draw/text.h"
#include "live/bar_plan.h"
#include "live/panes.h"
#include "moment/early_words.h"
#include "moment/event_words.h"

#include <stdio.h>

static void draw_columns(struct area row, const struct bar_plan *plan, struct vrange range, enum ink ink, wchar_t fill)
{
        int from, to;

        if (range.end <= plan->range.base || range.base >= plan->range.end)
                return;
        from = bar_plan_x(plan, range.base < plan->range.base ? plan->range.base : range.base);
        to = bar_plan_x(plan, (range.end > plan->range.end ? plan->range.end : range.end) - 1);
        for (int x = from; x >= 0 && x <= (to < from ? from : to); x++)
                area_put(row, x, 0, ink, fill);
}

static void draw_free_ranges(struct area row, const struct bar_plan *plan, const struct scene *scene)
{
        const struct model_allocator *allocator = scene->tree->allocator;

        area_fill(row, INK_PALE, L' ');
        for (size_t i = 0; i < allocator->count; i++) {
                const struct vrange range = allocator->free[i];
                const char *size = units_short(scene->units, vrange_size(range) / PAGE_SIZE);
                int from, to;

                draw_columns(row, plan, range, INK_GOOD, glyph(GLYPH_HOLE));
                from = bar_plan_x(plan, range.base);
                to = bar_plan_x(plan, range.end - 1);
                if (from >= 0 && to >= 0 && to - from + 1 >= text_columns(size))
                        area_text(row, from + (to - from + 1 - text_columns(size)) / 2, 0, INK_GOOD, size);
        }
}

/* While an operation on the space is in progress one of the two is always behind the other. */
static bool is_in_progress(const struct scene *scene)
{
        const struct model_space *space = model_space(scene->model, scene->tree->space);

        return scene->tree->operation.in_progress || (space && space->in_progress);
}

static void divergence_words(char *out, size_t size, const struct scene *scene,
                             const struct model_divergence *divergence)
{
        const char *range = units_range(divergence->range),
                   *verb = is_in_progress(scene) ? "differ for now" : "disagree";
        char region[96];

        if (divergence->region) {
                region_words(region, sizeof region, scene->model, divergence->region->id);
                snprintf(out, size, "%s on %s: free, but in %s", verb, range, region);
        } else {
                snprintf(out, size, "%s on %s: no region, but not free", verb, range);
        }
}

void pane_authorities_draw(struct area area, const struct bar_plan *plan, const struct scene *scene)
{
        const struct model_tree *tree = scene->tree;
        struct area ranges = area_inside(area, 0, 0, area.width, 1), line = area_inside(area, 0, 1, area.width, 1);
        struct area asked = area_inside(area, 0, 2, area.width, 1);
        struct model_divergence divergence;
        char words[256];
        int x;

        if (tree->allocator->unknown) {
                area_text(line, 0, 0, INK_REFUSED, "free ranges: unknown, since events are missing");
                return;
        }
        draw_free_ranges(ranges, plan, scene);
        x = area_printf(line, 0, 0, INK_GOOD, "%s", format_counted(tree->allocator->count, "free range"));
        if (model_diverges(tree, &divergence)) {
                const enum ink ink = is_in_progress(scene) ? INK_MARK : INK_REFUSED;

                draw_columns(ranges, plan, divergence.range, ink, L'!');
                divergence_words(words, sizeof words, scene, &divergence);
                area_printf(line, x, 0, ink, " · %s", words);
        }
        if (tree->question.event) {
                question_words(words, sizeof words, &tree->question, scene->units);
                area_printf(asked, 0, 0, INK_WHY, "asked %s", words);
        }
}
