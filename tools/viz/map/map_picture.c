#include "base/error_message.h"
#include "base/format.h"
#include "draw/text.h"
#include "draw/units.h"
#include "map/map_internal.h"

#include <math.h>
#include <stdlib.h>

enum {
        MARGIN = 24,
        TITLE_LINE = 32,
        SUBTITLE_LINE = 58,
        ADDRESS_CLEAR = 12,                     /* least distance between two addresses, or a fold's height for words */
        TIMES_BELOW = 14,
        LEGEND_BELOW = 40,
        BOTTOM = 8,
        TIMES = 6,
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

/* How far apart the times on the axis are: 1, 2 or 5 times a power of ten, so that there are about TIMES of them. */
static double time_step(double length)
{
        const double even = length / TIMES, power = pow(10, floor(log10(even)));

        return power * (even < 1.5 * power ? 1 : even < 3.5 * power ? 2 : even < 7.5 * power ? 5 : 10);
}

/* Short recordings need finer words than milliseconds. */
static void put_times(struct sheet *sheet, const struct map *map, double bottom)
{
        const double nanoseconds = (double)(map->last - map->first) * map->ns_per_tick;
        const bool is_short = nanoseconds < 1e6;
        const double length = nanoseconds / (is_short ? 1e3 : 1e6);
        double step, decimals;
        char words[32];

        if (!(length > 0))
                return;
        step = time_step(length);
        decimals = fmax(0, -floor(log10(step) + 1e-9));
        for (unsigned i = 0; i * step <= length * (1 + 1e-9); i++) {
                snprintf(words, sizeof words, "%.*f %s", (int)decimals, i * step, is_short ? "µs" : "ms");
                sheet_text(sheet, TEXT_TICK,
                           (struct point){ MAP_LEFT + MAP_PLOT_WIDTH * (i * step / length), bottom + TIMES_BELOW },
                           ANCHOR_MIDDLE, FULL, TRANSPARENT, words);
        }
}

static void put_time_axis(struct sheet *sheet, const struct map_drawing *drawing)
{
        const double bottom = bottom_of(drawing);

        sheet_box(sheet, &(struct box){
                .name = "time", .class = "axis", .middle = { MAP_LEFT + MAP_PLOT_WIDTH / 2.0, bottom },
                .width = MAP_PLOT_WIDTH, .height = 1, .fill = ROLE_EDGE, .line = ROLE_EDGE, .style = "filled",
        });
        put_times(sheet, drawing->map, bottom);
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
        map_put_gaps(sheet, drawing);
        map_put_refusals(sheet, drawing);
        map_put_legend(sheet, drawing, bottom_of(drawing) + LEGEND_BELOW);
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
        map_write_captions(drawing);
        *out = (struct picture){
                .title = drawing->title,
                .description = drawing->description,
                .width = MAP_LEFT + MAP_PLOT_WIDTH + MAP_RIGHT_EDGE,
                .height = map_put_legend(NULL, drawing, bottom_of(drawing) + LEGEND_BELOW) + BOTTOM,
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
