#include "map.h"
#include "event_table.h"
#include "format.h"
#include "map_rows.h"
#include "svg.h"
#include "units.h"

#include <math.h>
#include <stdlib.h>

enum {
        LEFT_EDGE = 150,
        PLOT_WIDTH = 1000,
        RIGHT_EDGE = 30,
        TOP_EDGE = 96,
        BOTTOM_EDGE = 74,
        LABEL_LEAST = 46,
        LETTER = 7,
        REFUSALS_SAID = 6,
        REFUSAL_LINE = 17,
        DOT_CELL = 4,
        LABEL_ROWS = 12,
        FOLD_WORDS = 150,
};

/* A picture that is being written. */
struct plot {
        FILE *file;
        const struct map *map;
        struct map_rows rows;
        size_t merged;                          /* spans that share a row with others */
        size_t faults_left_out;                 /* since another one lies at the same place */
};

static double x_of(const struct plot *plot, uint64_t ticks)
{
        const uint64_t length = plot->map->last - plot->map->first;

        return LEFT_EDGE + (length ? (double)(ticks - plot->map->first) / (double)length * PLOT_WIDTH : 0);
}

/* Of an address: within its row, the lowest address is at the bottom. */
static double y_of(const struct plot *plot, uint64_t address)
{
        const struct map_row *row = map_row_at(&plot->rows, address);
        const double part = (double)(address - row->range.base) / (double)vrange_size(row->range);

        return TOP_EDGE + row->top + row->height * (1 - fmin(part, 1));
}

static const char *time_words(const struct map *map, uint64_t ticks)
{
        static char words[8][32];
        static unsigned newest;
        char *out = words[newest++ % 8];

        snprintf(out, sizeof words[0], "%.3f ms", (double)ticks * map->ns_per_tick / 1e6);
        return out;
}

static void write_text(const struct plot *plot, const char *class, double x, double y, const char *anchor,
                       const char *text)
{
        fprintf(plot->file, "<text class=\"%s\" x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\">", class, x, y, anchor);
        svg_put_text(plot->file, text);
        fputs("</text>\n", plot->file);
}

/* --- frame ------------------------------------------------------------------------------------------------ */

static void write_colours(FILE *file, enum theme theme)
{
        static const struct {
                const char *rule;
                enum role role;
        } rules[] = {
                { ".paper{fill:", ROLE_PAPER },       { "text{fill:", ROLE_INK },
                { ".soft{fill:", ROLE_SOFT },         { ".folded{fill:", ROLE_HOLE_FILL },
                { ".fold{stroke:", ROLE_HOLE_LINE },  { ".bar{fill:", ROLE_GUARD_FILL },
                { ".bar{stroke:", ROLE_REGION_LINE }, { ".axis{stroke:", ROLE_EDGE },
                { ".fault{fill:", ROLE_PATH_INK },    { ".bad{stroke:", ROLE_REFUSED },
                { ".refused{fill:", ROLE_REFUSED },   { ".exec{fill:", ROLE_BLACK_FILL },
                { ".writable{fill:", ROLE_RED_FILL },
        };

        for (size_t i = 0; i < sizeof rules / sizeof *rules; i++)
                fprintf(file, "%s#%06x}", rules[i].rule, style_colour(rules[i].role, theme, FULL));
        fputc('\n', file);
}

static void write_style(FILE *file, enum theme_choice theme)
{
        fputs("<style>\ntext{font:12px \"DejaVu Sans\",Verdana,sans-serif;pointer-events:none}\n"
              ".mono{font:11px \"DejaVu Sans Mono\",Menlo,monospace}.title{font-size:20px;font-weight:bold}\n"
              ".bad{stroke-width:2;fill:none}.bar{stroke-width:1}.fold{stroke-dasharray:2 3}\n", file);
        write_colours(file, theme == THEME_ONLY_DARK ? THEME_DARK : THEME_LIGHT);
        if (theme == THEME_BOTH) {
                fputs("@media (prefers-color-scheme:dark){", file);
                write_colours(file, THEME_DARK);
                fputs("}\n", file);
        }
        fputs("</style>\n", file);
}

static double height_of(const struct plot *plot)
{
        const size_t said = plot->map->refusals < REFUSALS_SAID ? plot->map->refusals : REFUSALS_SAID + 1;

        return TOP_EDGE + plot->rows.height + BOTTOM_EDGE + (double)said * REFUSAL_LINE;
}

static void write_head(const struct plot *plot, enum theme_choice theme)
{
        const double width = LEFT_EDGE + PLOT_WIDTH + RIGHT_EDGE, height = height_of(plot);
        const struct map *map = plot->map;

        fprintf(plot->file,
                "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<svg xmlns=\"http://www.w3.org/2000/svg\" "
                "width=\"%.0f\" "
                "height=\"%.0f\" viewBox=\"0 0 %.0f %.0f\" style=\"max-width:100%%;min-width:700px;height:auto\" "
                "role=\"img\" "
                "aria-labelledby=\"title description\">\n<title id=\"title\">",
                width, height, width, height);
        svg_put_text(plot->file, map->name);
        fputs(" · memory over time</title>\n<desc id=\"description\">", plot->file);
        fprintf(plot->file, "%s, %s and %s in %s. The same in words: regionviz map --text.</desc>\n",
                format_counted(map->spans, "bar"), format_counted(map->faults, "page fault"),
                format_counted(map->refusals, "refused request"), time_words(map, map->last - map->first));
        write_style(plot->file, theme);
        fprintf(plot->file, "<rect class=\"paper\" width=\"%.0f\" height=\"%.0f\"/>\n", width, height);
        fputs("<text class=\"title\" x=\"20\" y=\"34\">", plot->file);
        svg_put_text(plot->file, map->name);
        fputs(" · memory over time</text>\n", plot->file);
        fprintf(plot->file,
                "<text class=\"soft\" x=\"20\" y=\"56\">%s, %s, %s · addresses up, time to the right</text>\n",
                format_counted(map->spans, "region"), format_counted(map->faults, "page fault"),
                format_counted(map->refusals, "refused request"));
}

static void write_time_axis(const struct plot *plot)
{
        enum { TICKS = 5 };
        const struct map *map = plot->map;
        const double bottom = TOP_EDGE + plot->rows.height;

        fprintf(plot->file, "<path class=\"axis\" d=\"M%d %.1fH%d\"/>\n", LEFT_EDGE, bottom, LEFT_EDGE + PLOT_WIDTH);
        for (unsigned i = 0; i <= TICKS; i++) {
                const uint64_t ticks = (map->last - map->first) / TICKS * i;

                write_text(plot, "mono soft", LEFT_EDGE + (double)PLOT_WIDTH * i / TICKS, bottom + 18, "middle",
                           time_words(map, ticks));
        }
}

/* Folded rows, and addresses at the left where there is room for them. */
static void write_address_axis(const struct plot *plot)
{
        double lowest_label = 1e9;

        for (size_t i = 0; i < plot->rows.count; i++) {
                const struct map_row *row = &plot->rows.row[i];
                const double top = TOP_EDGE + row->top, bottom = top + row->height;
                const bool has_words = row->height >= LABEL_ROWS;
                char words[64];

                if (bottom <= lowest_label - LABEL_ROWS) {
                        write_text(plot, "mono soft", LEFT_EDGE - 8, bottom, "end", units_address(row->range.base));
                        lowest_label = bottom;
                }
                if (row->is_used)
                        continue;
                fprintf(plot->file,
                        "<rect class=\"folded\" x=\"%d\" y=\"%.1f\" width=\"%d\" height=\"%.1f\"/>\n"
                        "<path class=\"fold\" d=\"M%d %.1fh%d\"/>\n",
                        LEFT_EDGE, top, PLOT_WIDTH, row->height, LEFT_EDGE, top + row->height / 2,
                        PLOT_WIDTH - (has_words ? FOLD_WORDS : 0));
                snprintf(words, sizeof words, "%s never used", format_about(vrange_size(row->range)));
                if (has_words)
                        write_text(plot, "soft", LEFT_EDGE + PLOT_WIDTH - 6, top + row->height / 2 + 4, "end", words);
        }
        if (lowest_label >= TOP_EDGE + LABEL_ROWS)
                write_text(plot, "mono soft", LEFT_EDGE - 8, TOP_EDGE, "end", units_address(plot->map->range.end));
}

/* --- regions ---------------------------------------------------------------------------------------------- */

static bool is_merged(const struct plot *plot, const struct map_span *span)
{
        const struct map_row *row = map_row_at(&plot->rows, span->range.base);

        return row->parts > 1 && span->range.end <= row->range.end;
}

static const char *class_of(enum protection protection)
{
        return protection & PROTECT_WRITE ? "bar writable" : protection & PROTECT_EXECUTE ? "bar exec" : "bar";
}

static void write_span(const struct plot *plot, const struct map_span *span)
{
        const double x = x_of(plot, span->from), width = fmax(1, x_of(plot, span->to) - x);
        const double top = y_of(plot, span->range.end - 1), bottom = y_of(plot, span->range.base);
        const size_t letters = (size_t)fmax(0, (width - 8) / LETTER);
        char label[MAP_NAME_SIZE + 8];

        fprintf(plot->file, "<g><title>");
        svg_put_text(plot->file, span->name);
        fprintf(plot->file, " %s %s, %s to %s</title>", format_protection(span->protection), units_range(span->range),
                time_words(plot->map, span->from - plot->map->first),
                span->is_open ? "the end" : time_words(plot->map, span->to - plot->map->first));
        fprintf(plot->file, "<rect class=\"%s\" x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\"/></g>\n",
                class_of(span->protection), x, top, width, fmax(1, bottom - top));
        snprintf(label, sizeof label, "%.*s", (int)letters, span->name);
        if (width >= LABEL_LEAST && bottom - top >= LABEL_ROWS) {
                if (letters > MAP_NAME_SIZE + 4 || letters > 4 + sizeof span->name)
                        snprintf(label, sizeof label, "%s %s", span->name, format_protection(span->protection));
                write_text(plot, "label", x + 4, (top + bottom) / 2 + 4, "start", label);
        }
}

/* Spans that lie in a merged row: one bar for as long as any of them was there. They come in the order of their
 * beginning. */
static void write_merged_row(struct plot *plot, const struct map_row *row)
{
        const struct map *map = plot->map;
        uint64_t from = 0, to = 0;
        size_t count = 0;

        for (size_t i = 0; i <= map->spans; i++) {
                const struct map_span *span = i < map->spans ? &map->span[i] : NULL;

                if (span && (!is_merged(plot, span) || map_row_at(&plot->rows, span->range.base) != row))
                        continue;
                if (count && (!span || span->from > to)) {
                        fprintf(plot->file,
                                "<g><title>%s between %s, too low to be drawn apart</title><rect class=\"bar\" "
                                "x=\"%.1f\" "
                                "y=\"%.1f\" width=\"%.1f\" height=\"%.1f\"/></g>\n",
                                format_counted(count, "region"), units_range(row->range), x_of(plot, from),
                                TOP_EDGE + row->top, fmax(1, x_of(plot, to) - x_of(plot, from)), row->height);
                        plot->merged += count;
                        count = 0;
                }
                if (!span)
                        break;
                if (!count++)
                        from = span->from;
                if (count == 1 || span->to > to)
                        to = span->to;
        }
}

static void write_regions(struct plot *plot)
{
        for (size_t i = 0; i < plot->rows.count; i++)
                if (plot->rows.row[i].parts > 1)
                        write_merged_row(plot, &plot->rows.row[i]);
        for (size_t i = 0; i < plot->map->spans; i++)
                if (!is_merged(plot, &plot->map->span[i]))
                        write_span(plot, &plot->map->span[i]);
}

/* --- faults and refusals ---------------------------------------------------------------------------------- */

static void write_fault(const struct plot *plot, const struct map_fault *fault)
{
        const double x = x_of(plot, fault->ticks), y = y_of(plot, fault->address);

        fprintf(plot->file, "<g><title>page fault at %s, %s: %s</title>", units_address(fault->address),
                time_words(plot->map, fault->ticks - plot->map->first), fault_verdict_name(fault->verdict));
        if (map_fault_is_fine(fault))
                fprintf(plot->file, "<circle class=\"fault\" cx=\"%.1f\" cy=\"%.1f\" r=\"2.5\"/></g>\n", x, y);
        else
                fprintf(plot->file, "<path class=\"bad\" d=\"M%.1f %.1fl8 8m0 -8l-8 8\"/></g>\n", x - 4, y - 4);
}

/* Of several faults at one place of the picture, the first is drawn, and each that killed a program. */
static void write_faults(struct plot *plot)
{
        const size_t columns = (LEFT_EDGE + PLOT_WIDTH) / DOT_CELL + 1;
        const size_t lines = (size_t)(TOP_EDGE + plot->rows.height) / DOT_CELL + 2;
        bool *is_taken = calloc(columns * lines, sizeof *is_taken);

        for (size_t i = 0; i < plot->map->faults; i++) {
                const struct map_fault *fault = &plot->map->fault[i];
                const size_t column = (size_t)x_of(plot, fault->ticks) / DOT_CELL,
                             line = (size_t)y_of(plot, fault->address) / DOT_CELL;
                bool *cell = is_taken ? &is_taken[line * columns + column] : NULL;

                if (cell && *cell && map_fault_is_fine(fault)) {
                        plot->faults_left_out++;
                        continue;
                }
                if (cell)
                        *cell = true;
                write_fault(plot, fault);
        }
        free(is_taken);
}

/* A numbered mark above the map at the time of the request, and its words below. */
static void write_refusals(const struct plot *plot)
{
        const struct map *map = plot->map;
        double y = TOP_EDGE + plot->rows.height + 58;

        for (size_t i = 0; i < map->refusals; i++) {
                const struct map_refusal *refusal = &map->refusal[i];
                const double x = x_of(plot, refusal->ticks);
                char words[MAP_WORDS_SIZE + 48];

                fputs("<g><title>", plot->file);
                svg_put_text(plot->file, refusal->words);
                fprintf(plot->file, "</title><path class=\"refused\" d=\"M%.1f %dl-5 -9h10z\"/></g>\n", x,
                        TOP_EDGE - 2);
                if (i >= REFUSALS_SAID)
                        continue;
                snprintf(words, sizeof words, "%zu", i + 1);
                write_text(plot, "refused", x, TOP_EDGE - 15, "middle", words);
                snprintf(words, sizeof words, "▼ %zu  %s (event %s)", i + 1, refusal->words,
                         format_count(refusal->event));
                write_text(plot, "refused", LEFT_EDGE, y, "start", words);
                y += REFUSAL_LINE;
        }
        if (map->refusals > REFUSALS_SAID) {
                char words[64];

                snprintf(words, sizeof words, "and %s more", format_count(map->refusals - REFUSALS_SAID));
                write_text(plot, "refused", LEFT_EDGE, y, "start", words);
        }
}

static void write_legend(const struct plot *plot)
{
        const double y = TOP_EDGE + plot->rows.height + 40;
        char words[256];

        snprintf(words, sizeof words,
                 "● page fault handled   × page fault that was an error   ▼ request refused   heights are "
                 "logarithmic");
        write_text(plot, "soft", LEFT_EDGE, y, "start", words);
        if (plot->merged || plot->faults_left_out) {
                snprintf(words, sizeof words, "%s too low to be drawn apart, %s at a place of another",
                         format_counted(plot->merged, "region"), format_counted(plot->faults_left_out, "fault"));
                write_text(plot, "soft", LEFT_EDGE + PLOT_WIDTH, y, "end", words);
        }
}

void map_write_svg(const struct map *map, enum theme_choice theme, FILE *file)
{
        struct plot plot = { .file = file, .map = map };

        if (map_rows_make(&plot.rows, map).code)
                return;
        write_head(&plot, theme);
        write_address_axis(&plot);
        write_time_axis(&plot);
        write_regions(&plot);
        write_faults(&plot);
        write_legend(&plot);
        write_refusals(&plot);
        fputs("</svg>\n", file);
        map_rows_clear(&plot.rows);
}
