#include "check/reference.h"
#include "base/error_message.h"
#include "base/format.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void reference_init(struct reference *reference, struct vrange range)
{
        *reference = (struct reference){ .range = range };
}

void reference_free(struct reference *reference)
{
        if (reference->region)
                free(reference->region - reference->spare);
        *reference = (struct reference){ 0 };
}

/* --- looking ---------------------------------------------------------------------------------------------- */

struct vrange reference_hole(const struct reference *reference, size_t i)
{
        return (struct vrange){
                i ? reference->region[i - 1].footprint.end : reference->range.base,
                i < reference->count ? reference->region[i].footprint.base : reference->range.end,
        };
}

size_t reference_first_above(const struct reference *reference, uintptr_t address)
{
        size_t low = 0, high = reference->count;

        while (low < high) {
                size_t middle = low + (high - low) / 2;

                if (reference->region[middle].footprint.end > address)
                        high = middle;
                else
                        low = middle + 1;
        }
        return low;
}

size_t reference_position(const struct reference *reference, uint64_t id, uintptr_t address)
{
        size_t i = reference_first_above(reference, address);

        if (i < reference->count && reference->region[i].id == id)
                return i;
        i = 0;
        while (i < reference->count && reference->region[i].id != id)
                i++;
        return i;
}

size_t reference_find(const struct reference *reference, uintptr_t address, uint64_t size)
{
        struct vrange sought;
        size_t i = reference_first_above(reference, address);

        if (!vrange_make(&sought, address, size))
                sought.end = UINTPTR_MAX;
        while (i < reference->count && reference->region[i].range.end <= address)
                i++;
        return i < reference->count && vrange_overlaps(reference->region[i].range, sought) ? i : reference->count;
}

/* --- changing --------------------------------------------------------------------------------------------- */

/* `guards` in pages. False if that wraps round. */
static bool widen(struct vrange *footprint, struct vrange range, uint64_t before, uint64_t after)
{
        return before <= UINTPTR_MAX / PAGE_SIZE && after <= UINTPTR_MAX / PAGE_SIZE &&
               vrange_widen(footprint, range, before * PAGE_SIZE, after * PAGE_SIZE);
}

/* Regions that went at the front and came at the end have left their places in front. */
static void move_to_the_middle(struct reference *reference)
{
        const size_t places = reference->spare / 2;

        memmove(reference->region - places, reference->region, reference->count * sizeof *reference->region);
        reference->region -= places;
        reference->spare -= places;
        reference->room += places;
}

/* Makes as much room again, half of it on either side of the regions; unless there is enough in front. */
static struct error grow(struct reference *reference)
{
        if (reference->spare > reference->room) {
                move_to_the_middle(reference);
                return SUCCESS;
        }

        const size_t more = reference->room / 2 + 16, places = reference->spare + reference->room;
        struct reference_region *memory = reference->region ? reference->region - reference->spare : NULL;

        memory = reallocarray(memory, places + 2 * more, sizeof *memory);
        if (!memory)
                return fail_no_memory();
        memmove(memory + reference->spare + more, memory + reference->spare, reference->count * sizeof *memory);
        reference->spare += more;
        reference->room += more;
        reference->region = memory + reference->spare;
        return SUCCESS;
}

static struct error insert(struct reference *reference, const struct reference_region *region)
{
        const size_t i = reference_first_above(reference, region->footprint.base);

        if (reference->count == reference->room)
                TRY(grow(reference));
        if (i < reference->count / 2 && reference->spare) {
                memmove(reference->region - 1, reference->region, i * sizeof *region);
                reference->region--;
                reference->spare--;
                reference->room++;
        } else {
                memmove(&reference->region[i + 1], &reference->region[i], (reference->count - i) * sizeof *region);
        }
        reference->region[i] = *region;
        reference->count++;
        return SUCCESS;
}

static void erase(struct reference *reference, size_t i)
{
        struct reference_region *region = reference->region;

        reference->count--;
        if (i < reference->count / 2) {
                memmove(region + 1, region, i * sizeof *region);
                reference->region++;
                reference->spare++;
                reference->room--;
        } else {
                memmove(&region[i], &region[i + 1], (reference->count - i) * sizeof *region);
        }
}

/* Gives a region the size and guards that were asked for, at `base`. */
static struct error lay_out(struct reference_region *region, const struct model_operation *operation, uint64_t base)
{
        if (!vrange_make(&region->range, base, operation->size) ||
            !vrange_widen(&region->footprint, region->range, operation->before, operation->after))
                return FAILF(BAD_INPUT, "region %" PRIu64 " wraps round the end of all addresses", region->id);
        return SUCCESS;
}

static struct error apply_place(struct reference *reference, const struct model_operation *operation)
{
        struct reference_region region = { .id = operation->result_region };

        TRY(lay_out(&region, operation, operation->result_address));
        return insert(reference, &region);
}

static struct error apply_split(struct reference *reference, size_t i, const struct model_operation *operation)
{
        struct reference_region *lower = &reference->region[i], upper = *lower;

        upper.id = operation->result_region;
        lower->range.end = lower->footprint.end = operation->address;
        upper.range.base = upper.footprint.base = operation->address;
        return insert(reference, &upper);
}

struct error reference_apply(struct reference *reference, const struct model_operation *operation)
{
        size_t i;

        switch (operation->kind) {
        case PLACE_ANYWHERE:
        case PLACE_SPECIFICALLY:
        case PLACE_NEAR:
        case PLACE_RANDOM:
                return apply_place(reference, operation);
        case FIND:
                return SUCCESS;
        default:
                break;
        }
        i = reference_position(reference, operation->region, operation->footprint.base);
        if (i == reference->count)
                return FAILF(BAD_INPUT, "region %" PRIu64 " is not there", operation->region);
        switch (operation->kind) {
        case REMOVE:
                erase(reference, i);
                return SUCCESS;
        case RESIZE:
                return lay_out(&reference->region[i], operation, operation->address);
        case SPLIT:
                return apply_split(reference, i, operation);
        default:
                return SUCCESS;                 /* an operation that this build does not know */
        }
}

struct error reference_load(struct reference *reference, const struct model_tree *tree)
{
        reference->range = tree->range;
        reference->count = 0;
        for (const struct model_region *node = model_outermost(tree, LEFT); node; node = model_neighbour(node, RIGHT)) {
                struct reference_region region = { .id = node->id, .range = node->range };

                if (!widen(&region.footprint, node->range, node->before, node->after))
                        return FAILF(BAD_INPUT, "region %" PRIu64 " wraps round the end of all addresses", node->id);
                TRY(insert(reference, &region));
        }
        return SUCCESS;
}

/* A list in no order is searched for the region that should be there; O(regions) for each. */
static const struct model_region *node_of(const struct model_tree *tree, const struct reference_region *region)
{
        const struct model_region *node = model_outermost(tree, LEFT);

        while (node && node->id != region->id)
                node = model_neighbour(node, RIGHT);
        return node;
}

bool reference_matches(const struct reference *reference, const struct model_tree *tree, char *words, size_t room)
{
        const bool has_order = tree->promises < PROMISE_NOTHING;
        const struct model_region *node = model_outermost(tree, LEFT);

        for (size_t i = 0; i < reference->count; i++, node = has_order ? model_neighbour(node, RIGHT) : NULL) {
                const struct reference_region *region = &reference->region[i];

                if (!has_order)
                        node = node_of(tree, region);
                if (!node || node->id != region->id) {
                        snprintf(words, room, "region %" PRIu64 " should be linked at %s, but %s%s", region->id,
                                 format_address(region->range.base), node ? "there is region " : "nothing is",
                                 node ? format_count(node->id) : "");
                        return false;
                }
                if (!vrange_equals(node->range, region->range) ||
                    !vrange_equals(model_footprint(node), region->footprint)) {
                        snprintf(words, room,
                                 "region %" PRIu64 " \"%.40s\" has %s to %s, guards included, but by what was asked it has %s to %s",
                                 node->id, node->name, format_address(model_footprint(node).base),
                                 format_address(model_footprint(node).end), format_address(region->footprint.base),
                                 format_address(region->footprint.end));
                        return false;
                }
        }
        if (!has_order && tree->regions != reference->count)
                node = model_outermost(tree, LEFT);
        if (node)
                snprintf(words, room, "region %" PRIu64 " is linked at %s, but was never placed or was removed",
                         node->id, format_address(node->range.base));
        return !node;
}
