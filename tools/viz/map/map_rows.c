#include "map/map_rows.h"
#include "base/error_message.h"

#include <math.h>
#include <stdlib.h>

enum { TALLEST = 560, FOLDED = 14, LEAST_FOLDED = 5, LEAST_ROW = 3, WIDE = 1 << 30 };

static int compare(const void *left, const void *right)
{
        uint64_t a = *(const uint64_t *)left, b = *(const uint64_t *)right;

        return (a > b) - (a < b);
}

/* All addresses at which something begins or ends, each once, in order. */
static size_t collect(uint64_t *address, const struct map *map)
{
        size_t count = 0, kept = 0;

        address[count++] = map->range.base;
        address[count++] = map->range.end;
        for (size_t i = 0; i < map->spans; i++) {
                address[count++] = map->span[i].range.base;
                address[count++] = map->span[i].range.end;
        }
        qsort(address, count, sizeof *address, compare);
        for (size_t i = 0; i < count; i++)
                if (!kept || address[kept - 1] != address[i])
                        address[kept++] = address[i];
        return kept;
}

const struct map_row *map_row_at(const struct map_rows *rows, uint64_t address)
{
        size_t low = 0, high = rows->count - 1;

        while (low < high) {
                size_t middle = (low + high + 1) / 2;

                if (rows->row[middle].range.base <= address)
                        low = middle;
                else
                        high = middle - 1;
        }
        return &rows->row[low];
}

/* Each span begins at an interval's base and ends at one's end. */
static void mark_used(struct map_rows *rows, const struct map *map)
{
        for (size_t i = 0; i < map->spans; i++) {
                struct map_row *row = (struct map_row *)map_row_at(rows, map->span[i].range.base);

                for (; row < rows->row + rows->count && row->range.base < map->span[i].range.end; row++)
                        row->is_used = true;
        }
}

/* A hole so wide that it parts the memory below from that above: it keeps a row of its own. */
static bool is_wide_hole(const struct map_row *row)
{
        return !row->is_used && vrange_size(row->range) >= WIDE;
}

static double wanted(const struct map_row *row, double folded)
{
        return row->is_used ? 12 + 2.5 * log2(1 + (double)(vrange_size(row->range) / PAGE_SIZE)) : folded;
}

/* Neighbours share a row until that is high enough to be seen. */
static void merge(struct map_rows *rows)
{
        size_t kept = 0;

        for (size_t i = 0; i < rows->count; i++) {
                struct map_row *before = kept ? &rows->row[kept - 1] : NULL;

                if (before && before->height < LEAST_ROW && !is_wide_hole(&rows->row[i])) {
                        before->is_used = before->is_used || rows->row[i].is_used;
                        before->range.end = rows->row[i].range.end;
                        before->height += rows->row[i].height;
                        before->parts++;
                } else {
                        rows->row[kept++] = rows->row[i];
                }
        }
        rows->count = kept;
}

/* All folds together take a quarter of the map at most, unless there are very many. */
static double height_of_folds(const struct map_rows *rows)
{
        size_t folds = 0;

        for (size_t i = 0; i < rows->count; i++)
                folds += !rows->row[i].is_used;
        return fmax(LEAST_FOLDED, fmin(FOLDED, TALLEST / 4.0 / (double)(folds + 1)));
}

static void set_heights(struct map_rows *rows)
{
        const double folded = height_of_folds(rows);
        double total = 0, room = TALLEST, scale, top = 0;

        for (size_t i = 0; i < rows->count; i++) {
                if (is_wide_hole(&rows->row[i]))
                        room -= folded;
                else
                        total += wanted(&rows->row[i], folded);
        }
        scale = fmin(1.5, fmax(room, TALLEST / 4.0) / fmax(total, 1));
        for (size_t i = 0; i < rows->count; i++)
                rows->row[i].height = is_wide_hole(&rows->row[i]) ? folded : scale * wanted(&rows->row[i], folded);
        merge(rows);
        for (size_t i = rows->count; i-- > 0; ) {
                rows->row[i].top = top;
                top += rows->row[i].height;
        }
        rows->height = top;
}

struct error map_rows_make(struct map_rows *rows, const struct map *map)
{
        uint64_t *address = calloc(2 * map->spans + 2, sizeof *address);
        size_t count;

        *rows = (struct map_rows){ 0 };
        if (!address)
                return fail_no_memory();
        count = collect(address, map);
        rows->row = calloc(count, sizeof *rows->row);
        if (!rows->row) {
                free(address);
                return fail_no_memory();
        }
        for (; rows->count + 1 < count; rows->count++)
                rows->row[rows->count] = (struct map_row){
                        .range = { address[rows->count], address[rows->count + 1] }, .parts = 1 };
        free(address);
        mark_used(rows, map);
        set_heights(rows);
        return SUCCESS;
}

void map_rows_clear(struct map_rows *rows)
{
        free(rows->row);
        *rows = (struct map_rows){ 0 };
}
