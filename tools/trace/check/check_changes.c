#include "check/check_changes.h"

void changes_free(struct changes *changes)
{
        protections_free(&changes->touched);
        protections_free(&changes->before);
        protections_free(&changes->scratch);
}

void changes_begin(struct changes *changes)
{
        changes->touched.count = changes->before.count = 0;
}

/* The first range noted that ends above an address. */
static size_t first_above(const struct protections *touched, uintptr_t address)
{
        size_t low = 0, high = touched->count;

        while (low < high) {
                const size_t middle = low + (high - low) / 2;

                if (touched->at[middle].range.end > address)
                        high = middle;
                else
                        low = middle + 1;
        }
        return low;
}

static bool is_noted(const struct protections *touched, struct vrange range)
{
        const size_t i = first_above(touched, range.base);

        return i < touched->count && vrange_contains_range(touched->at[i].range, range);
}

static void exchange(struct protections *a, struct protections *b)
{
        const struct protections other = *a;

        *a = *b;
        *b = other;
}

/* Adds to `before` what the tree has in a range that was not noted yet. */
static struct error take_before(struct changes *changes, const struct model_tree *tree, struct vrange range)
{
        TRY(protections_clear(&changes->scratch, &changes->before, (struct vrange){ range.base, UINTPTR_MAX }));
        TRY(protections_add(&changes->scratch, tree, range));
        TRY(protections_append(&changes->scratch, &changes->before, (struct vrange){ range.end, UINTPTR_MAX }));
        exchange(&changes->scratch, &changes->before);
        return SUCCESS;
}

struct error changes_note(struct changes *changes, const struct model_tree *tree, struct vrange range)
{
        uintptr_t at = range.base;

        if (vrange_is_empty(range) || is_noted(&changes->touched, range))
                return SUCCESS;
        for (size_t i = first_above(&changes->touched, at); at < range.end; i++) {
                const bool is_last = i == changes->touched.count || changes->touched.at[i].range.base >= range.end;
                const uintptr_t end = is_last ? range.end : changes->touched.at[i].range.base;

                if (end > at)
                        TRY(take_before(changes, tree, (struct vrange){ at, end }));
                at = is_last ? range.end : changes->touched.at[i].range.end;
        }
        TRY(protections_set(&changes->scratch, &changes->touched, range, PROTECT_NONE));
        exchange(&changes->scratch, &changes->touched);
        return SUCCESS;
}

struct error changes_now(const struct changes *changes, const struct model_tree *tree, struct protections *out)
{
        out->count = 0;
        for (size_t i = 0; i < changes->touched.count; i++)
                TRY(protections_add(out, tree, changes->touched.at[i].range));
        return SUCCESS;
}
