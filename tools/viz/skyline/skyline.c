#include "skyline/skyline.h"
#include "base/error_message.h"
#include "check/check_walk.h"
#include "draw/text.h"
#include "moment/event_words.h"
#include "skyline/skyline_captions.h"

#include <stdlib.h>
#include <string.h>

static bool is_hole(const struct skyline_gap *gap)
{
        return gap->pages > 0;
}

/* --- gaps ------------------------------------------------------------------------------------------------- */

static int compare_bases(const void *left, const void *right)
{
        const struct model_region *const *a = left, *const *b = right;

        return ((*a)->range.base > (*b)->range.base) - ((*a)->range.base < (*b)->range.base);
}

/* The caller frees it; NULL if there is no memory. */
static const struct model_region **sort_regions(size_t *count, const struct model_tree *tree)
{
        const struct model_region **region = calloc(tree->regions + 1, sizeof(struct model_region *));

        *count = 0;
        if (!region)
                return NULL;
        for (const struct model_region *at = model_outermost(tree, LEFT); at && *count < tree->regions;
             at = model_neighbour(at, RIGHT))
                region[(*count)++] = at;
        qsort(region, *count, sizeof(struct model_region *), compare_bases);
        return region;
}

static void add_gap(struct skyline *skyline, uintptr_t base, uintptr_t end, const struct model_region *above)
{
        struct skyline_gap *gap = &skyline->gap[skyline->gaps++];

        *gap = (struct skyline_gap){.range = {base, end > base ? end : base}, .above = above};
        gap->pages = vrange_size(gap->range) / PAGE_SIZE;
        skyline->holes += is_hole(gap);
        if (skyline->largest < gap->pages)
                skyline->largest = gap->pages;
}

/* By the addresses of the regions alone: what the tree keeps of its gaps may be wrong, or missing. */
static struct error add_gaps(struct skyline *skyline, const struct model_tree *tree)
{
        uintptr_t reached = tree->range.base;
        size_t count;
        const struct model_region **region = sort_regions(&count, tree);

        skyline->gap = region ? calloc(count + 1, sizeof *skyline->gap) : NULL;
        if (!skyline->gap) {
                free(region);
                return fail_no_memory();
        }
        for (size_t i = 0; i < count; i++) {
                const struct vrange footprint = model_footprint(region[i]);

                add_gap(skyline, reached, footprint.base, region[i]);
                if (reached < footprint.end)
                        reached = footprint.end;
        }
        add_gap(skyline, reached, tree->range.end, NULL);
        free(region);
        return SUCCESS;
}

/* --- the linear walk -------------------------------------------------------------------------------------- */

static enum decision judge(const struct skyline *skyline, const struct skyline_gap *gap)
{
        const struct model_operation *operation = &skyline->operation;
        uint64_t lowest, highest;

        if (gap->pages * PAGE_SIZE < operation->size)
                return TOO_SMALL;
        if (gap->pages < skyline->need)
                return NO_ROOM_FOR_GUARDS;
        if (!walk_bases(operation, gap->range, &lowest, &highest))
                return MISALIGNED;
        if (!walk_bases(operation, vrange_intersection(gap->range, operation->window), &lowest, &highest))
                return OUTSIDE_WINDOW;
        return FITS;
}

/* How far from the hint a region would be in a gap that fits. */
static uint64_t distance_from_hint(const struct skyline *skyline, const struct skyline_gap *gap)
{
        const struct model_operation *operation = &skyline->operation;
        uint64_t lowest, highest, hint = operation->address;

        if (!walk_bases(operation, vrange_intersection(gap->range, operation->window), &lowest, &highest))
                return UINT64_MAX;
        return hint < lowest ? lowest - hint : hint > highest ? hint - highest : 0;
}

/* The lowest hole that fits ends the walk; near a hint it looks at all of them, for the nearest. */
static void walk(struct skyline *skyline)
{
        bool is_near = skyline->operation.kind == PLACE_NEAR;

        for (size_t i = 0; i < skyline->gaps; i++) {
                struct skyline_gap *gap = &skyline->gap[i];

                gap->is_walked = true;
                gap->walk = judge(skyline, gap);
                skyline->walked++;
                if (gap->walk != FITS)
                        continue;
                if (skyline->expected == NOWHERE_IN_SKYLINE ||
                    distance_from_hint(skyline, gap) < distance_from_hint(skyline, &skyline->gap[skyline->expected]))
                        skyline->expected = i;
                if (!is_near)
                        break;
        }
        if (skyline->expected != NOWHERE_IN_SKYLINE)
                skyline->gap[skyline->expected].walk = TAKEN;
}

/* --- the search ------------------------------------------------------------------------------------------- */

/* Region 0 is the tail gap, which is the last. */
static size_t find_gap(const struct skyline *skyline, uint64_t region)
{
        if (!region)
                return skyline->gaps - 1;
        for (size_t i = 0; i + 1 < skyline->gaps; i++)
                if (skyline->gap[i].above->id == region)
                        return i;
        return NOWHERE_IN_SKYLINE;
}

static enum gap_fate fate_of(enum decision decision)
{
        switch (decision) {
        case TAKEN:
        case FREE:
                return GAP_TAKEN;
        case FITS:
        case FARTHER:
                return GAP_FITS;
        case GO_LEFT:
        case GO_RIGHT:
        case GO_UP:
        case ADDRESS_LEFT:
        case ADDRESS_RIGHT:
                return GAP_PASSED;
        default:
                return GAP_REFUSED;
        }
}

static void add_number(struct skyline_gap *gap, size_t number)
{
        if (strlen(gap->number) <= 8)
                text_append(gap->number, sizeof gap->number, "%s%zu", gap->number[0] ? ", " : "", number);
        else if (!strstr(gap->number, "…"))
                text_append(gap->number, sizeof gap->number, " …");
}

static struct skyline_visit *arrive(struct skyline *skyline, uint64_t region)
{
        struct skyline_visit *visit = &skyline->visit[skyline->visits++];

        visit->gap = find_gap(skyline, region);
        if (visit->gap != NOWHERE_IN_SKYLINE)
                add_number(&skyline->gap[visit->gap], skyline->visits);
        return visit;
}

static void take_visits(struct skyline *skyline, const struct shown_operation *shown)
{
        struct skyline_visit *visit = NULL;

        for (size_t i = 0; i < shown->searching; i++) {
                const struct model_visit *step = &shown->operation.visit[i];
                char decided[WHY_SIZE];
                struct skyline_gap *gap;

                if (!i || shown->operation.visit[i - 1].region != step->region)
                        visit = arrive(skyline, step->region);
                gap = visit->gap == NOWHERE_IN_SKYLINE ? NULL : &skyline->gap[visit->gap];
                why_decided(decided, shown, i, gap ? gap->pages : step->gap, skyline->units);
                if (!decided[0] && !visit->decided[0])
                        snprintf(decided, sizeof decided, "%s", decision_words(step->decision));
                if (decided[0])
                        memcpy(visit->decided, decided, sizeof decided);
                if (gap && gap->fate < fate_of(step->decision))
                        gap->fate = fate_of(step->decision);
                if (gap && gap->fate == GAP_TAKEN)
                        skyline->taken = visit->gap;
                skyline->step[skyline->steps++] = (struct skyline_step){
                        .gap = visit->gap,
                        .visit = skyline->visits - 1,
                        .fate = gap ? gap->fate : GAP_UNSEEN,
                };
        }
}

/* --- dismissals ------------------------------------------------------------------------------------------- */

/* The child of a step's node that the search left out, and on which side; NULL if none was. */
static const struct model_region *skipped_child(const struct skyline *skyline, const struct model_visit *step,
                                                enum side *side)
{
        size_t gap;

        switch (step->skipped) {
        case SKIPPED_NONE:
                return NULL;
        case LEFT_TOO_SMALL:
        case LEFT_MISALIGNED:
        case LEFT_OUTSIDE_WINDOW:
        case LEFT_BEYOND_HINT:
                *side = LEFT;
                break;
        default:
                *side = RIGHT;
        }
        gap = step->child[*side] ? find_gap(skyline, step->child[*side]) : NOWHERE_IN_SKYLINE;
        return gap == NOWHERE_IN_SKYLINE ? NULL : skyline->gap[gap].above;
}

static const struct model_region *outermost(const struct model_region *region, enum side side)
{
        while (region->child[side])
                region = region->child[side];
        return region;
}

/* Gaps that were visited after all, or dismissed before, keep their fate. */
static void dismiss(struct skyline *skyline, const struct model_region *top, size_t step, size_t visit, const char *why)
{
        static const char skipped[] = "skipped: ";
        struct skyline_dismissal *dismissal = &skyline->dismissal[skyline->dismissals];

        *dismissal = (struct skyline_dismissal){
                .first = find_gap(skyline, outermost(top, LEFT)->id),
                .last = find_gap(skyline, outermost(top, RIGHT)->id),
                .step = step,
                .visit = visit,
        };
        snprintf(dismissal->words, sizeof dismissal->words, "%s",
                 strncmp(why, skipped, sizeof skipped - 1) ? why : why + sizeof skipped - 1);
        for (size_t i = dismissal->first; i <= dismissal->last && i < skyline->gaps; i++) {
                struct skyline_gap *gap = &skyline->gap[i];

                if (gap->fate != GAP_UNSEEN)
                        continue;
                gap->fate = GAP_DISMISSED;
                gap->dismissal = skyline->dismissals;
                dismissal->holes += is_hole(gap);
                if (dismissal->largest < gap->pages)
                        dismissal->largest = gap->pages;
        }
        if (!dismissal->holes)
                return;
        skyline->dismissed += dismissal->holes;
        skyline->dismissals++;
}

static void take_dismissals(struct skyline *skyline, const struct shown_operation *shown)
{
        size_t visit = 0;

        for (size_t i = 0; i < shown->searching; i++) {
                const struct model_visit *step = &shown->operation.visit[i];
                const struct model_region *child;
                char why[WHY_SIZE];
                enum side side;

                visit += !i || shown->operation.visit[i - 1].region != step->region;
                child = skipped_child(skyline, step, &side);
                if (!child)
                        continue;
                why_skipped(why, shown, i, side, skyline->units);
                dismiss(skyline, child, i + 1, visit, why);
        }
}

/* --- all of it -------------------------------------------------------------------------------------------- */

static struct error take_search(struct skyline *skyline, const struct shown_operation *shown)
{
        skyline->has_request = true;
        skyline->has_walk = shown->operation.kind != PLACE_RANDOM;
        skyline->operation = shown->operation;
        skyline->need = shown_need(shown);
        skyline->visit = calloc(shown->searching + 1, sizeof *skyline->visit);
        skyline->step = calloc(shown->searching + 1, sizeof *skyline->step);
        skyline->dismissal = calloc(shown->searching + 1, sizeof *skyline->dismissal);
        if (!skyline->visit || !skyline->step || !skyline->dismissal)
                return fail_no_memory();
        if (skyline->has_walk)
                walk(skyline);
        take_visits(skyline, shown);
        take_dismissals(skyline, shown);
        return SUCCESS;
}

struct error skyline_make(struct skyline **out, const struct skyline_request *request)
{
        struct skyline *skyline = calloc(1, sizeof *skyline);
        struct error error;

        if (!skyline)
                return fail_no_memory();
        skyline->units = units_for(request->tree->range);
        skyline->keeps_gaps = request->tree->promises == PROMISE_GAPS;
        skyline->expected = skyline->taken = NOWHERE_IN_SKYLINE;
        error = add_gaps(skyline, request->tree);
        if (!error.code && request->shown)
                error = take_search(skyline, request->shown);
        if (error.code) {
                skyline_free(skyline);
                return error;
        }
        skyline_add_captions(skyline, request);
        *out = skyline;
        return SUCCESS;
}

void skyline_free(struct skyline *skyline)
{
        if (!skyline)
                return;
        free(skyline->gap);
        free(skyline->visit);
        free(skyline->step);
        free(skyline->dismissal);
        free(skyline);
}

bool skyline_slot(const struct skyline *skyline, const struct skyline_gap *gap, uint64_t from, uint64_t *base)
{
        const uint64_t mask = skyline->operation.alignment - 1;
        uint64_t least;

        if (!skyline->has_request || __builtin_add_overflow(gap->range.base, skyline->operation.before, &least))
                return false;
        if (least < from)
                least = from;
        if (__builtin_add_overflow(least, mask, base))
                return false;
        *base &= ~mask;
        return *base < gap->range.end;
}
