#include "check/protections.h"
#include "base/error_message.h"
#include "base/format.h"

#include <stdlib.h>

void protections_free(struct protections *protections)
{
        free(protections->at);
        *protections = (struct protections){ 0 };
}

/* Adds what comes after all that is there. */
static struct error append(struct protections *out, struct vrange range, enum protection protection)
{
        struct protected_range *last = out->count ? &out->at[out->count - 1] : NULL;

        if (vrange_is_empty(range))
                return SUCCESS;
        if (last && last->range.end == range.base && last->protection == protection) {
                last->range.end = range.end;
                return SUCCESS;
        }
        if (out->count == out->room) {
                size_t room = 2 * out->room + 16;
                struct protected_range *grown = reallocarray(out->at, room, sizeof *grown);

                if (!grown)
                        return fail_no_memory();
                out->at = grown;
                out->room = room;
        }
        out->at[out->count++] = (struct protected_range){ range, protection };
        return SUCCESS;
}

/* The lowest region that ends above an address, or NULL. */
static const struct model_region *lowest_above(const struct model_tree *tree, uintptr_t address)
{
        const struct model_region *region = tree->root, *lowest = NULL;

        if (tree->is_list) {                    /* which may be in no order */
                lowest = model_next_above(tree, NULL);
                while (lowest && lowest->range.end <= address)
                        lowest = model_next_above(tree, lowest);
                return lowest;
        }
        while (region) {
                const bool is_above = region->range.end > address;

                lowest = is_above ? region : lowest;
                region = region->child[is_above ? LEFT : RIGHT];
        }
        return lowest;
}

struct error protections_add(struct protections *protections, const struct model_tree *tree, struct vrange range)
{
        const struct model_region *region = lowest_above(tree, range.base);

        for (; region && region->range.base < range.end; region = model_next_above(tree, region))
                TRY(append(protections, vrange_intersection(region->range, range), region->protection));
        return SUCCESS;
}

struct error protections_append(struct protections *out, const struct protections *from, struct vrange window)
{
        for (size_t i = 0; i < from->count; i++)
                TRY(append(out, vrange_intersection(from->at[i].range, window), from->at[i].protection));
        return SUCCESS;
}

static struct vrange below(struct vrange range)
{
        return (struct vrange){ 0, range.base };
}

static struct vrange above(struct vrange range)
{
        return (struct vrange){ range.end, UINTPTR_MAX };
}

struct error protections_set(struct protections *protections, const struct protections *from, struct vrange range,
                             enum protection protection)
{
        protections->count = 0;
        TRY(protections_append(protections, from, below(range)));
        TRY(append(protections, range, protection));
        return protections_append(protections, from, above(range));
}

struct error protections_clear(struct protections *protections, const struct protections *from, struct vrange range)
{
        protections->count = 0;
        TRY(protections_append(protections, from, below(range)));
        return protections_append(protections, from, above(range));
}

static bool is_same(const struct protected_range *a, const struct protected_range *b)
{
        return vrange_equals(a->range, b->range) && a->protection == b->protection;
}

bool protections_differ(const struct protections *a, const struct protections *b, uintptr_t *address)
{
        size_t i = 0;

        while (i < a->count && i < b->count && is_same(&a->at[i], &b->at[i]))
                i++;
        if (i == a->count && i == b->count)
                return false;
        if (i == a->count || i == b->count)
                *address = i == a->count ? b->at[i].range.base : a->at[i].range.base;
        else if (a->at[i].range.base != b->at[i].range.base || a->at[i].protection != b->at[i].protection)
                *address = a->at[i].range.base < b->at[i].range.base ? a->at[i].range.base : b->at[i].range.base;
        else
                *address = a->at[i].range.end < b->at[i].range.end ? a->at[i].range.end : b->at[i].range.end;
        return true;
}

const char *protections_word(const struct protections *protections, uintptr_t address)
{
        for (size_t i = 0; i < protections->count; i++)
                if (vrange_contains(protections->at[i].range, address))
                        return format_protection(protections->at[i].protection);
        return "unmapped";
}
