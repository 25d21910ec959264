#include "layout.h"

#include "lib/vrange.h"

#include <stdlib.h>

#define MIB ((size_t)1 << 20)

static const uintptr_t lowest = 0x100000000;

static size_t some_pages(struct rng *rng)
{
        return (1 + rng_below(rng, LARGEST)) * PAGE_SIZE;
}

/* One slot more than regions: a placement needs a region before another is removed. */
static bool reserve(struct layout *layout, size_t count)
{
        *layout = (struct layout){ .base = lowest, .end = lowest + ((uintptr_t)1 << 46), .capacity = count + 1 };
        layout->region = calloc(layout->capacity, sizeof *layout->region);
        return layout->region != NULL;
}

/* Slots in random order, so that neighbours in address are none in memory. */
static void shuffle(struct layout *layout, struct rng *rng)
{
        for (size_t i = layout->count - 1; i > 0; i--) {
                size_t other = rng_below(rng, i + 1);
                struct stretch region = layout->region[i];

                layout->region[i] = layout->region[other];
                layout->region[other] = region;
        }
}

bool layout_make_aged(struct layout *layout, size_t count, struct rng *rng)
{
        const struct peer *peer = &peer_understory;
        size_t unused = count;
        void *tree;

        if (!reserve(layout, count))
                return false;
        tree = peer->build(layout);
        if (!tree) {
                layout_free(layout);
                return false;
        }
        for (size_t i = 0; i < 5 * count; i++) {
                size_t slot = i < count ? i : unused, size = some_pages(rng);

                layout->region[slot] = (struct stretch){ peer->place_anywhere(tree, slot, size), size };
                if (i >= count) {
                        do
                                unused = rng_below(rng, layout->capacity);
                        while (unused == slot);
                        peer->remove(tree, unused);
                }
        }
        peer->destroy(tree);
        layout->count = count;
        layout->region[unused] = layout->region[count];         /* the slot without a region comes last */
        layout->region[count] = (struct stretch){ 0 };
        shuffle(layout, rng);
        return true;
}

/*
 * Between A and B two units of 2 MiB: the hole in vain leaves out a page at either end, so no whole unit is in it.
 *
 *      A          A + unit          B
 *      |.===========|===========.|        . belongs to the regions around
 */
bool layout_make_huge(struct layout *layout, size_t count, struct rng *rng)
{
        const size_t unit = 2 * MIB, exact = count * 4 / 5, every = exact / IN_VAIN;
        uintptr_t at = lowest;

        if (!reserve(layout, count))
                return false;
        for (size_t i = 0; i < count; i++) {
                uintptr_t end = at + some_pages(rng), next_unit = (end + unit - 1) & ~(unit - 1);
                size_t hole = rng_below(rng, 100) < 35 ? some_pages(rng) : 0;

                if (i == exact) {
                        end = next_unit;
                        hole = unit;
                } else if (i < exact && i % every == every - 1) {
                        end = next_unit + PAGE_SIZE;
                        hole = 2 * (unit - PAGE_SIZE);
                }
                layout->region[i] = (struct stretch){ at, end - at };
                layout->end = end;
                at = end + hole;
        }
        layout->count = count;
        shuffle(layout, rng);
        return true;
}

static const struct stretch *being_ordered;

static int compare(const void *a, const void *b)
{
        uintptr_t left = being_ordered[*(const size_t *)a].base, right = being_ordered[*(const size_t *)b].base;

        return (left > right) - (left < right);
}

size_t *layout_order(const struct layout *layout)
{
        size_t *order = malloc(layout->count * sizeof *order);

        if (!order)
                return NULL;
        for (size_t slot = 0; slot < layout->count; slot++)
                order[slot] = slot;
        being_ordered = layout->region;
        qsort(order, layout->count, sizeof *order, compare);
        return order;
}

void layout_free(struct layout *layout)
{
        free(layout->region);
        layout->region = NULL;
}
