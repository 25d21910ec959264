#include "import/import_space.h"

#include "base/error_message.h"

#include <stdlib.h>
#include <string.h>

void import_space_free(struct import_space *space)
{
        free(space->mapping);
        *space = (struct import_space){ 0 };
}

/* The number of the first mapping that ends above the address. */
static size_t first_above(const struct import_space *space, uintptr_t address)
{
        size_t low = 0, high = space->count;

        while (low < high) {
                size_t middle = low + (high - low) / 2;

                if (space->mapping[middle].range.end > address)
                        high = middle;
                else
                        low = middle + 1;
        }
        return low;
}

/* Puts `count` mappings in the place of those from `from` up to, not including, `to`. */
static struct error replace(struct import_space *space, size_t from, size_t to, const struct mapping *with,
                            size_t count)
{
        size_t total = space->count - (to - from) + count;

        if (total > space->capacity) {
                struct mapping *bigger = reallocarray(space->mapping, 2 * total, sizeof *bigger);

                if (!bigger)
                        return fail_no_memory();
                space->mapping = bigger;
                space->capacity = 2 * total;
        }
        if (space->count > to)
                memmove(&space->mapping[from + count], &space->mapping[to], (space->count - to) * sizeof *with);
        if (count)
                memcpy(&space->mapping[from], with, count * sizeof *with);
        space->count = total;
        return SUCCESS;
}

/* Makes a mapping begin at the address if one has it inside. */
static struct error cut(struct import_space *space, uintptr_t address)
{
        size_t i = first_above(space, address);
        struct mapping halves[2];

        if (i == space->count || space->mapping[i].range.base >= address)
                return SUCCESS;
        halves[0] = halves[1] = space->mapping[i];
        halves[0].range.end = halves[1].range.base = address;
        return replace(space, i, i + 1, halves, 2);
}

struct error import_space_set(struct import_space *space, const struct mapping *new)
{
        TRY(cut(space, new->range.base));
        TRY(cut(space, new->range.end));
        return replace(space, first_above(space, new->range.base), first_above(space, new->range.end), new, 1);
}

struct error import_space_set_free(struct import_space *space, struct vrange range)
{
        struct mapping hole = { .range = range, .is_free = true };
        size_t below = range.base ? first_above(space, range.base - 1) : 0;
        size_t above = first_above(space, range.end);

        if (below < space->count && space->mapping[below].is_free && space->mapping[below].range.base < range.base)
                hole.range.base = space->mapping[below].range.base;
        if (above < space->count && space->mapping[above].is_free && space->mapping[above].range.base <= range.end)
                hole.range.end = space->mapping[above].range.end;
        return import_space_set(space, &hole);
}

struct error import_space_protect(struct import_space *space, struct vrange range, unsigned protection)
{
        TRY(cut(space, range.base));
        TRY(cut(space, range.end));
        for (size_t i = first_above(space, range.base); i < space->count; i++) {
                if (space->mapping[i].range.base >= range.end)
                        break;
                space->mapping[i].protection = protection;
        }
        return SUCCESS;
}

const struct mapping *import_space_find(const struct import_space *space, uintptr_t address)
{
        size_t i = first_above(space, address);

        if (i == space->count || !vrange_contains(space->mapping[i].range, address) || space->mapping[i].is_free)
                return NULL;
        return &space->mapping[i];
}

bool import_space_next(const struct import_space *space, struct vrange range, enum page_state state,
                       struct vrange *part)
{
        uintptr_t at = range.base;

        for (size_t i = first_above(space, at); at < range.end; i++) {
                const struct mapping *mapping = i < space->count ? &space->mapping[i] : NULL;
                uintptr_t base = mapping && mapping->range.base < range.end ? mapping->range.base : range.end;

                if (at < base && state == PAGES_UNKNOWN) {
                        *part = (struct vrange){ at, base };
                        return true;
                }
                if (base == range.end)
                        return false;
                *part = vrange_intersection(mapping->range, range);
                if (state == (mapping->is_free ? PAGES_FREE : PAGES_MAPPED))
                        return true;
                at = mapping->range.end;
        }
        return false;
}
