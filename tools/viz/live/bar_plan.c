#include "live/bar_plan.h"
#include "base/error_message.h"

#include <stdlib.h>

enum { FOLDED_WIDTH = 7 };
static const double FOLDED_FROM = 0.93;         /* of all that is not folded yet */
static const double FOLDED_TIMES = 32;          /* ... or so many times of what is occupied */

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

/*
 * A hole is folded if it would take nearly all of the row, or so much of it that regions have no width. Folded holes take half
 * of the row at most.
 */
static void fold(struct bar_plan *plan)
{
        double occupied = 0;

        for (size_t i = 0; i < plan->pieces; i++)
                if (plan->piece[i].kind != BAR_HOLE)
                        occupied += (double)vrange_size(plan->piece[i].range);
        for (int left = plan->width / 2 / FOLDED_WIDTH; left > 0 && occupied > 0; left--) {
                struct bar_piece *largest = NULL;
                double sum = 0, size;

                for (size_t i = 0; i < plan->pieces; i++) {
                        struct bar_piece *piece = &plan->piece[i];

                        if (piece->is_folded)
                                continue;
                        sum += (double)vrange_size(piece->range);
                        if (piece->kind == BAR_HOLE &&
                            (!largest || vrange_size(piece->range) > vrange_size(largest->range)))
                                largest = piece;
                }
                size = largest ? (double)vrange_size(largest->range) : 0;
                if (!largest || plan->pieces < 3 || (size < FOLDED_FROM * sum && size < FOLDED_TIMES * occupied))
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

/* What lies between two folded holes, and the columns that it gets. */
struct stretch {
        struct vrange range;
        int width;
};

/* Adds columns for a stretch, each for an equal part of it, in whole pages. */
static void add_columns(struct bar_piece *column, size_t *columns, struct stretch stretch, int x)
{
        const double pages = (double)(vrange_size(stretch.range) >> PAGE_SHIFT) / stretch.width;
        uint64_t base = stretch.range.base;

        for (int i = 0; i < stretch.width; i++) {
                const uint64_t end = stretch.range.base + ((uint64_t)((i + 1) * pages) << PAGE_SHIFT);

                column[(*columns)++] = (struct bar_piece){
                        .kind = BAR_SHARE,
                        .x = x + i,
                        .width = 1,
                        .range = { base, i + 1 == stretch.width ? stretch.range.end : end },
                };
                base = end;
        }
}

/* The stretch that begins with this piece, of `left` columns for `size` bytes; `*i` is then the piece behind it. */
static struct stretch next_stretch(const struct bar_plan *plan, size_t *i, int left, double size)
{
        struct stretch stretch = { .range = { plan->piece[*i].range.base, plan->piece[*i].range.base } };

        for (; *i < plan->pieces && !plan->piece[*i].is_folded; (*i)++)
                stretch.range.end = plan->piece[*i].range.end;
        stretch.width = (int)((double)vrange_size(stretch.range) * left / size + 0.5);
        if (stretch.width < 1)
                stretch.width = 1;
        return stretch;
}

/* How many columns the stretches get together, how large they are, and how many. */
static int columns_to_share(const struct bar_plan *plan, double *size, int *stretches)
{
        int columns = plan->width;

        *size = *stretches = 0;
        for (size_t i = 0; i < plan->pieces; i++) {
                if (plan->piece[i].is_folded) {
                        columns -= FOLDED_WIDTH;
                        continue;
                }
                *size += (double)vrange_size(plan->piece[i].range);
                *stretches += !i || plan->piece[i - 1].is_folded;
        }
        return columns;
}

/* The columns of all stretches, one at least for each, and the folded holes between them. */
static size_t lay_out_columns(struct bar_plan *plan, struct bar_piece *column)
{
        size_t columns = 0;
        double size;
        int stretches, left = columns_to_share(plan, &size, &stretches), x = 0;

        for (size_t i = 0; i < plan->pieces && x < plan->width;) {
                struct bar_piece *piece = &plan->piece[i];

                if (piece->is_folded) {
                        piece->x = x;
                        piece->width = FOLDED_WIDTH;
                        column[columns++] = *piece;
                        i++;
                } else {
                        struct stretch stretch = next_stretch(plan, &i, left, size);

                        stretches--;
                        if (stretch.width > left - stretches || !stretches)
                                stretch.width = left - stretches;
                        add_columns(column, &columns, stretch, x);
                        left -= stretch.width;
                        size -= (double)vrange_size(stretch.range);
                }
                x = column[columns - 1].x + column[columns - 1].width;
        }
        return columns;
}

/* Adds to the columns what a region or guard occupies of them; `*first` is the first one that may hold any of it. */
static void occupy(struct bar_piece *column, size_t columns, size_t *first, const struct bar_piece *piece)
{
        while (*first < columns && column[*first].range.end <= piece->range.base)
                ++*first;
        for (size_t i = *first; i < columns && column[i].range.base < piece->range.end; i++) {
                const struct vrange range = column[i].range;
                const uint64_t base = piece->range.base > range.base ? piece->range.base : range.base;
                const uint64_t end = piece->range.end < range.end ? piece->range.end : range.end;

                if (column[i].kind != BAR_SHARE || base >= end)
                        continue;
                column[i].share += 1 + (unsigned)((BAR_SHARES - 1) * (double)(end - base) / (double)vrange_size(range));
                if (column[i].share > BAR_SHARES)
                        column[i].share = BAR_SHARES;
                if (!column[i].region)
                        column[i].region = piece->region;
        }
}

static struct error share_out(struct bar_plan *plan)
{
        struct bar_piece *column = calloc((size_t)plan->width + 1, sizeof *column);
        size_t columns, first = 0;

        if (!column)
                return fail_no_memory();
        columns = lay_out_columns(plan, column);
        for (size_t i = 0; i < plan->pieces; i++)
                if (plan->piece[i].kind != BAR_HOLE)
                        occupy(column, columns, &first, &plan->piece[i]);
        free(plan->piece);
        plan->piece = column;
        plan->pieces = columns;
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
