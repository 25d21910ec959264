#include "why.h"

#include <stdio.h>

/* "2 < 4", or "5 < 4 + 2 guard" if the hole has the size and what matters are the guards. */
static const char *compared(const struct trail *trail, uint64_t pages, const char *sign, enum units units)
{
        static char words[WHY_SIZE];
        uint64_t size = trail_pages(trail), guards = trail_need(trail) - size;

        if (pages < size || !guards)
                return units_compared(units, pages, sign, size);
        snprintf(words, sizeof words, "%s %s %s + %s guard", units_short(units, pages), sign, units_short(units, size),
                 units_short(units, guards));
        return words;
}

static bool holds(const struct model_visit *step, uint64_t address)
{
        uint64_t hole = step->gap <= step->footprint.base / PAGE_SIZE ? step->gap * PAGE_SIZE : step->footprint.base;

        return address >= step->footprint.base - hole && address < step->footprint.base;
}

/* Place near may find a fitting hole on either side of the hint; only the nearer one is taken. */
static const char *fate_of_fitting_hole(const struct trail *trail, const struct model_visit *step)
{
        if (trail_succeeded(trail) && !holds(step, trail->operation.result_address))
                return "fits, but farther";
        return "taken";
}

/* An address was compared with the region's own range. */
static void compare_address(char *out, const struct trail *trail, const struct model_visit *step)
{
        bool seeks_range = trail->operation.kind == FIND && trail->operation.size > 1;
        bool left = step->decision == GO_LEFT;

        if (seeks_range)
                snprintf(out, WHY_SIZE, left ? "ends above %s" : "ends by %s", units_address(step->address));
        else
                snprintf(out, WHY_SIZE, "%s %s %s", units_address(step->address), left ? "<" : "≥",
                         units_address(left ? step->footprint.base : step->footprint.end));
}

void why_decided(char out[static WHY_SIZE], const struct trail *trail, size_t index, uint64_t gap_now, enum units units)
{
        const struct model_visit *step = &trail->operation.visit[index];
        const char *gap = step->gap == gap_now ? "gap" : "gap was";

        out[0] = 0;
        switch (step->decision) {
        case GO_LEFT:
        case GO_RIGHT:
                if (trail_by_address(trail, index))
                        compare_address(out, trail, step);
                break;
        case TOO_SMALL:
        case NO_ROOM_FOR_GUARDS:
                snprintf(out, WHY_SIZE, "%s %s", gap, compared(trail, step->gap, "<", units));
                break;
        case MISALIGNED:
                snprintf(out, WHY_SIZE, "%s %s, but not aligned to %s", gap, compared(trail, step->gap, "≥", units),
                         units_long(UNITS_BYTES, trail->operation.alignment / PAGE_SIZE));
                break;
        case OUTSIDE_WINDOW:
                snprintf(out, WHY_SIZE, "%s %s: %s", gap, units_short(units, step->gap),
                         trail->operation.kind == PLACE_ANYWHERE ? "outside the window" : "beyond hint or window");
                break;
        case TAKEN:
                if (!trail_by_address(trail, index))
                        snprintf(out, WHY_SIZE, "%s %s: %s", gap, compared(trail, step->gap, "≥", units),
                                 fate_of_fitting_hole(trail, step));
                else
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

/*
 * A search for a hole leaves a subtree out because of its largest gap, or because of where it lies. It thinks of the
 * right child only after the node's own gap was refused.
 */
static void skipped_by_hole_search(char *out, const struct trail *trail, const struct model_visit *step, enum side side,
                                   enum units units)
{
        const struct model_operation *operation = &trail->operation;
        uint64_t hint = operation->draws ? operation->draw[operation->draws - 1].address : operation->address;

        if (side == RIGHT && (step->decision == GO_LEFT || step->decision == TAKEN))
                return;
        if (step->max[side] < trail_need(trail))
                snprintf(out, WHY_SIZE, "skipped: max %s", compared(trail, step->max[side], "<", units));
        else if (side == LEFT && step->footprint.base <= operation->window.base)
                snprintf(out, WHY_SIZE, "skipped: below the window");
        else if (side == RIGHT && step->footprint.end >= operation->window.end)
                snprintf(out, WHY_SIZE, "skipped: above the window");
        else if (operation->kind != PLACE_ANYWHERE && side == LEFT && step->footprint.base <= hint)
                snprintf(out, WHY_SIZE, "skipped: below the hint");
        else if (operation->kind != PLACE_ANYWHERE && side == RIGHT && step->footprint.end >= hint)
                snprintf(out, WHY_SIZE, "skipped: above the hint");
}

void why_skipped(char out[static WHY_SIZE], const struct trail *trail, size_t index, enum side side, enum units units)
{
        const struct model_visit *step = &trail->operation.visit[index];

        out[0] = 0;
        if (!trail_by_address(trail, index))
                skipped_by_hole_search(out, trail, step, side, units);
        else if (side == LEFT && step->decision == GO_RIGHT)
                snprintf(out, WHY_SIZE, "skipped: all below %s", units_address(step->footprint.base));
        else if (side == RIGHT && step->decision == GO_LEFT)
                snprintf(out, WHY_SIZE, "skipped: all above %s", units_address(step->footprint.end));
}

void why_refused(char out[static WHY_SIZE], const struct trail *trail, uint64_t largest, enum units units)
{
        enum error_code result = trail->operation.result;

        if (trail_seeks_hole(trail) && result == ERROR_NO_MEMORY && largest < trail_need(trail))
                snprintf(out, WHY_SIZE, "Refused: the largest hole has %s, needed are %s.", units_long(units, largest),
                         units_long(units, trail_need(trail)));
        else if (trail_seeks_hole(trail) && result == ERROR_NO_MEMORY)
                snprintf(out, WHY_SIZE, "Refused: no hole fits, though the largest has %s.", units_long(units, largest));
        else
                snprintf(out, WHY_SIZE, "Refused: %s.", error_meaning(result));
}
