#include "bar_plan.h"
#include "error_message.h"

#include <stdlib.h>

enum { FOLDED_WIDTH = 7 };
static const double FOLDED_FROM = 0.93;

/* Adds what of `piece` lies in the plan's range. */
static struct error add(struct bar_plan *plan, size_t *room, struct bar_piece piece)
{
        if (piece.range.base < plan->range.base)
                piece.range.base = plan->range.base;
        if (piece.range.end > plan->range.end)
                piece.range.end = plan->range.end;
        if (piece.range.base >= piece.range.end)
                return SUCCESS;
        if (plan->pieces == *room) {
                size_t wanted = *room ? 2 * *room : 64;
                struct bar_piece *more = realloc(plan->piece, wanted * sizeof *more);

                if (!more)
                        return fail_no_memory();
                plan->piece = more;
                *room = wanted;
        }
        plan->piece[plan->pieces++] = piece;
        return SUCCESS;
}

static struct error add_pieces(struct bar_plan *plan, const struct model_tree *tree)
{
        uint64_t reached = tree->range.base;
        size_t room = 0;

        for (const struct model_region *region = model_next_above(tree, NULL); region;
             region = model_next_above(tree, region)) {
                struct vrange footprint = model_footprint(region), range = region->range;

                TRY(add(plan, &room, (struct bar_piece){ .kind = BAR_HOLE, .range = { reached, footprint.base } }));
                TRY(add(plan, &room, (struct bar_piece){ .kind = BAR_GUARD, .range = { footprint.base, range.base },
                                                         .region = region }));
                TRY(add(plan, &room, (struct bar_piece){ .kind = BAR_REGION, .range = range, .region = region }));
                TRY(add(plan, &room, (struct bar_piece){ .kind = BAR_GUARD, .range = { range.end, footprint.end },
                                                         .region = region }));
                reached = footprint.end;
        }
        return add(plan, &room, (struct bar_piece){ .kind = BAR_HOLE, .range = { reached, tree->range.end } });
}

/* --- widths ----------------------------------------------------------------------------------------------- */

static int width_at(const struct bar_piece *piece, double scale)
{
        double width = (double)vrange_size(piece->range) * scale;

        if (piece->is_folded)
                return FOLDED_WIDTH;
        return width < 1 ? 1 : width > 1e6 ? 1000000 : (int)width;
}

static int sum_at(const struct bar_plan *plan, double scale)
{
        int sum = 0;

        for (size_t i = 0; i < plan->pieces && sum < 10 * plan->width; i++)
                sum += width_at(&plan->piece[i], scale);
        return sum;
}

/* A hole is folded if it would take nearly all of the row. */
static void fold(struct bar_plan *plan)
{
        for (;;) {
                struct bar_piece *largest = NULL;
                double sum = 0;

                for (size_t i = 0; i < plan->pieces; i++) {
                        struct bar_piece *piece = &plan->piece[i];

                        if (piece->is_folded)
                                continue;
                        sum += (double)vrange_size(piece->range);
                        if (piece->kind == BAR_HOLE &&
                            (!largest || vrange_size(piece->range) > vrange_size(largest->range)))
                                largest = piece;
                }
                if (!largest || plan->pieces < 3 || (double)vrange_size(largest->range) < FOLDED_FROM * sum)
                        return;
                largest->is_folded = true;
        }
}

static void set_widths(struct bar_plan *plan)
{
        double low = 0, high = 1;
        int x = 0, left_over;
        struct bar_piece *widest = NULL;

        while (sum_at(plan, high) < plan->width && high < 1e30)
                high *= 2;
        for (int i = 0; i < 100; i++) {
                double middle = (low + high) / 2;

                *(sum_at(plan, middle) <= plan->width ? &low : &high) = middle;
        }
        left_over = plan->width - sum_at(plan, low);
        for (size_t i = 0; i < plan->pieces; i++) {
                plan->piece[i].width = width_at(&plan->piece[i], low);
                if (!plan->piece[i].is_folded && (!widest || plan->piece[i].width > widest->width))
                        widest = &plan->piece[i];
        }
        if (!widest && plan->pieces)
                widest = &plan->piece[0];
        if (widest)
                widest->width += left_over;
        for (size_t i = 0; i < plan->pieces; i++) {
                plan->piece[i].x = x;
                x += plan->piece[i].width;
        }
}

/* --- too many pieces -------------------------------------------------------------------------------------- */

static struct error share_out(struct bar_plan *plan)
{
        struct bar_piece *column = calloc((size_t)plan->width, sizeof *column);
        double size = (double)vrange_size(plan->range) / plan->width;

        if (!column)
                return fail_no_memory();
        for (int x = 0; x < plan->width; x++)
                column[x] = (struct bar_piece){
                        .kind = BAR_SHARE,
                        .x = x,
                        .width = 1,
                        .range = { plan->range.base + (uint64_t)(x * size),
                                   plan->range.base + (uint64_t)((x + 1) * size) },
                };
        for (size_t i = 0; i < plan->pieces; i++) {
                const struct bar_piece *piece = &plan->piece[i];
                int first = (int)((double)(piece->range.base - plan->range.base) / size);

                for (int x = first;
                     piece->kind != BAR_HOLE && x < plan->width && column[x].range.base < piece->range.end; x++) {
                        struct vrange *range = &column[x].range;
                        uint64_t base = piece->range.base > range->base ? piece->range.base : range->base;
                        uint64_t end = piece->range.end < range->end ? piece->range.end : range->end;

                        if (base >= end)
                                continue;
                        column[x].share += 1 + (unsigned)(7 * (double)(end - base) / size);
                        if (!column[x].region)
                                column[x].region = piece->region;
                }
        }
        for (int x = 0; x < plan->width; x++)
                if (column[x].share > 8)
                        column[x].share = 8;
        free(plan->piece);
        plan->piece = column;
        plan->pieces = (size_t)plan->width;
        return SUCCESS;
}

struct error bar_plan_make(struct bar_plan *plan, const struct model_tree *tree, struct vrange range, int width)
{
        struct error error;

        *plan = (struct bar_plan){ .range = vrange_is_empty(range) ? tree->range : range,
                                   .width = width < 1 ? 1 : width };
        error = add_pieces(plan, tree);
        if (!error.code) {
                fold(plan);
                if (plan->pieces > (size_t)plan->width || sum_at(plan, 0) > plan->width)
                        error = share_out(plan);
                else
                        set_widths(plan);
        }
        if (error.code)
                bar_plan_free(plan);
        return error;
}

void bar_plan_free(struct bar_plan *plan)
{
        free(plan->piece);
        *plan = (struct bar_plan){ 0 };
}

int bar_plan_x(const struct bar_plan *plan, uint64_t address)
{
        for (size_t i = 0; i < plan->pieces; i++) {
                const struct bar_piece *piece = &plan->piece[i];

                if (address >= piece->range.base && address < piece->range.end)
                        return piece->x + (int)((double)(address - piece->range.base) /
                                                (double)vrange_size(piece->range) * piece->width);
        }
        return address == plan->range.end ? plan->width - 1 : -1;
}
