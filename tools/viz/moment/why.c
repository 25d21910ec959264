#include "moment/why.h"

#include <stdio.h>

/* "2 < 4", or "5 < 4 + 2 guard" if the hole has the size and what matters are the guards. */
static const char *compared(const struct shown_operation *shown, uint64_t pages, const char *sign, enum units units)
{
        static char words[WHY_SIZE];
        uint64_t size = shown_pages(shown), guards = shown_need(shown) - size;

        if (pages < size || !guards)
                return units_compared(units, pages, sign, size);
        snprintf(words, sizeof words, "%s %s %s + %s guard", units_short(units, pages), sign, units_short(units, size),
                 units_short(units, guards));
        return words;
}

/* An address was compared with the region's own range. */
static void compare_address(char *out, const struct shown_operation *shown, const struct model_visit *step)
{
        const bool seeks_range = shown->operation.kind == FIND && shown->operation.size > 1;
        const bool left = step->decision == ADDRESS_LEFT;

        if (seeks_range)
                snprintf(out, WHY_SIZE, left ? "ends above %s" : "ends by %s", units_address(step->address));
        else
                snprintf(out, WHY_SIZE, "%s %s %s", units_address(step->address), left ? "<" : "≥",
                         units_address(left ? step->footprint.base : step->footprint.end));
}

bool why_is_contradicted(const struct shown_operation *shown, size_t index)
{
        const struct model_visit *step = &shown->operation.visit[index];

        switch (step->decision) {
        case TOO_SMALL:
                return step->gap >= shown_pages(shown);
        case NO_ROOM_FOR_GUARDS:
                return step->gap >= shown_need(shown);
        case FITS:
        case FARTHER:
        case TAKEN:
                return step->gap < shown_need(shown);
        case IN_THE_WAY:
                return shown->operation.kind == PLACE_SPECIFICALLY &&
                       vrange_is_empty(vrange_intersection(step->footprint, shown_footprint_at(shown, step->address)));
        default:
                return false;
        }
}

/* "gap 2 < 4, but taken": the figures, and what was decided all the same. */
static void contradict(char *out, const struct shown_operation *shown, size_t index, const char *gap, enum units units)
{
        static const char *const decided[] = {
                [TOO_SMALL] = "but called too small", [NO_ROOM_FOR_GUARDS] = "but said to have no room",
                [FITS] = "but said to fit", [FARTHER] = "but said to fit", [TAKEN] = "but taken",
        };
        const struct model_visit *step = &shown->operation.visit[index];
        const char *sign = step->gap < shown_need(shown) ? "<" : "≥";
        const char *figures = step->decision == TOO_SMALL ? units_compared(units, step->gap, "≥", shown_pages(shown)) :
                                                            compared(shown, step->gap, sign, units);

        if (step->decision == IN_THE_WAY)
                snprintf(out, WHY_SIZE, "said to be in the way of %s, but is not", units_address(step->address));
        else
                snprintf(out, WHY_SIZE, "%s %s, %s", gap, figures, decided[step->decision]);
}

void why_decided(char out[static WHY_SIZE], const struct shown_operation *shown,
                 size_t index, uint64_t gap_now, enum units units)
{
        const struct model_visit *step = &shown->operation.visit[index];
        const char *gap = step->gap == gap_now ? "gap" : "gap was";

        out[0] = 0;
        if (why_is_contradicted(shown, index)) {
                contradict(out, shown, index, gap, units);
                return;
        }
        switch (step->decision) {
        case GO_LEFT:
        case GO_RIGHT:
        case GO_UP:
        case LINKING:
                break;
        case ADDRESS_LEFT:
        case ADDRESS_RIGHT:
                compare_address(out, shown, step);
                break;
        case TOO_SMALL:
        case NO_ROOM_FOR_GUARDS:
                snprintf(out, WHY_SIZE, "%s %s", gap, compared(shown, step->gap, "<", units));
                break;
        case MISALIGNED:
                snprintf(out, WHY_SIZE, "%s %s, but not aligned to %s", gap, compared(shown, step->gap, "≥", units),
                         units_long(UNITS_BYTES, shown->operation.alignment / PAGE_SIZE));
                break;
        case OUTSIDE_WINDOW:
                snprintf(out, WHY_SIZE, "%s %s: %s", gap, units_short(units, step->gap),
                         shown->operation.kind == PLACE_ANYWHERE ? "outside the window" : "beyond hint or window");
                break;
        case FITS:
                snprintf(out, WHY_SIZE, "%s %s: fits", gap, compared(shown, step->gap, "≥", units));
                break;
        case FARTHER:
                snprintf(out, WHY_SIZE, "%s %s: fits, but farther", gap, compared(shown, step->gap, "≥", units));
                break;
        case TAKEN:
                snprintf(out, WHY_SIZE, "%s %s: taken", gap, compared(shown, step->gap, "≥", units));
                break;
        case FREE:
                snprintf(out, WHY_SIZE, "%s %s: free, taken", gap, units_short(units, step->gap));
                break;
        case FOUND:
                snprintf(out, WHY_SIZE, "found");
                break;
        case IN_THE_WAY:
                snprintf(out, WHY_SIZE, "in the way of %s", units_address(step->address));
                break;
        }
}

/* Which child a visit skipped. */
static bool is_skipped(const struct model_visit *step, enum side side)
{
        switch (step->skipped) {
        case LEFT_TOO_SMALL:
        case LEFT_MISALIGNED:
        case LEFT_OUTSIDE_WINDOW:
        case LEFT_BEYOND_HINT:
                return side == LEFT;
        case RIGHT_TOO_SMALL:
        case RIGHT_MISALIGNED:
        case RIGHT_OUTSIDE_WINDOW:
        case RIGHT_BEYOND_HINT:
                return side == RIGHT;
        case SKIPPED_NONE:
                break;
        }
        return step->decision == (side == LEFT ? ADDRESS_RIGHT : ADDRESS_LEFT);
}

void why_skipped(char out[static WHY_SIZE], const struct shown_operation *shown,
                 size_t index, enum side side, enum units units)
{
        const struct model_visit *step = &shown->operation.visit[index];

        out[0] = 0;
        if (!is_skipped(step, side))
                return;
        switch (step->skipped) {
        case LEFT_TOO_SMALL:
        case RIGHT_TOO_SMALL:
                snprintf(out, WHY_SIZE, "skipped: max %s", compared(shown, step->max[side], "<", units));
                break;
        case LEFT_MISALIGNED:
        case RIGHT_MISALIGNED:
                snprintf(out, WHY_SIZE, "skipped: no aligned 2 MiB");
                break;
        case LEFT_OUTSIDE_WINDOW:
                snprintf(out, WHY_SIZE, "skipped: below the window");
                break;
        case RIGHT_OUTSIDE_WINDOW:
                snprintf(out, WHY_SIZE, "skipped: above the window");
                break;
        case LEFT_BEYOND_HINT:
                snprintf(out, WHY_SIZE, "skipped: below the hint");
                break;
        case RIGHT_BEYOND_HINT:
                snprintf(out, WHY_SIZE, "skipped: above the hint");
                break;
        case SKIPPED_NONE:
                if (side == LEFT)
                        snprintf(out, WHY_SIZE, "skipped: all below %s", units_address(step->footprint.base));
                else
                        snprintf(out, WHY_SIZE, "skipped: all above %s", units_address(step->footprint.end));
                break;
        }
}

void why_refused(char out[static WHY_SIZE], const struct shown_operation *shown, uint64_t largest, enum units units)
{
        enum error_code result = shown->operation.result;

        if (shown_seeks_hole(shown) && result == ERROR_NO_MEMORY && largest < shown_need(shown))
                snprintf(out, WHY_SIZE, "Refused: the largest hole has %s, needed %s %s.", units_long(units, largest),
                         shown_need(shown) == 1 ? "is" : "are", units_long(units, shown_need(shown)));
        else if (shown_seeks_hole(shown) && result == ERROR_NO_MEMORY)
                snprintf(out, WHY_SIZE, "Refused: no hole fits, though the largest has %s.", units_long(units, largest));
        else
                snprintf(out, WHY_SIZE, "Refused: %s.", error_meaning(result));
}
