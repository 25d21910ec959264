#include "locks/locks_picture.h"
#include "base/error_message.h"
#include "base/format.h"
#include "draw/graph.h"
#include "draw/text.h"
#include "stream/event_table.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { MARGIN = 24, TITLE_ROW = 30, TEXT_ROW = 22, BETWEEN = 60, BOLD = 3, PLAIN = 1, LEGEND_ROW = 19,
       BELOW_GRAPHS = 96, WIDTH_MOST = 1400 };

static const char of_moment[] = "Who holds and who waits", of_order[] = "The order of classes, and when first";

struct drawing {
        const struct locks *locks;
        char title[LOCKS_WORDS_SIZE], cycle[LOCKS_WORDS_SIZE], violation[LOCKS_WORDS_SIZE];
        char description[3 * LOCKS_WORDS_SIZE];
        struct graph *moment, *order;
        size_t node_of_class[LOCK_CLASS_COUNT];
        double heading;                         /* where the two graphs begin, from the top */
};

static const char *meaning_of(enum lock_class class)
{
        return enumeration_of_name("lock_class")->word[class].meaning;
}

/* --- who holds, who waits ---------------------------------------------------------------------------------- */

/* Whether a lock is one that a processor of the cycle waits for. */
static bool is_lock_of_cycle(const struct locks *locks, uint64_t address)
{
        for (size_t i = 0; i < locks->cycle; i++)
                if (locks->cpu[locks->in_cycle[i]].wanted.address == address)
                        return true;
        return false;
}

/* The node of a lock, which is added when it is met first. One that is waited for may be free again by now. */
static size_t node_of_lock(struct drawing *drawing, const struct lock_place *place, bool is_held)
{
        const bool is_in_cycle = is_lock_of_cycle(drawing->locks, place->address);
        struct graph *graph = drawing->moment;
        struct graph_node node = {
                .tooltip = meaning_of(place->class), .fill = is_in_cycle ? ROLE_RED_FILL : ROLE_BLACK_FILL,
                .line = is_in_cycle ? ROLE_REFUSED : ROLE_BLACK_LINE, .pen = is_in_cycle ? BOLD : PLAIN,
        };

        snprintf(node.text[0], sizeof node.text[0], "%s%s", lock_class_name(place->class), is_held ? "" : ", free again");
        snprintf(node.text[1], sizeof node.text[1], "%s", format_address(place->address));
        for (size_t i = 0; i < graph->nodes; i++)
                if (!graph->node[i].is_round && !strcmp(graph->node[i].text[1], node.text[1]))
                        return i;
        return graph_add_node(graph, node);
}

static size_t add_processor(struct drawing *drawing, unsigned cpu)
{
        const struct lock_processor *processor = &drawing->locks->cpu[cpu];
        struct graph_node node = {
                .is_round = true,
                .fill = processor->is_in_cycle ? ROLE_RED_FILL : ROLE_HOLE_FILL,
                .line = processor->is_in_cycle ? ROLE_REFUSED : ROLE_BLACK_LINE,
                .pen = processor->is_in_cycle ? BOLD : PLAIN,
        };

        snprintf(node.text[0], sizeof node.text[0], "cpu %u", cpu);
        text_copy_name(node.text[1], sizeof node.text[1], processor->task);
        return graph_add_node(drawing->moment, node);
}

static void add_arrow(struct drawing *drawing, size_t from, size_t to, const struct lock_place *place, bool waits,
                      bool is_in_cycle)
{
        struct graph_edge edge = {
                .from = from,
                .to = to,
                .kind = is_in_cycle ? TEXT_REFUSED : TEXT_LEGEND,
                .line = is_in_cycle ? ROLE_REFUSED : ROLE_EDGE,
                .pen = is_in_cycle ? BOLD : PLAIN + 0.5,
                .is_dashed = waits,
        };

        snprintf(edge.text, sizeof edge.text, "%s since %s", waits ? "waits" : "held", format_count(place->since));
        graph_add_edge(drawing->moment, edge);
}

static void add_locks_of(struct drawing *drawing, unsigned cpu)
{
        const struct lock_processor *processor = &drawing->locks->cpu[cpu];
        const size_t node = add_processor(drawing, cpu);

        for (size_t i = 0; i < processor->held && i < LOCKS_SHOWN_MOST; i++)
                add_arrow(drawing, node_of_lock(drawing, &processor->hold[i], true), node, &processor->hold[i], false,
                          processor->is_in_cycle && is_lock_of_cycle(drawing->locks, processor->hold[i].address));
        if (processor->waits)
                add_arrow(drawing, node, node_of_lock(drawing, &processor->wanted, processor->wanted_is_held),
                          &processor->wanted, true, processor->is_in_cycle);
}

static void fill_moment(struct drawing *drawing)
{
        const struct locks *locks = drawing->locks;

        for (unsigned cpu = 0; cpu < locks->cpus; cpu++)
                if (locks->cpu[cpu].held || locks->cpu[cpu].waits)
                        add_locks_of(drawing, cpu);
}

/* --- the order --------------------------------------------------------------------------------------------- */

static bool is_violation(const struct locks *locks, enum lock_class held, enum lock_class taken)
{
        return locks->violation.event && locks->violation.held == held && locks->violation.wanted == taken;
}

static bool is_on_way_back(const struct locks *locks, enum lock_class held, enum lock_class taken)
{
        const struct lock_violation *violation = &locks->violation;

        for (size_t i = 0; i + 1 < violation->steps; i++)
                if (violation->step[i] == held && violation->step[i + 1] == taken)
                        return true;
        return false;
}

static void add_edge(struct drawing *drawing, enum lock_class held, enum lock_class taken)
{
        const struct locks *locks = drawing->locks;
        const struct lock_edge *known = &locks->edge[held][taken];
        const bool is_wrong = is_violation(locks, held, taken), is_way = is_on_way_back(locks, held, taken);
        struct graph_edge edge = {
                .from = drawing->node_of_class[held], .to = drawing->node_of_class[taken],
                .kind = is_wrong ? TEXT_REFUSED : TEXT_LEGEND, .is_free = is_wrong,
                .line = is_wrong ? ROLE_REFUSED : is_way ? ROLE_PATH : ROLE_EDGE,
                .pen = is_wrong || is_way ? BOLD : PLAIN + 0.5,
        };

        if (!is_wrong && !is_way && (!known->count || locks_is_implied(locks, held, taken)))
                return;
        snprintf(edge.text, sizeof edge.text, "%s%s", is_wrong ? "violation: " : "",
                 format_count(is_wrong ? locks->violation.event : known->first));
        if (known->count > 1)
                text_append(edge.text, sizeof edge.text, " · %s times", format_count(known->count));
        graph_add_edge(drawing->order, edge);
}

/* A class is drawn if an edge leads to it or from it. */
static bool is_drawn(const struct locks *locks, enum lock_class class)
{
        for (unsigned other = 0; other < LOCK_CLASS_COUNT; other++)
                if (locks->edge[class][other].count || locks->edge[other][class].count)
                        return true;
        return locks->violation.event && (locks->violation.held == class || locks->violation.wanted == class);
}

static void add_class(struct drawing *drawing, enum lock_class class)
{
        const struct lock_violation *violation = &drawing->locks->violation;
        const bool is_wrong = violation->event && (violation->held == class || violation->wanted == class);
        struct graph_node node = {
                .tooltip = meaning_of(class),
                .fill = ROLE_BLACK_FILL,
                .line = is_wrong ? ROLE_REFUSED : ROLE_BLACK_LINE,
                .pen = PLAIN,
        };

        snprintf(node.text[0], sizeof node.text[0], "%s", lock_class_name(class));
        drawing->node_of_class[class] = graph_add_node(drawing->order, node);
}

static void fill_order(struct drawing *drawing)
{
        for (unsigned class = 0; class < LOCK_CLASS_COUNT; class++)
                if (is_drawn(drawing->locks, (enum lock_class)class))
                        add_class(drawing, (enum lock_class)class);
        for (unsigned held = 0; held < LOCK_CLASS_COUNT; held++)
                for (unsigned taken = 0; taken < LOCK_CLASS_COUNT; taken++)
                        add_edge(drawing, (enum lock_class)held, (enum lock_class)taken);
}

/* --- the sheet --------------------------------------------------------------------------------------------- */

static void write_line(struct sheet *sheet, enum text_kind kind, double x, double y, const char *words)
{
        if (*words)
                sheet_text(sheet, kind, (struct point){ x, y }, ANCHOR_START, FULL, TRANSPARENT, words);
}

static double width_of(const struct graph *graph, const char *heading)
{
        return fmax(graph->width, text_width(heading, TEXT_SUBTITLE));
}

static double height_of(const struct graph *graph)
{
        return fmax(graph->height, 2 * TEXT_ROW);
}

/* Whether the order stands beneath the moment: beside it, the picture would be wider than a screen. */
static bool is_stacked(const struct drawing *drawing)
{
        return width_of(drawing->moment, of_moment) + BETWEEN + width_of(drawing->order, of_order) + 2 * MARGIN > WIDTH_MOST;
}

/* Where the heading of the order begins. */
static struct point place_of_order(const struct drawing *drawing)
{
        if (is_stacked(drawing))
                return (struct point){ MARGIN, drawing->heading + height_of(drawing->moment) + BETWEEN };
        return (struct point){ MARGIN + width_of(drawing->moment, of_moment) + BETWEEN, drawing->heading };
}

static void draw(struct sheet *sheet, const void *content)
{
        const struct drawing *drawing = content;
        const struct locks *locks = drawing->locks;
        const double top = drawing->heading + TEXT_ROW;
        const struct point order = place_of_order(drawing);
        double y = MARGIN + TITLE_ROW / 2.0;

        write_line(sheet, TEXT_TITLE, MARGIN, y, drawing->title);
        y += TITLE_ROW;
        write_line(sheet, TEXT_ALERT, MARGIN, y, drawing->cycle);
        y += *drawing->cycle ? TEXT_ROW : 0;
        write_line(sheet, TEXT_ALERT, MARGIN, y, drawing->violation);
        write_line(sheet, TEXT_SUBTITLE, MARGIN, drawing->heading, of_moment);
        write_line(sheet, TEXT_SUBTITLE, order.x, order.y, of_order);
        if (!drawing->moment->nodes)
                write_line(sheet, TEXT_LEGEND, MARGIN, top + TEXT_ROW,
                           locks->has_events ? "no lock is held" : "no events: ask for trace=+lock");
        if (!drawing->order->nodes)
                write_line(sheet, TEXT_LEGEND, order.x, order.y + 2 * TEXT_ROW, "no lock was taken while another was held");
        graph_draw(sheet, drawing->moment, (struct point){ MARGIN, top }, "m");
        graph_draw(sheet, drawing->order, (struct point){ order.x, order.y + TEXT_ROW }, "o");
        write_line(sheet, TEXT_LEGEND, MARGIN, sheet->height - MARGIN - LEGEND_ROW,
                   "lock → processor: it holds the lock · processor ⇢ lock: it waits for the lock");
        write_line(sheet, TEXT_LEGEND, MARGIN, sheet->height - MARGIN,
                   "class → class: the second was taken while the first was held; at which event first, and how often");
}

static struct picture picture_of(const struct drawing *drawing)
{
        const struct point order = place_of_order(drawing);
        const double bottom = fmax(drawing->heading + height_of(drawing->moment), order.y + height_of(drawing->order));
        double width = fmax(width_of(drawing->moment, of_moment) + MARGIN, order.x + width_of(drawing->order, of_order));

        width = fmax(width, MARGIN + text_width(drawing->title, TEXT_TITLE));
        width = fmax(width, MARGIN + text_width(drawing->cycle, TEXT_ALERT));
        width = fmax(width, MARGIN + text_width(drawing->violation, TEXT_ALERT));
        return (struct picture){
                .title = drawing->title, .description = drawing->description, .width = fmax(width, 720) + MARGIN,
                .height = bottom + BELOW_GRAPHS, .scale = 1, .draw = draw,
                .content = drawing,
        };
}

/* --- all --------------------------------------------------------------------------------------------------- */

static void write_titles(struct drawing *drawing, const char *name)
{
        char words[LOCKS_WORDS_SIZE];

        locks_moment_words(drawing->locks, words);
        text_copy_name(drawing->title, sizeof drawing->title, name);
        text_append(drawing->title, sizeof drawing->title, " · locks at %s", words);
        locks_cycle_words(drawing->locks, drawing->cycle);
        locks_violation_words(drawing->locks, drawing->violation);
        snprintf(drawing->description, sizeof drawing->description,
                 "%s%s%s%sThe same in words: regionviz locks --text.", drawing->cycle, *drawing->cycle ? ". " : "",
                 drawing->violation, *drawing->violation ? ". " : "");
        drawing->heading = MARGIN + TITLE_ROW + TEXT_ROW + (*drawing->cycle ? TEXT_ROW : 0) +
                           (*drawing->violation ? TEXT_ROW : 0);
}

static struct error write(struct drawing *drawing, enum format format, enum theme_choice theme, const char *path,
                          struct picture_size *size)
{
        struct picture picture;

        TRY(graph_create(&drawing->moment));
        TRY(graph_create(&drawing->order));
        fill_moment(drawing);
        fill_order(drawing);
        TRY(graph_lay_out(drawing->moment));
        TRY(graph_lay_out(drawing->order));
        picture = picture_of(drawing);
        *size = render_size(&picture, format);
        return render(&picture, format, theme, path);
}

struct error locks_write_picture(const struct locks *locks, const char *name, enum format format,
                                 enum theme_choice theme, const char *path, struct picture_size *size)
{
        struct drawing drawing = { .locks = locks };
        struct error error;

        write_titles(&drawing, name);
        error = write(&drawing, format, theme, path, size);
        graph_free(drawing.moment);
        graph_free(drawing.order);
        return error;
}
