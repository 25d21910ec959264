#include "script/oracle.h"
#include "base/error_message.h"

#include <stdlib.h>
#include <string.h>

void oracle_init(struct oracle *oracle, struct vrange range)
{
        *oracle = (struct oracle){ .range = range };
        reference_init(&oracle->holes, range);
}

void oracle_free(struct oracle *oracle)
{
        free(oracle->region);
        reference_free(&oracle->holes);
        *oracle = (struct oracle){ 0 };
}

/* --- the array -------------------------------------------------------------------------------------------- */

/* The position of the lowest region that ends above an address; count if none does. */
static size_t first_above(const struct oracle *oracle, uint64_t address)
{
        size_t i = 0;

        while (i < oracle->count && oracle->region[i].range.end <= address)
                i++;
        return i;
}

static struct error insert(struct oracle *oracle, size_t i, const struct oracle_region *region)
{
        if (oracle->count == oracle->room) {
                size_t room = oracle->room ? 2 * oracle->room : 16;
                struct oracle_region *grown = realloc(oracle->region, room * sizeof *grown);

                if (!grown)
                        return fail_no_memory();
                oracle->region = grown;
                oracle->room = room;
        }
        memmove(&oracle->region[i + 1], &oracle->region[i], (oracle->count - i) * sizeof *oracle->region);
        oracle->region[i] = *region;
        oracle->count++;
        return SUCCESS;
}

static void erase(struct oracle *oracle, size_t i)
{
        oracle->count--;
        memmove(&oracle->region[i], &oracle->region[i + 1], (oracle->count - i) * sizeof *oracle->region);
}

/* Shows the reference model the same regions, so that it can decide about a placement. */
static struct error show_holes(struct oracle *oracle)
{
        struct reference *holes = &oracle->holes;

        if (holes->room < oracle->count) {
                struct reference_region *grown = realloc(holes->region, oracle->room * sizeof *grown);

                if (!grown)
                        return fail_no_memory();
                holes->region = grown;
                holes->room = oracle->room;
        }
        holes->count = oracle->count;
        for (size_t i = 0; i < oracle->count; i++) {
                const struct oracle_region *region = &oracle->region[i];

                holes->region[i] = (struct reference_region){
                        i + 1, region->range,
                        { region->range.base - region->before, region->range.end + region->after },
                };
        }
        return SUCCESS;
}

/* Divides region i at an address inside it: the lower part keeps the first guard, the upper one the second. */
static struct error divide(struct oracle *oracle, size_t i, uint64_t at)
{
        struct oracle_region upper = oracle->region[i];

        upper.range.base = at;
        upper.before = 0;
        TRY(insert(oracle, i + 1, &upper));
        oracle->region[i].range.end = at;
        oracle->region[i].after = 0;
        return SUCCESS;
}

static bool is_good_range(struct vrange range)
{
        return !vrange_is_empty(range) && vrange_is_page_aligned(range);
}

/* --- mapping ---------------------------------------------------------------------------------------------- */

/* A mapping as the placement that it asks the tree for. */
static struct model_operation placement_of(const struct oracle *oracle, const struct mapping *mapping)
{
        static const enum tree_operation kinds[] = {
                [MAP_RANDOM] = PLACE_RANDOM,             [MAP_ANYWHERE] = PLACE_ANYWHERE,
                [MAP_SPECIFICALLY] = PLACE_SPECIFICALLY, [MAP_REPLACE] = PLACE_SPECIFICALLY,
                [MAP_NEAR] = PLACE_NEAR,
        };

        return (struct model_operation){
                .kind = kinds[mapping->where],
                .size = mapping->size,
                .alignment = mapping->alignment ? mapping->alignment : PAGE_SIZE,
                .before = mapping->guard_before,
                .after = mapping->guard_after,
                .window = mapping->window.end ? mapping->window : oracle->range,
                .address = mapping->address,
        };
}

static struct error unmap(struct oracle *oracle, struct vrange range);

/* What `map ... replace` unmaps: the range and its guards, when such a request may lie there at all. */
static struct error make_way(struct oracle *oracle, const struct mapping *mapping)
{
        struct vrange wanted;

        if (!vrange_make(&wanted, mapping->address, mapping->size) ||
            !vrange_widen(&wanted, wanted, mapping->guard_before, mapping->guard_after))
                return SUCCESS;
        return unmap(oracle, wanted);
}

static struct error copy_of(const struct oracle *oracle, struct oracle *out)
{
        oracle_init(out, oracle->range);
        for (size_t i = 0; i < oracle->count; i++)
                TRY(insert(out, i, &oracle->region[i]));
        return SUCCESS;
}

/* Replacing is decided on a copy: unmap, then place; if that is refused, nothing has changed. */
static struct error answer_replace(const struct oracle *oracle, const struct mapping *mapping,
                                   struct oracle_answer *out)
{
        struct mapping at = *mapping;
        struct oracle copy;
        struct error error;

        at.where = MAP_SPECIFICALLY;
        error = copy_of(oracle, &copy);
        if (!error.code)
                error = make_way(&copy, mapping);
        if (!error.code)
                error = oracle_answer(&copy, &(struct op){ .kind = OP_MAP, .mapping = at }, out);
        oracle_free(&copy);
        return error;
}

static struct error answer_map(struct oracle *oracle, const struct mapping *mapping, struct oracle_answer *out)
{
        const struct model_operation asked = placement_of(oracle, mapping);

        if (mapping->where == MAP_REPLACE)
                return answer_replace(oracle, mapping, out);
        TRY(show_holes(oracle));
        out->error = reference_place(&oracle->holes, &asked, &out->address);
        return SUCCESS;
}

static struct error map(struct oracle *oracle, const struct op *op, uint64_t address)
{
        const struct mapping *mapping = &op->mapping;
        struct oracle_region region = {
                .range = { address, address + mapping->size },
                .before = mapping->guard_before,
                .after = mapping->guard_after,
                .protection = mapping->protection,
        };

        memcpy(region.name, op->name, sizeof region.name);
        if (mapping->where == MAP_REPLACE)
                TRY(make_way(oracle, mapping));
        return insert(oracle, first_above(oracle, address), &region);
}

/* --- the other operations --------------------------------------------------------------------------------- */

static struct error unmap(struct oracle *oracle, struct vrange range)
{
        size_t i = first_above(oracle, range.base);

        while (i < oracle->count && oracle->region[i].range.base < range.end) {
                struct oracle_region *region = &oracle->region[i];
                bool below = region->range.base < range.base, above = region->range.end > range.end;

                if (below && above)
                        TRY(divide(oracle, i, range.end));
                region = &oracle->region[i];
                if (below) {
                        region->range.end = range.base;
                        region->after = 0;
                        i++;
                } else if (above) {
                        region->range.base = range.end;
                        region->before = 0;
                        i++;
                } else {
                        erase(oracle, i);
                }
        }
        return SUCCESS;
}

/* Whether every page of the range is mapped. */
static bool is_mapped(const struct oracle *oracle, struct vrange range)
{
        uint64_t reached = range.base;

        for (size_t i = first_above(oracle, range.base); i < oracle->count && reached < range.end; i++) {
                if (oracle->region[i].range.base > reached)
                        return false;
                reached = oracle->region[i].range.end;
        }
        return reached >= range.end;
}

static bool are_alike(const struct oracle_region *lower, const struct oracle_region *upper)
{
        return lower->range.end == upper->range.base && lower->protection == upper->protection &&
               !strcmp(lower->name, upper->name);
}

static void join(struct oracle *oracle, size_t i, uint64_t end)
{
        while (i + 1 < oracle->count && oracle->region[i + 1].range.base <= end) {
                struct oracle_region *lower = &oracle->region[i], *upper = &oracle->region[i + 1];

                if (are_alike(lower, upper)) {
                        lower->range.end = upper->range.end;
                        lower->after = upper->after;
                        erase(oracle, i + 1);
                } else {
                        i++;
                }
        }
}

static struct error protect(struct oracle *oracle, struct vrange range, enum protection protection)
{
        size_t first = first_above(oracle, range.base), i;

        if (oracle->region[first].range.base < range.base && oracle->region[first].protection != protection)
                TRY(divide(oracle, first++, range.base));
        for (i = first; i < oracle->count && oracle->region[i].range.base < range.end; i++) {
                if (oracle->region[i].range.end > range.end && oracle->region[i].protection != protection)
                        TRY(divide(oracle, i, range.end));
                oracle->region[i].protection = protection;
        }
        join(oracle, first ? first - 1 : 0, range.end);
        return SUCCESS;
}

/* The region that begins at a base; count if none does. */
static size_t beginning_at(const struct oracle *oracle, uint64_t base)
{
        size_t i = first_above(oracle, base);

        return i < oracle->count && oracle->region[i].range.base == base ? i : oracle->count;
}

static enum error_code answer_resize(const struct oracle *oracle, struct vrange range)
{
        size_t i = beginning_at(oracle, range.base);
        struct vrange footprint;
        const struct oracle_region *region = &oracle->region[i];

        if (i == oracle->count)
                return ERROR_NOT_FOUND;
        if (!is_good_range(range))
                return ERROR_BAD_ARGUMENT;
        if (!vrange_widen(&footprint, range, region->before, region->after) ||
            !vrange_contains_range(oracle->range, footprint))
                return ERROR_OUT_OF_RANGE;
        if (i + 1 < oracle->count && region[1].range.base - region[1].before < footprint.end)
                return ERROR_OVERLAP;
        return ERROR_OK;
}

static struct oracle_answer answer_find(const struct oracle *oracle, uint64_t address)
{
        size_t i = first_above(oracle, address);

        if (i < oracle->count && oracle->region[i].range.base <= address)
                return (struct oracle_answer){ ERROR_OK, oracle->region[i].range.base };
        return (struct oracle_answer){ ERROR_NOT_FOUND, 0 };
}

/* --- answers ---------------------------------------------------------------------------------------------- */

struct error oracle_answer(struct oracle *oracle, const struct op *op, struct oracle_answer *out)
{
        *out = (struct oracle_answer){ ERROR_OK, op->range.base };
        switch (op->kind) {
        case OP_MAP:
                return answer_map(oracle, &op->mapping, out);
        case OP_UNMAP:
        case OP_PROTECT:
                if (!is_good_range(op->range))
                        out->error = ERROR_BAD_ARGUMENT;
                else if (op->kind == OP_PROTECT && !is_mapped(oracle, op->range))
                        out->error = ERROR_NOT_FOUND;
                return SUCCESS;
        case OP_RESIZE:
                out->error = answer_resize(oracle, op->range);
                return SUCCESS;
        case OP_FIND:
                *out = answer_find(oracle, op->range.base);
                return SUCCESS;
        case OP_SPACE:
        case OP_SEED:
        case OP_KEYFRAMES:
                return SUCCESS;
        }
        return SUCCESS;
}

struct error oracle_apply(struct oracle *oracle, const struct op *op, struct oracle_answer answer)
{
        if (answer.error)
                return SUCCESS;
        switch (op->kind) {
        case OP_MAP:
                return map(oracle, op, answer.address);
        case OP_UNMAP:
                return unmap(oracle, op->range);
        case OP_PROTECT:
                return protect(oracle, op->range, op->protection);
        case OP_RESIZE:
                oracle->region[beginning_at(oracle, op->range.base)].range.end = op->range.end;
                return SUCCESS;
        case OP_FIND:
        case OP_SPACE:
        case OP_SEED:
        case OP_KEYFRAMES:
                return SUCCESS;
        }
        return SUCCESS;
}
