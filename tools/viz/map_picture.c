#include "map_internal.h"
#include "error_message.h"
#include "format.h"
#include "text.h"
#include "units.h"

#include <math.h>
#include <stdlib.h>

enum {
        MARGIN = 24,
        TITLE_LINE = 32,
        SUBTITLE_LINE = 58,
        ADDRESS_CLEAR = 12,                     /* least distance between two addresses, or a fold's height for words */
        TIMES_BELOW = 14,
        LEGEND_BELOW = 40,
        LINE = 18,
        BOTTOM = 8,
        TIMES = 5,
};

/* --- where things are ------------------------------------------------------------------------------------- */

double map_x(const struct map_drawing *drawing, uint64_t ticks)
{
        const struct map *map = drawing->map;
        const uint64_t length = map->last - map->first;

        return MAP_LEFT + (length ? (double)(ticks - map->first) / (double)length * MAP_PLOT_WIDTH : 0);
}

double map_y(const struct map_drawing *drawing, uint64_t address)
{
        const struct map_row *row = map_row_at(&drawing->rows, address);
        const double part = (double)(address - row->range.base) / (double)vrange_size(row->range);

        return MAP_TOP + row->top + row->height * (1 - fmin(part, 1));
}

static double bottom_of(const struct map_drawing *drawing)
{
        return MAP_TOP + drawing->rows.height;
}

const char *map_time_words(const struct map *map, uint64_t ticks)
{
        static char words[8][32];
        static unsigned newest;
        char *out = words[newest++ % 8];

        snprintf(out, sizeof words[0], "%.3f ms", (double)ticks * map->ns_per_tick / 1e6);
        return out;
}

/* --- axes ------------------------------------------------------------------------------------------------- */

static void put_right_aligned(struct sheet *sheet, enum text_kind kind, double right, double y, const char *text)
{
        sheet_text(sheet, kind, (struct point){ right - text_width(text, kind), y }, ANCHOR_START, FULL, TRANSPARENT,
                   text);
}

/* Short recordings need finer words than milliseconds. */
static const char *axis_words(const struct map *map, uint64_t ticks)
{
        static char words[32];

        if ((double)(map->last - map->first) * map->ns_per_tick >= 1e6)
                return map_time_words(map, ticks);
        snprintf(words, sizeof words, "%.2f µs", (double)ticks * map->ns_per_tick / 1e3);
        return words;
}

static void put_time_axis(struct sheet *sheet, const struct map_drawing *drawing)
{
        const struct map *map = drawing->map;
        const double bottom = bottom_of(drawing);

        sheet_box(sheet, &(struct box){
                .name = "time", .class = "axis", .middle = { MAP_LEFT + MAP_PLOT_WIDTH / 2.0, bottom },
                .width = MAP_PLOT_WIDTH, .height = 1, .fill = ROLE_EDGE, .line = ROLE_EDGE, .style = "filled",
        });
        for (unsigned i = 0; i <= TIMES; i++)
                sheet_text(sheet, TEXT_TICK,
                           (struct point){ MAP_LEFT + (double)MAP_PLOT_WIDTH * i / TIMES, bottom + TIMES_BELOW },
                           ANCHOR_MIDDLE, FULL, TRANSPARENT,
                           axis_words(map, (uint64_t)((double)(map->last - map->first) / TIMES * i)));
}

/* What no region ever used. */
static void put_fold(struct sheet *sheet, const struct map_row *row, size_t number)
{
        const double middle = MAP_TOP + row->top + row->height / 2;
        char name[32], words[64];

        snprintf(name, sizeof name, "fold%zu", number);
        snprintf(words, sizeof words, "%s never used", format_about(vrange_size(row->range)));
        sheet_box(sheet, &(struct box){
                .name = name, .class = "fold", .tooltip = words,
                .middle = { MAP_LEFT + MAP_PLOT_WIDTH / 2.0, middle }, .width = MAP_PLOT_WIDTH, .height = row->height,
                .pen = row->height > 4 ? 0.5 : 0, .fill = ROLE_HOLE_FILL, .line = ROLE_HOLE_LINE,
                .style = "filled,dashed",
        });
        if (row->height >= ADDRESS_CLEAR)
                put_right_aligned(sheet, TEXT_TICK, MAP_LEFT + MAP_PLOT_WIDTH - 8, middle, words);
}

/* Folds, and addresses at the left where there is room for them. */
static void put_address_axis(struct sheet *sheet, const struct map_drawing *drawing)
{
        double lowest_label = HUGE_VAL;

        for (size_t i = 0; i < drawing->rows.count; i++) {
                const struct map_row *row = &drawing->rows.row[i];
                const double bottom = MAP_TOP + row->top + row->height;

                if (bottom <= lowest_label - ADDRESS_CLEAR) {
                        put_right_aligned(sheet, TEXT_TICK, MAP_LEFT - 8, bottom - 4, units_address(row->range.base));
                        lowest_label = bottom;
                }
                if (!row->is_used)
                        put_fold(sheet, row, i);
        }
        if (lowest_label >= MAP_TOP + ADDRESS_CLEAR)
                put_right_aligned(sheet, TEXT_TICK, MAP_LEFT - 8, MAP_TOP - 4, units_address(drawing->map->range.end));
}

/* --- captions --------------------------------------------------------------------------------------------- */

static void write_captions(struct map_drawing *drawing)
{
        const struct map *map = drawing->map;

        text_copy_name(drawing->title, sizeof drawing->title, map->name);
        text_append(drawing->title, sizeof drawing->title, " · memory over time");
        snprintf(drawing->subtitle, sizeof drawing->subtitle, "%s, %s, %s in %s · addresses up, time to the right",
                 format_counted(map->spans, "region"), format_counted(map->faults, "page fault"),
                 format_counted(map->refusals, "refused request"), map_time_words(map, map->last - map->first));
        if (drawing->merged)
                text_append(drawing->left_out, sizeof drawing->left_out, "%s too small to be drawn apart: they share bars. ",
                            format_counted(drawing->merged, "region"));
        if (drawing->faults_left_out)
                text_append(drawing->left_out, sizeof drawing->left_out, "%s at the place of another.",
                            format_counted(drawing->faults_left_out, "page fault"));
        snprintf(drawing->description, sizeof drawing->description, "%s. %s%sThe same in words: regionviz map --text.",
                 drawing->subtitle, drawing->left_out, *drawing->left_out ? " " : "");
}

/* The lines below the map, from the legend down. Returns where the next would go; `sheet` may be NULL. */
static double put_legend(struct sheet *sheet, const struct map_drawing *drawing)
{
        const struct map *map = drawing->map;
        const size_t said = map->refusals < MAP_REFUSALS_SAID ? map->refusals : MAP_REFUSALS_SAID;
        double y = bottom_of(drawing) + LEGEND_BELOW;
        char words[MAP_WORDS_SIZE + 64], fitting[MAP_WORDS_SIZE + 64];

        struct {
                enum text_kind kind;
                const char *words;
        } lines[] = {
                { TEXT_LEGEND, "● page fault handled   ☒ page fault that was an error   ▼ request refused   "
                               "red: writable   pale bands: never used, folded   heights are logarithmic" },
                { TEXT_LEGEND, drawing->left_out },
        };

        for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
                if (!*lines[i].words)
                        continue;
                if (sheet)
                        sheet_text(sheet, lines[i].kind, (struct point){ MAP_LEFT, y }, ANCHOR_START, FULL, TRANSPARENT,
                                   lines[i].words);
                y += LINE;
        }
        for (size_t i = 0; i < said + (map->refusals > said); i++, y += LINE) {
                if (!sheet)
                        continue;
                if (i < said)
                        snprintf(words, sizeof words, "▼ %zu  %s (event %s)", i + 1, map->refusal[i].words,
                                 format_count(map->refusal[i].event));
                else
                        snprintf(words, sizeof words, "▼ and %s more", format_count(map->refusals - said));
                text_fit(fitting, sizeof fitting, words, TEXT_REFUSED, MAP_PLOT_WIDTH);
                sheet_text(sheet, TEXT_REFUSED, (struct point){ MAP_LEFT, y }, ANCHOR_START, FULL, TRANSPARENT, fitting);
        }
        return y;
}

/* --- all of it -------------------------------------------------------------------------------------------- */

static void draw(struct sheet *sheet, const void *content)
{
        struct map_drawing *drawing = (struct map_drawing *)content;
        char title[MAP_TEXT_SIZE];

        text_fit(title, sizeof title, drawing->title, TEXT_TITLE, MAP_LEFT + MAP_PLOT_WIDTH - MARGIN);
        sheet_text(sheet, TEXT_TITLE, (struct point){ MARGIN, TITLE_LINE }, ANCHOR_START, FULL, TRANSPARENT, title);
        sheet_text(sheet, TEXT_SUBTITLE, (struct point){ MARGIN, SUBTITLE_LINE }, ANCHOR_START, FULL, TRANSPARENT,
                   drawing->subtitle);
        put_address_axis(sheet, drawing);
        map_put_regions(sheet, drawing);
        put_time_axis(sheet, drawing);
        map_put_faults(sheet, drawing);
        map_put_refusals(sheet, drawing);
        put_legend(sheet, drawing);
}

struct error map_picture(struct picture *out, const struct map *map)
{
        struct map_drawing *drawing = calloc(1, sizeof *drawing);
        struct error error;

        if (!drawing)
                return fail_no_memory();
        drawing->map = map;
        error = map_rows_make(&drawing->rows, map);
        if (error.code) {
                free(drawing);
                return error;
        }
        map_put_regions(NULL, drawing);
        map_put_faults(NULL, drawing);
        write_captions(drawing);
        *out = (struct picture){
                .title = drawing->title,
                .description = drawing->description,
                .width = MAP_LEFT + MAP_PLOT_WIDTH + MAP_RIGHT_EDGE,
                .height = put_legend(NULL, drawing) + BOTTOM,
                .scale = 1,
                .draw = draw,
                .content = drawing,
        };
        return SUCCESS;
}

void map_picture_clear(struct picture *picture)
{
        struct map_drawing *drawing = (struct map_drawing *)picture->content;

        if (drawing)
                map_rows_clear(&drawing->rows);
        free(drawing);
        *picture = (struct picture){ 0 };
}
