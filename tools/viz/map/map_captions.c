#include "base/format.h"
#include "draw/text.h"
#include "map/map_internal.h"

enum { LINE = 18 };

void map_write_captions(struct map_drawing *drawing)
{
        const struct map *map = drawing->map;

        text_copy_name(drawing->title, sizeof drawing->title, map->name);
        text_append(drawing->title, sizeof drawing->title, " · memory over time");
        snprintf(drawing->subtitle, sizeof drawing->subtitle, "%s, %s, %s in %s · addresses up, time to the right",
                 format_counted(map->spans, "region"), format_counted(map->faults, "page fault"),
                 format_counted(map->refusals, "refused request"), map_time_words(map, map->last - map->first));
        if (drawing->merged)
                text_append(drawing->left_out, sizeof drawing->left_out,
                            "%s too small to be drawn apart: they share bars. ", format_counted(drawing->merged, "region"));
        if (drawing->faults_left_out)
                text_append(drawing->left_out, sizeof drawing->left_out, "%s at the place of another.",
                            format_counted(drawing->faults_left_out, "page fault"));
        if (map->gaps)
                text_append(drawing->subtitle, sizeof drawing->subtitle, " · events are missing: %s not known",
                            map_time_words(map, map_unknown(map)));
        snprintf(drawing->description, sizeof drawing->description, "%s. %s%sThe same in words: regionviz map --text.",
                 drawing->subtitle, drawing->left_out, *drawing->left_out ? " " : "");
}

/* What the signs mean, of those that are in the map. */
static void write_legend(char *out, size_t size, const struct map_drawing *drawing)
{
        const struct map *map = drawing->map;
        size_t fine = 0, unused = 0;

        for (size_t i = 0; i < map->faults; i++)
                fine += map_fault_is_fine(&map->fault[i]);
        for (size_t i = 0; i < drawing->rows.count; i++)
                unused += !drawing->rows.row[i].is_used;
        text_append(out, size, "each bar: a region; red: writable, pale: executable, grey: neither%s",
                    drawing->merged ? ", or several" : "");
        if (fine)
                text_append(out, size, " · ●: page fault, handled");
        if (fine < map->faults)
                text_append(out, size, " · ☒: page fault that was an error");
        if (map->refusals)
                text_append(out, size, " · ▼: request refused");
        if (map->gaps)
                text_append(out, size, " · red and dashed: not known, since events are missing");
        if (unused)
                text_append(out, size, " · grey and dashed: never used, folded");
        text_append(out, size, " · heights are logarithmic");
}

/* Draws a text in as many lines as it needs. Returns where the next line goes. */
static double put_lines(struct sheet *sheet, enum text_kind kind, double y, const char *text)
{
        while (*text) {
                const char *next, *end = text_break_list(text, kind, MAP_PLOT_WIDTH, &next);
                char line[MAP_LEGEND_SIZE];

                snprintf(line, sizeof line, "%.*s", (int)(end - text), text);
                if (sheet)
                        sheet_text(sheet, kind, (struct point){ MAP_LEFT, y }, ANCHOR_START, FULL, TRANSPARENT, line);
                text = next;
                y += LINE;
        }
        return y;
}

double map_put_legend(struct sheet *sheet, const struct map_drawing *drawing, double y)
{
        const struct map *map = drawing->map;
        const size_t said = map->refusals < MAP_REFUSALS_SAID ? map->refusals : MAP_REFUSALS_SAID;
        char words[MAP_LEGEND_SIZE] = "", fitting[MAP_LEGEND_SIZE];

        write_legend(words, sizeof words, drawing);
        y = put_lines(sheet, TEXT_LEGEND, y, words);
        y = put_lines(sheet, TEXT_LEGEND, y, drawing->left_out);
        for (size_t i = 0; i < said + (map->refusals > said); i++, y += LINE) {
                if (!sheet)
                        continue;
                if (i < said)
                        snprintf(words, sizeof words, "▼ %zu  %s (event %s)", i + 1, map->refusal[i].words,
                                 format_count(map->refusal[i].event));
                else
                        snprintf(words, sizeof words, "▼ and %s more", format_count(map->refusals - said));
                text_fit(fitting, sizeof fitting, words, TEXT_REFUSED, MAP_PLOT_WIDTH);
                sheet_text(sheet, TEXT_REFUSED, (struct point){ MAP_LEFT, y }, ANCHOR_START, FULL, TRANSPARENT,
                           fitting);
        }
        return y;
}
