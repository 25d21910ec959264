/* The kernel's own region tree, unchanged, as a peer. */
#include "mm/hole_search.h"
#include "peer.h"

#include <stdlib.h>
#include <string.h>

_Static_assert(sizeof(struct region) == NODE_SIZE, "the peers' nodes are as large as ours");

struct understory {
        struct region_tree tree;
        struct rng rng;
        struct region *region;          /* by slot */
};

void error_raised([[maybe_unused]] struct error error)
{
}

static struct placement request_for(const struct understory *self, size_t size, size_t alignment)
{
        return (struct placement){ .size = size, .alignment = alignment, .window = self->tree.range };
}

static bool place(void *opaque, size_t slot, uintptr_t base, size_t size)
{
        struct understory *self = opaque;
        struct placement request = request_for(self, size, PAGE_SIZE);

        return !region_tree_place_specifically(&self->tree, &self->region[slot], &request, base).code;
}

static void destroy(void *opaque)
{
        struct understory *self = opaque;

        free(self->region);
        free(self);
}

static void *build(const struct layout *layout)
{
        struct understory *self = calloc(1, sizeof *self);

        if (!self)
                return NULL;
        region_tree_init(&self->tree, (struct vrange){ layout->base, layout->end });
        rng_seed(&self->rng, 1);
        self->region = aligned_alloc(64, layout->capacity * sizeof *self->region);
        if (!self->region) {
                destroy(self);
                return NULL;
        }
        memset(self->region, 0, layout->capacity * sizeof *self->region);
        for (size_t slot = 0; slot < layout->count; slot++)
                if (!place(self, slot, layout->region[slot].base, layout->region[slot].size))
                        abort();        /* a layout does not overlap */
        return self;
}

static uintptr_t find(void *opaque, uintptr_t address)
{
        struct understory *self = opaque;
        const struct region *region = region_tree_find_containing(&self->tree, address);

        return region ? region->base : 0;
}

static uintptr_t place_anywhere(void *opaque, size_t slot, size_t size)
{
        struct understory *self = opaque;
        struct placement request = request_for(self, size, PAGE_SIZE);

        if (region_tree_place_anywhere(&self->tree, &self->region[slot], &request).code)
                return 0;
        return self->region[slot].base;
}

static uintptr_t place_random(void *opaque, size_t slot, size_t size)
{
        struct understory *self = opaque;
        struct placement request = request_for(self, size, PAGE_SIZE);

        if (region_tree_place_random(&self->tree, &self->region[slot], &request, &self->rng).code)
                return 0;
        return self->region[slot].base;
}

static void remove_region(void *opaque, size_t slot)
{
        struct understory *self = opaque;

        error_ignore(region_tree_remove(&self->tree, &self->region[slot]));
}

static uintptr_t search(void *opaque, size_t size, size_t alignment)
{
        struct understory *self = opaque;
        struct placement request = request_for(self, size, alignment);
        struct hole_place found;

        return hole_search(&self->tree, &request, self->tree.range, LEFT, TAKEN, &found) ? found.base : 0;
}

const struct peer peer_understory = {
        .name = "Understory",
        .hole_search = BY_DESCENT,
        .build = build,
        .destroy = destroy,
        .find = find,
        .place = place,
        .place_anywhere = place_anywhere,
        .remove = remove_region,
        .search = search,
        .place_random = place_random,
};
