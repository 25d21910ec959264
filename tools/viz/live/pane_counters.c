#include "base/format.h"
#include "live/panes.h"

#include <stdio.h>

/* A row of small columns: the value at each of the newest operations. */
static void draw_sparkline(struct area area, int y, int x, const struct view *view, uint64_t operation, size_t offset)
{
        int columns = area.width - x;
        uint64_t most = 1, least = UINT64_MAX;

        if (columns > SAMPLES)
                columns = SAMPLES;
        for (int pass = 0; pass < 2; pass++)
                for (int i = 0; i < columns; i++) {
                        uint64_t number = operation - (uint64_t)(columns - 1 - i), value;
                        const struct sample *sample = &view->sample[number % SAMPLES];

                        if (!number || number > operation || sample->operation != number)
                                continue;
                        value = *(const uint64_t *)((const char *)sample + offset);
                        if (!pass) {
                                most = value > most ? value : most;
                                least = value < least ? value : least;
                        } else {
                                unsigned level =
                                        most == least ?
                                                3 :
                                                (unsigned)(7 * (double)(value - least) / (double)(most - least));

                                area_put(area, x + i, y, INK_SPARK, glyph(GLYPH_SHARE_0 + level));
                        }
                }
}

#define COUNTER(name, value, field)                                                                                 \
        do {                                                                                                        \
                if (y >= area.height)                                                                               \
                        break;                                                                                      \
                area_text(area, 0, y, INK_PALE, name);                                                              \
                area_text(area, 14, y, INK_PLAIN, value);                                                           \
                draw_sparkline(area, y++, 27, view, tree->operations, offsetof(struct sample, field));              \
        } while (0)

void pane_counters_draw(struct area area, const struct scene *scene, struct view *view)
{
        const struct model_tree *tree = scene->tree;
        const struct sample *newest;
        uint64_t largest, free_pages;
        char text[32];
        int y = 0;

        if (!tree)
                return;
        if (scene->knowledge == KNOWN_NOTHING) {
                area_printf(area, 0, 0, INK_REFUSED, "unknown since event %s", format_count(scene->unknown_since));
                area_text(area, 0, 1, INK_PALE, "lost");
                area_printf(area, 14, 1, INK_REFUSED, "%s", format_counted(scene->lost, "event"));
                return;
        }
        newest = &view->sample[tree->operations % SAMPLES];
        largest = model_largest_hole(tree);
        free_pages = (vrange_size(tree->range) - tree->occupied) / PAGE_SIZE;
        COUNTER("regions", format_count(tree->regions), regions);
        if (!tree->is_list) {
                snprintf(text, sizeof text, "%u, black %u", model_height(tree), model_black_height(tree));
                COUNTER("height", text, height);
        }
        COUNTER("largest hole", units_short(scene->units, largest), largest_hole);
        COUNTER("free", units_short(scene->units, free_pages), free);
        snprintf(text, sizeof text, "%.0f %%", free_pages ? 100 - 100 * (double)largest / (double)free_pages : 0.0);
        COUNTER("fragmented", text, fragmented);
        if (y < area.height) {
                area_text(area, 0, y, INK_PALE, "operations");
                area_text(area, 14, y++, INK_PLAIN, format_count(tree->operations));
        }
        COUNTER("events/s", newest->operation == tree->operations && newest->rate ? format_count(newest->rate) : "", rate);
        if (y < area.height) {
                area_text(area, 0, y, INK_PALE, "lost");
                area_printf(area, 14, y++, scene->lost ? INK_REFUSED : INK_PLAIN, "%s", format_counted(scene->lost, "event"));
        }
        if (y < area.height && scene->unknown_since)
                area_printf(area, 0, y++, INK_REFUSED, "unconfirmed since event %s", format_count(scene->unknown_since));
}
