#include "base/format.h"
#include "draw/text.h"
#include "progress/progress_drawing.h"

static double draw_key_line(struct sheet *sheet, enum text_kind kind, double x, double y, const char *text)
{
        while (*text) {
                const char *end = text_break(text, kind, KEY_WIDTH);
                char line[192];

                snprintf(line, sizeof line, "%.*s", (int)(end - text), text);
                sheet_text(sheet, kind, (struct point){ x, y }, ANCHOR_START, FULL, TRANSPARENT, line);
                text = end + (*end == ' ');
                y += KEY_LINE;
        }
        return y;
}

void progress_draw_key(const struct progress_picture *drawing, struct sheet *sheet)
{
        const struct progress *progress = drawing->progress;
        double x = drawing->left + SIDE + BESIDE_PLOT, y = drawing->top + 8;
        char words[256];

        for (size_t i = 0; i < drawing->notes; i++) {
                snprintf(words, sizeof words, "%zu  event %s: %s", i + 1, format_count(drawing->note[i].event),
                         drawing->note[i].words);
                y = draw_key_line(sheet, TEXT_PIECE, x, y, words);
        }
        y += KEY_LINE / 2.0;
        y = draw_key_line(sheet, TEXT_LEGEND, x, y, "Each step of the line is one event of either.");
        if (drawing->locks)
                y = draw_key_line(sheet, TEXT_LEGEND, x, y, "Grey rectangles: both would hold the lock; no line can enter.");
        y = draw_key_line(sheet, TEXT_LEGEND, x, y,
                          progress->request.window == WINDOW_OF_TREES
                                  ? "W, gold: from the first check of a tree operation to its last change."
                                  : "W, gold: from the system call to the next one: checked before it, acted after it.");
        if (drawing->has_race)
                y = draw_key_line(sheet, TEXT_LEGEND, x, y, "Red: both between check and act, and the line goes through it.");
        if (drawing->has_windows)
                y = draw_key_line(sheet, TEXT_LEGEND, x, y,
                                  "Dashed gold: both between check and act; the line does not go through it.");
        for (size_t i = 0; i < drawing->locks; i++) {
                snprintf(words, sizeof words, "%zu: lock %s %s", i + 1, drawing->lock[i].name,
                         format_address(drawing->lock[i].address));
                y = draw_key_line(sheet, TEXT_LEGEND, x, y, words);
        }
        if (drawing->has_more_locks)
                y = draw_key_line(sheet, TEXT_LEGEND, x, y, "More locks that both take are left out.");
        if (!progress->locks_told && progress->request.axis[0].kind == AXIS_CPU)
                draw_key_line(sheet, TEXT_LEGEND, x, y, "Locks are not in this recording: record with trace=+lock.");
}
