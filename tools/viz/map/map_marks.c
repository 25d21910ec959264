#include "base/format.h"
#include "draw/text.h"
#include "draw/units.h"
#include "map/map_internal.h"
#include "stream/event_table.h"

#include <math.h>
#include <stdlib.h>

enum { LABEL_WIDTH = 26, LABEL_HEIGHT = 13, SMALL_LABEL_HEIGHT = 9, DOT = 5, CROSS = 9, CELL = 4 };

/* --- regions ---------------------------------------------------------------------------------------------- */

/* A part of the plot in pixels. */
struct area {
        double left, right, top, bottom;
};

/* At least one pixel wide and high. */
static struct area area_of(const struct map_drawing *drawing, const struct map_span *span)
{
        struct area area = {
                .left = map_x(drawing, span->from),
                .right = map_x(drawing, span->to),
                .top = map_y(drawing, span->range.end - 1),
                .bottom = map_y(drawing, span->range.base),
        };

        area.right = fmax(area.right, area.left + 1);
        area.bottom = fmax(area.bottom, area.top + 1);
        return area;
}

static enum role fill_of(enum protection protection)
{
        return protection & PROTECT_WRITE ? ROLE_RED_FILL : protection & PROTECT_EXECUTE ? ROLE_BLACK_FILL : ROLE_GUARD_FILL;
}

static void put_bar(struct sheet *sheet, const char *name, const char *class, const struct area *area, enum role fill,
                    const char *tooltip)
{
        const double width = area->right - area->left, height = area->bottom - area->top;
        const bool is_thin = fmin(width, height) < 3;

        sheet_box(sheet, &(struct box){
                .name = name, .class = class, .tooltip = tooltip,
                .middle = { (area->left + area->right) / 2, (area->top + area->bottom) / 2 },
                .width = width, .height = height, .pen = is_thin ? 0 : height < 6 ? 0.5 : 1,
                .fill = is_thin ? ROLE_HOLE_LINE : fill, .line = ROLE_REGION_LINE, .style = "filled",
        });
}

/* The name and the protection, or as much of the name as there is room for. */
static void put_label(struct sheet *sheet, const struct map_span *span, const struct area *area)
{
        const double room = area->right - area->left - 8, height = area->bottom - area->top;
        const enum text_kind kind = height >= LABEL_HEIGHT ? TEXT_PIECE : TEXT_HOLE;
        char label[MAP_NAME_SIZE + 8], fitting[MAP_NAME_SIZE + 8];

        if (room < LABEL_WIDTH || height < SMALL_LABEL_HEIGHT)
                return;
        snprintf(label, sizeof label, "%s %s", span->name, format_protection(span->protection));
        text_fit(fitting, sizeof fitting, text_width(label, kind) <= room ? label : span->name, kind, room);
        sheet_text(sheet, kind, (struct point){ area->left + 4, (area->top + area->bottom) / 2 }, ANCHOR_START,
                   FULL, TRANSPARENT, fitting);
}

static void put_span(struct sheet *sheet, const struct map_drawing *drawing, size_t number)
{
        const struct map_span *span = &drawing->map->span[number];
        const uint64_t first = drawing->map->first;
        const struct area area = area_of(drawing, span);
        char name[32], tooltip[MAP_TEXT_SIZE];

        snprintf(name, sizeof name, "span%zu", number);
        snprintf(tooltip, sizeof tooltip, "%s %s, %s, %s to %s", span->name, format_protection(span->protection),
                 units_range(span->range), map_time_words(drawing->map, span->from - first),
                 span->is_open ? "the end" : map_time_words(drawing->map, span->to - first));
        put_bar(sheet, name, "bar", &area, fill_of(span->protection), tooltip);
        put_label(sheet, span, &area);
}

static bool is_too_low(const struct map_drawing *drawing, const struct map_span *span)
{
        const struct map_row *row = map_row_at(&drawing->rows, span->range.base);

        return row->parts > 1 && span->range.end <= row->range.end;
}

/* Shorter than a pixel. */
static bool is_too_short(const struct map_drawing *drawing, const struct map_span *span)
{
        return map_x(drawing, span->to) - map_x(drawing, span->from) < 1;
}

/*
 * Spans that share a bar, each from the first's beginning on: those of one row that are too low, for as long as any of
 * them was there, or those at one base that are too short, as long as they follow each other within a pixel.
 */
struct shared {
        const struct map_row *row;
        uint64_t base;                          /* of the lowest */
        uint64_t end, from, to;
        size_t count, first;
};

static void put_shared(struct sheet *sheet, struct map_drawing *drawing, const struct shared *shared)
{
        const struct map_span whole = {
                .range = { shared->base, shared->end }, .from = shared->from, .to = shared->to,
        };
        struct area area = area_of(drawing, &whole);
        char name[32], tooltip[MAP_TEXT_SIZE];

        if (shared->count == 1) {
                if (sheet)
                        put_span(sheet, drawing, shared->first);
                return;
        }
        drawing->merged += shared->count;
        if (!sheet)
                return;
        snprintf(name, sizeof name, "shared%zu", shared->first);
        snprintf(tooltip, sizeof tooltip, "%s between %s, too small to be drawn apart",
                 format_counted(shared->count, "region"), units_range(whole.range));
        put_bar(sheet, name, "bar shared", &area, ROLE_GUARD_FILL, tooltip);
}

/* Whether the span goes into the bar: it begins before that has ended by more than a pixel. */
static bool continues(const struct map_drawing *drawing, const struct shared *shared, const struct map_span *span)
{
        return span->from <= shared->to || map_x(drawing, span->from) - map_x(drawing, shared->to) < 1;
}

static void begin_shared(struct shared *shared, const struct map_row *row, const struct map_span *span, size_t number)
{
        *shared = (struct shared){ row, span->range.base, span->range.end, span->from, span->to, 1, number };
}

static void extend_shared(struct shared *shared, const struct map_span *span)
{
        shared->base = span->range.base < shared->base ? span->range.base : shared->base;
        shared->end = span->range.end > shared->end ? span->range.end : shared->end;
        shared->to = span->to > shared->to ? span->to : shared->to;
        shared->count++;
}

/* Each row has at most one bar that is growing, since spans come in the order of their beginnings. */
static void put_small_ones(struct sheet *sheet, struct map_drawing *drawing, struct shared *growing)
{
        for (size_t i = 0; i < drawing->map->spans; i++) {
                const struct map_span *span = &drawing->map->span[i];
                const struct map_row *row = map_row_at(&drawing->rows, span->range.base);
                struct shared *shared = &growing[row - drawing->rows.row];

                if (!is_too_low(drawing, span) && !is_too_short(drawing, span))
                        continue;
                if (shared->count && continues(drawing, shared, span)) {
                        extend_shared(shared, span);
                        continue;
                }
                if (shared->count)
                        put_shared(sheet, drawing, shared);
                begin_shared(shared, row, span, i);
        }
        for (size_t i = 0; i < drawing->rows.count; i++)
                if (growing[i].count)
                        put_shared(sheet, drawing, &growing[i]);
}

void map_put_regions(struct sheet *sheet, struct map_drawing *drawing)
{
        struct shared *growing = calloc(drawing->rows.count + 1, sizeof *growing);

        drawing->merged = 0;
        for (size_t i = 0; sheet && i < drawing->map->spans; i++) {
                const struct map_span *span = &drawing->map->span[i];

                if (!growing || (!is_too_low(drawing, span) && !is_too_short(drawing, span)))
                        put_span(sheet, drawing, i);
        }
        if (growing)
                put_small_ones(sheet, drawing, growing);
        free(growing);
}

/* --- page faults ------------------------------------------------------------------------------------------ */

static void put_fault(struct sheet *sheet, const struct map_drawing *drawing, size_t number)
{
        const struct map_fault *fault = &drawing->map->fault[number];
        const struct point at = { map_x(drawing, fault->ticks), map_y(drawing, fault->address) };
        const bool is_fine = map_fault_is_fine(fault);
        char name[32], tooltip[128];

        snprintf(name, sizeof name, "fault%zu", number);
        snprintf(tooltip, sizeof tooltip, "page fault at %s, %s: %s", units_address(fault->address),
                 map_time_words(drawing->map, fault->ticks - drawing->map->first), fault_verdict_name(fault->verdict));
        sheet_box(sheet, &(struct box){
                .name = name, .class = is_fine ? "fault" : "fault bad", .tooltip = tooltip, .middle = at,
                .width = is_fine ? DOT : CROSS, .height = is_fine ? DOT : CROSS, .pen = is_fine ? 0 : 1.5,
                .fill = is_fine ? ROLE_PATH_INK : ROLE_PAPER, .line = ROLE_REFUSED, .style = "filled",
                .shape = is_fine ? "circle" : NULL,
        });
        if (!is_fine)
                sheet_text(sheet, TEXT_REFUSED, at, ANCHOR_MIDDLE, FULL, TRANSPARENT, "×");
}

/* Of several faults at one place of the picture, the first is drawn, and each that was an error. */
void map_put_faults(struct sheet *sheet, struct map_drawing *drawing)
{
        const size_t columns = (MAP_LEFT + MAP_PLOT_WIDTH) / CELL + 1;
        const size_t lines = (size_t)(MAP_TOP + drawing->rows.height) / CELL + 2;
        bool *is_taken = calloc(columns * lines, sizeof *is_taken);

        drawing->faults_left_out = 0;
        for (size_t i = 0; i < drawing->map->faults; i++) {
                const struct map_fault *fault = &drawing->map->fault[i];
                const size_t column = (size_t)map_x(drawing, fault->ticks) / CELL;
                const size_t line = (size_t)map_y(drawing, fault->address) / CELL;
                bool *cell = is_taken ? &is_taken[line * columns + column] : NULL;

                if (cell && *cell && map_fault_is_fine(fault)) {
                        drawing->faults_left_out++;
                        continue;
                }
                if (cell)
                        *cell = true;
                if (sheet)
                        put_fault(sheet, drawing, i);
        }
        free(is_taken);
}

/* --- refused requests ------------------------------------------------------------------------------------- */

/* A mark above the map at the time of each; the first ones have numbers, and their words are below the map. */
void map_put_refusals(struct sheet *sheet, const struct map_drawing *drawing)
{
        double marked = -HUGE_VAL, numbered = -HUGE_VAL;

        for (size_t i = 0; i < drawing->map->refusals; i++) {
                const double x = map_x(drawing, drawing->map->refusal[i].ticks);
                char number[24];

                if (x < marked + 1)
                        continue;
                marked = x;
                sheet_text(sheet, TEXT_REFUSED, (struct point){ x, MAP_TOP - 8 }, ANCHOR_MIDDLE, FULL, TRANSPARENT, "▼");
                snprintf(number, sizeof number, "%zu", i + 1);
                if (i >= MAP_REFUSALS_SAID || x < numbered + text_width(number, TEXT_REFUSED) + 2)
                        continue;
                numbered = x;
                sheet_text(sheet, TEXT_REFUSED, (struct point){ x, MAP_TOP - 22 }, ANCHOR_MIDDLE, FULL, TRANSPARENT,
                           number);
        }
}

/* --- gaps ------------------------------------------------------------------------------------------------- */

/* Over the bars: they go on behind it only if the region was there before the gap and after it. */
void map_put_gaps(struct sheet *sheet, const struct map_drawing *drawing)
{
        static const char words[] = "not known";
        const struct map *map = drawing->map;

        for (size_t i = 0; i < map->gaps; i++) {
                const struct area area = {
                        .left = map_x(drawing, map->gap[i].from),
                        .right = fmax(map_x(drawing, map->gap[i].to), map_x(drawing, map->gap[i].from) + 2),
                        .top = MAP_TOP,
                        .bottom = MAP_TOP + drawing->rows.height,
                };
                const struct point middle = { (area.left + area.right) / 2, (area.top + area.bottom) / 2 };
                char name[32], tooltip[MAP_TEXT_SIZE];

                snprintf(name, sizeof name, "gap%zu", i);
                snprintf(tooltip, sizeof tooltip, "events are missing: not known from %s to %s",
                         map_time_words(map, map->gap[i].from - map->first),
                         map_time_words(map, map->gap[i].to - map->first));
                sheet_box(sheet, &(struct box){
                        .name = name, .class = "gap", .tooltip = tooltip, .middle = middle,
                        .width = area.right - area.left, .height = area.bottom - area.top, .pen = 1,
                        .fill = ROLE_HOLE_FILL, .line = ROLE_REFUSED, .style = "filled,dashed",
                });
                if (text_width(words, TEXT_REFUSED) <= area.right - area.left - 8)
                        sheet_text(sheet, TEXT_REFUSED, middle, ANCHOR_MIDDLE, FULL, TRANSPARENT, words);
        }
}
