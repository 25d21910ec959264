#include "complaint.h"
#include "format.h"
#include "oracle.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void oracle_init(struct oracle *oracle, struct vrange range)
{
        *oracle = (struct oracle){ .range = range };
}

void oracle_free(struct oracle *oracle)
{
        free(oracle->region);
        *oracle = (struct oracle){ 0 };
}

/* --- looking ---------------------------------------------------------------------------------------------- */

struct vrange oracle_hole(const struct oracle *oracle, size_t i)
{
        return (struct vrange){
                i ? oracle->region[i - 1].footprint.end : oracle->range.base,
                i < oracle->count ? oracle->region[i].footprint.base : oracle->range.end,
        };
}

size_t oracle_first_above(const struct oracle *oracle, uintptr_t address)
{
        size_t low = 0, high = oracle->count;

        while (low < high) {
                size_t middle = low + (high - low) / 2;

                if (oracle->region[middle].footprint.end > address)
                        high = middle;
                else
                        low = middle + 1;
        }
        return low;
}

size_t oracle_position(const struct oracle *oracle, uint64_t id)
{
        size_t i = 0;

        while (i < oracle->count && oracle->region[i].id != id)
                i++;
        return i;
}

size_t oracle_find(const struct oracle *oracle, uintptr_t address, uint64_t size)
{
        struct vrange sought;
        size_t i = oracle_first_above(oracle, address);

        if (!vrange_make(&sought, address, size))
                sought.end = UINTPTR_MAX;
        while (i < oracle->count && oracle->region[i].range.end <= address)
                i++;
        return i < oracle->count && vrange_overlaps(oracle->region[i].range, sought) ? i : oracle->count;
}

/* --- changing --------------------------------------------------------------------------------------------- */

/* `guards` in pages. False if that wraps round. */
static bool widen(struct vrange *footprint, struct vrange range, uint64_t before, uint64_t after)
{
        return before <= UINTPTR_MAX / PAGE_SIZE && after <= UINTPTR_MAX / PAGE_SIZE &&
               vrange_widen(footprint, range, before * PAGE_SIZE, after * PAGE_SIZE);
}

static struct error insert(struct oracle *oracle, const struct oracle_region *region)
{
        size_t i = oracle_first_above(oracle, region->footprint.base);

        if (oracle->count == oracle->room) {
                size_t room = 2 * oracle->room + 16;
                struct oracle_region *grown = reallocarray(oracle->region, room, sizeof *grown);

                if (!grown)
                        return complain_no_memory();
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

/* Gives a region the size and guards that were asked for, at `base`. */
static struct error lay_out(struct oracle_region *region, const struct model_operation *operation, uint64_t base)
{
        if (!vrange_make(&region->range, base, operation->size) ||
            !vrange_widen(&region->footprint, region->range, operation->before, operation->after))
                return COMPLAIN(BAD_INPUT, "region %" PRIu64 " wraps round the end of all addresses", region->id);
        return SUCCESS;
}

static struct error apply_place(struct oracle *oracle, const struct model_operation *operation)
{
        struct oracle_region region = { .id = operation->result_region };

        TRY(lay_out(&region, operation, operation->result_address));
        return insert(oracle, &region);
}

static struct error apply_split(struct oracle *oracle, size_t i, const struct model_operation *operation)
{
        struct oracle_region *lower = &oracle->region[i], upper = *lower;

        upper.id = operation->result_region;
        lower->range.end = lower->footprint.end = operation->address;
        upper.range.base = upper.footprint.base = operation->address;
        return insert(oracle, &upper);
}

struct error oracle_apply(struct oracle *oracle, const struct model_operation *operation)
{
        size_t i = oracle_position(oracle, operation->region);

        switch (operation->kind) {
        case PLACE_ANYWHERE:
        case PLACE_SPECIFICALLY:
        case PLACE_NEAR:
        case PLACE_RANDOM:
                return apply_place(oracle, operation);
        case FIND:
                return SUCCESS;
        default:
                break;
        }
        if (i == oracle->count)
                return COMPLAIN(BAD_INPUT, "region %" PRIu64 " is not there", operation->region);
        switch (operation->kind) {
        case REMOVE:
                erase(oracle, i);
                return SUCCESS;
        case RESIZE:
                return lay_out(&oracle->region[i], operation, operation->address);
        case SPLIT:
                return apply_split(oracle, i, operation);
        default:
                return SUCCESS;                 /* an operation that this build does not know */
        }
}

struct error oracle_learn(struct oracle *oracle, const struct model_tree *tree)
{
        oracle->range = tree->range;
        oracle->count = 0;
        for (const struct model_region *node = model_outermost(tree, LEFT); node; node = model_neighbour(node, RIGHT)) {
                struct oracle_region region = { .id = node->id, .range = node->range };

                if (!widen(&region.footprint, node->range, node->before, node->after))
                        return COMPLAIN(BAD_INPUT, "region %" PRIu64 " wraps round the end of all addresses", node->id);
                TRY(insert(oracle, &region));
        }
        return SUCCESS;
}

bool oracle_matches(const struct oracle *oracle, const struct model_tree *tree, char *words, size_t room)
{
        const struct model_region *node = model_outermost(tree, LEFT);

        for (size_t i = 0; i < oracle->count; i++, node = model_neighbour(node, RIGHT)) {
                const struct oracle_region *region = &oracle->region[i];

                if (!node || node->id != region->id) {
                        snprintf(words, room, "region %" PRIu64 " should be linked at %s, but %s%s", region->id,
                                 format_address(region->range.base), node ? "there is region " : "nothing is",
                                 node ? format_count(node->id) : "");
                        return false;
                }
                if (!vrange_equals(node->range, region->range) ||
                    !vrange_equals(model_footprint(node), region->footprint)) {
                        snprintf(words, room,
                                 "region %" PRIu64 " says it is %s to %s with guards, but was put %s to %s",
                                 node->id, format_address(model_footprint(node).base),
                                 format_address(model_footprint(node).end), format_address(region->footprint.base),
                                 format_address(region->footprint.end));
                        return false;
                }
        }
        if (node)
                snprintf(words, room, "region %" PRIu64 " is linked at %s, but was never placed or was removed",
                         node->id, format_address(node->range.base));
        return !node;
}
