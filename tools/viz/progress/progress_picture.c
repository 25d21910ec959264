#include "base/error_message.h"
#include "base/format.h"
#include "draw/text.h"
#include "progress/progress_drawing.h"

#include <math.h>
#include <stdlib.h>

/* --- what there is to draw -------------------------------------------------------------------------------- */

/* A lock's row beside the axes; LOCKS_MOST: it has none. */
static size_t row_of(const struct progress_picture *drawing, const struct progress_span *span)
{
        size_t row = 0;

        while (row < drawing->locks && drawing->lock[row].address != span->object)
                row++;
        return row < drawing->locks ? row : LOCKS_MOST;
}

static void add_lock(struct progress_picture *drawing, const struct progress_span *span)
{
        if (row_of(drawing, span) != LOCKS_MOST)
                return;
        if (drawing->locks == LOCKS_MOST) {
                drawing->has_more_locks = true;
                return;
        }
        drawing->lock[drawing->locks].address = span->object;
        drawing->lock[drawing->locks++].name = progress_span_name(drawing->progress, span);
}

/* Calls `visit` for each pair of spans, one of either axis, that are shown. */
static void for_each_pair(struct progress_picture *drawing, struct sheet *sheet,
                          void (*visit)(struct progress_picture *, struct sheet *, const struct progress_span *,
                                        const struct progress_span *))
{
        const struct progress *progress = drawing->progress;

        for (size_t i = 0; i < progress->spans; i++) {
                const struct progress_span *a = &progress->span[i];

                for (size_t j = 0; a->axis == 0 && progress_is_shown(progress, a) && j < progress->spans; j++) {
                        const struct progress_span *b = &progress->span[j];

                        if (b->axis == 1 && b->kind == a->kind && b->object == a->object &&
                            progress_is_shown(progress, b))
                                visit(drawing, sheet, a, b);
                }
        }
}

static void survey_pair(struct progress_picture *drawing, [[maybe_unused]] struct sheet *sheet,
                        const struct progress_span *a, const struct progress_span *b)
{
        if (a->kind == SPAN_LOCK)
                add_lock(drawing, a);
        else if (progress_is_race(a, b))
                drawing->has_race = true;
        else
                drawing->has_windows = true;
}

/* --- places ----------------------------------------------------------------------------------------------- */

/* Where so many steps of an axis are, kept within the square. */
static double x_of(const struct progress_picture *drawing, double steps)
{
        double shown = fmax(0, fmin(steps - (double)drawing->progress->from[0],
                                    (double)(drawing->progress->to[0] - drawing->progress->from[0])));

        return drawing->left + shown * drawing->unit[0];
}

static double y_of(const struct progress_picture *drawing, double steps)
{
        double shown = fmax(0, fmin(steps - (double)drawing->progress->from[1],
                                    (double)(drawing->progress->to[1] - drawing->progress->from[1])));

        return drawing->top + SIDE - shown * drawing->unit[1];
}

/* --- rectangles ------------------------------------------------------------------------------------------- */

static struct box box_between(double left, double right, double top, double bottom)
{
        return (struct box){ .middle = { (left + right) / 2, (top + bottom) / 2 }, .width = right - left,
                             .height = bottom - top };
}

static void draw_pair(struct progress_picture *drawing, struct sheet *sheet, const struct progress_span *a,
                      const struct progress_span *b)
{
        bool is_lock = a->kind == SPAN_LOCK, is_race = progress_is_race(a, b);
        struct box box = box_between(x_of(drawing, a->from), x_of(drawing, a->to), y_of(drawing, b->to),
                                     y_of(drawing, b->from));
        const char *label = is_race ? "race" : is_lock ? progress_span_name(drawing->progress, a) : "";
        enum text_kind kind = is_race ? TEXT_REFUSED : TEXT_WHY;
        char name[48], tooltip[288];

        if (is_lock && row_of(drawing, a) == LOCKS_MOST)
                return;
        snprintf(name, sizeof name, "pair%zu_%zu", (size_t)(a - drawing->progress->span),
                 (size_t)(b - drawing->progress->span));
        snprintf(tooltip, sizeof tooltip, "%s: %s from event %s on, %s from event %s on",
                 progress_span_name(drawing->progress, a), drawing->progress->name[0], format_count(a->first),
                 drawing->progress->name[1], format_count(b->first));
        box.name = name;
        box.tooltip = tooltip;
        box.class = is_race ? "race" : is_lock ? "lock" : "window";
        box.pen = is_race ? 3 : 1.5;
        box.fill = is_race ? ROLE_REFUSED : is_lock ? ROLE_GUARD_FILL : ROLE_PATH;
        box.line = is_race ? ROLE_REFUSED : is_lock ? ROLE_EDGE : ROLE_PATH;
        box.style = is_lock || is_race ? "filled" : "filled,dashed";
        box.tint = is_race ? TINT_PLACE : is_lock ? 0x99 : TINT_REFUSED;
        sheet_box(sheet, &box);
        if (is_race)
                sheet_text(sheet, kind, (struct point){ box.middle.x - box.width / 2, box.middle.y - box.height / 2 - 10 },
                           ANCHOR_START, FULL, ON_PAPER, label);
        else if (box.height >= LABEL_LEAST && box.width >= text_width(label, kind) + 8)
                sheet_text(sheet, kind, box.middle, ANCHOR_MIDDLE, FULL, TRANSPARENT, label);
}

/* --- beside the axes -------------------------------------------------------------------------------------- */

/* Row 0 is that of the windows; the others are those of the locks. */
static void draw_span(struct progress_picture *drawing, struct sheet *sheet, const struct progress_span *span)
{
        bool is_lock = span->kind == SPAN_LOCK;
        size_t row = is_lock ? row_of(drawing, span) : 0;
        double beside;
        struct box box;
        char name[32];

        if (row == LOCKS_MOST)
                return;
        beside = 10 + ROW * (double)(row + is_lock);
        if (span->axis == 0)
                box = box_between(x_of(drawing, span->from), x_of(drawing, span->to), drawing->top + SIDE + beside,
                                  drawing->top + SIDE + beside + BAR);
        else
                box = box_between(drawing->left - beside - BAR, drawing->left - beside, y_of(drawing, span->to),
                                  y_of(drawing, span->from));
        snprintf(name, sizeof name, "span%zu", (size_t)(span - drawing->progress->span));
        box.name = name;
        box.tooltip = progress_span_name(drawing->progress, span);
        box.class = is_lock ? "span lock" : "span window";
        box.pen = 1;
        box.fill = is_lock ? ROLE_GUARD_FILL : ROLE_PATH;
        box.line = is_lock ? ROLE_SOFT : ROLE_PATH_INK;
        box.style = "filled";
        sheet_box(sheet, &box);
}

/* The rows' numbers, at the ends of both axes. */
static void draw_row_names(struct progress_picture *drawing, struct sheet *sheet)
{
        for (size_t row = 0; row <= drawing->locks; row++) {
                double beside = 10 + ROW * (double)row + BAR / 2.0;
                char name[24] = "W";

                if (row)
                        snprintf(name, sizeof name, "%zu", row);
                sheet_text(sheet, TEXT_TICK, (struct point){ drawing->left + SIDE + 12, drawing->top + SIDE + beside },
                           ANCHOR_MIDDLE, FULL, TRANSPARENT, name);
                sheet_text(sheet, TEXT_TICK, (struct point){ drawing->left - beside, drawing->top - 10 }, ANCHOR_MIDDLE,
                           FULL, TRANSPARENT, name);
        }
}

static void draw_axis_names(struct progress_picture *drawing, struct sheet *sheet)
{
        const struct progress *progress = drawing->progress;
        double bottom = drawing->top + SIDE + 10 + ROW * (double)(drawing->locks + 1) + 14;
        char words[PROGRESS_NAME_SIZE + 96];

        snprintf(words, sizeof words, "→ %s: steps %s to %s of %s", progress->name[0], format_count(progress->from[0] + 1),
                 format_count(progress->to[0]), format_count(progress->steps[0]));
        sheet_text(sheet, TEXT_PIECE, (struct point){ drawing->left, bottom }, ANCHOR_START, FULL, TRANSPARENT, words);
        snprintf(words, sizeof words, "↑ %s: steps %s to %s of %s", progress->name[1], format_count(progress->from[1] + 1),
                 format_count(progress->to[1]), format_count(progress->steps[1]));
        sheet_text(sheet, TEXT_PIECE, (struct point){ drawing->left, drawing->top - NAME_ROOM }, ANCHOR_START, FULL,
                   TRANSPARENT, words);
}

/* --- the path --------------------------------------------------------------------------------------------- */

/* Where the path is after each event of either axis, as far as it runs in the square. Its points are the caller's. */
static size_t find_path(const struct progress_picture *drawing, struct point *points)
{
        const struct progress *progress = drawing->progress;
        size_t at[2] = { 0, 0 }, count = 0;

        for (;;) {
                bool is_left[2] = { at[0] < progress->steps[0], at[1] < progress->steps[1] };

                if (at[0] >= progress->from[0] && at[1] >= progress->from[1])
                        points[count++] = (struct point){ x_of(drawing, (double)at[0]), y_of(drawing, (double)at[1]) };
                if (at[0] > progress->to[0] || at[1] > progress->to[1] || (!is_left[0] && !is_left[1]))
                        return count;
                if (is_left[0] && (!is_left[1] || progress->event[0][at[0]] < progress->event[1][at[1]]))
                        at[0]++;
                else
                        at[1]++;
        }
}

static size_t most_points(const struct progress *progress)
{
        return progress->to[0] - progress->from[0] + progress->to[1] - progress->from[1] + 4;
}

static void draw_path(struct progress_picture *drawing, struct sheet *sheet)
{
        struct point *points = calloc(most_points(drawing->progress), sizeof *points);
        size_t count = points ? find_path(drawing, points) : 0;

        if (count > 1)
                sheet_polyline(sheet, &(struct line){ .from = "square", .to = "square", .class = "path", .role = ROLE_INK,
                                                      .pen = 3, .style = "solid" }, points, count);
        free(points);
}

/* Numbers on the path: what happened there is in the key. */
/* A note that would cover the one before it moves on, in the direction in which the line goes. */
static struct point clear_of_note(struct point at, struct point before)
{
        const double right = at.x - before.x, up = before.y - at.y;

        if (right >= NOTE_SIZE || up >= NOTE_SIZE)
                return at;
        return right >= up ? (struct point){ before.x + NOTE_SIZE, at.y } : (struct point){ at.x, before.y - NOTE_SIZE };
}

static void draw_notes(struct progress_picture *drawing, struct sheet *sheet)
{
        struct point before = { -INFINITY, 0 };

        for (size_t i = 0; i < drawing->notes; i++) {
                const struct progress_note *note = &drawing->note[i];
                struct point at = {
                        x_of(drawing, (double)progress_steps_until(drawing->progress, 0, note->event)),
                        y_of(drawing, (double)progress_steps_until(drawing->progress, 1, note->event)),
                };
                char name[32], number[24];

                before = at = clear_of_note(at, before);
                snprintf(name, sizeof name, "note%zu", i + 1);
                snprintf(number, sizeof number, "%zu", i + 1);
                sheet_box(sheet, &(struct box){
                        .name = name, .class = "note", .tooltip = note->words, .middle = at, .width = NOTE_SIZE,
                        .height = NOTE_SIZE, .pen = 1.5, .fill = ROLE_PAPER, .line = ROLE_INK, .style = "filled",
                        .shape = "circle",
                });
                sheet_text(sheet, TEXT_HOLE, at, ANCHOR_MIDDLE, FULL, TRANSPARENT, number);
        }
}

/* --- all of it -------------------------------------------------------------------------------------------- */

static void draw(struct sheet *sheet, const void *content)
{
        struct progress_picture *drawing = (struct progress_picture *)content;
        const struct progress *progress = drawing->progress;
        struct box square = box_between(drawing->left, drawing->left + SIDE, drawing->top, drawing->top + SIDE);

        square.name = "square";
        square.class = "square";
        square.pen = 1.5;
        square.line = ROLE_EDGE;
        square.fill = ROLE_PAPER;
        square.style = "solid";
        sheet_box(sheet, &square);
        sheet_text(sheet, TEXT_TITLE, (struct point){ MARGIN, TITLE_MIDDLE }, ANCHOR_START, FULL, TRANSPARENT, drawing->title);
        sheet_text(sheet, drawing->has_race ? TEXT_ALERT : TEXT_SUBTITLE, (struct point){ MARGIN, TITLE_MIDDLE + LINE },
                   ANCHOR_START, FULL, TRANSPARENT, drawing->subtitle);
        for_each_pair(drawing, sheet, draw_pair);
        for (size_t i = 0; i < progress->spans; i++)
                if (progress_is_shown(progress, &progress->span[i]))
                        draw_span(drawing, sheet, &progress->span[i]);
        draw_path(drawing, sheet);
        draw_notes(drawing, sheet);
        draw_row_names(drawing, sheet);
        draw_axis_names(drawing, sheet);
        progress_draw_key(drawing, sheet);
}

static struct error describe(struct progress_picture *drawing)
{
        size_t length;
        FILE *file = open_memstream(&drawing->description, &length);

        if (!file)
                return fail_no_memory();
        progress_write_words(drawing->progress, file);
        return fclose(file) ? fail_no_memory() : SUCCESS;
}

static struct error make(struct progress_picture *drawing)
{
        const struct progress *progress = drawing->progress;

        TRY(describe(drawing));
        for_each_pair(drawing, NULL, survey_pair);
        drawing->notes = progress_notes(progress, drawing->note);
        for (int axis = 0; axis < 2; axis++)
                drawing->unit[axis] = SIDE / (double)(progress->to[axis] - progress->from[axis]);
        drawing->left = MARGIN + ROW * (double)(drawing->locks + 1) + 10;
        drawing->top = TITLE_MIDDLE + 2 * LINE + BELOW_TEXT + NAME_ROOM;
        snprintf(drawing->title, sizeof drawing->title, "%s and %s, one against the other", progress->name[0],
                 progress->name[1]);
        snprintf(drawing->subtitle, sizeof drawing->subtitle, "%s%s",
                 drawing->has_race ? "A race: both relied on what they had checked, and both acted. Shown: " : "Shown: ",
                 progress->why);
        drawing->picture = (struct picture){
                .title = drawing->title, .description = drawing->description, .scale = 1,
                .width = drawing->left + SIDE + BESIDE_PLOT + KEY_WIDTH + MARGIN / 2.0,
                .height = drawing->top + SIDE + ROW * (double)(drawing->locks + 1) + MARGIN,
                .draw = draw, .content = drawing,
        };
        return SUCCESS;
}

struct error progress_picture_create(struct progress_picture **out, const struct progress *progress)
{
        struct progress_picture *drawing = calloc(1, sizeof *drawing);
        struct error error;

        if (!drawing)
                return fail_no_memory();
        drawing->progress = progress;
        error = make(drawing);
        if (error.code) {
                progress_picture_free(drawing);
                return error;
        }
        *out = drawing;
        return SUCCESS;
}

void progress_picture_free(struct progress_picture *drawing)
{
        if (!drawing)
                return;
        free(drawing->description);
        free(drawing);
}

const struct picture *progress_picture_of(const struct progress_picture *drawing)
{
        return &drawing->picture;
}
