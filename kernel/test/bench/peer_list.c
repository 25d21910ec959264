/* A plain list in address order, walked from the lowest region for every hole. */
#include "peer.h"

#include <stdlib.h>
#include <string.h>

struct item {
        struct item *next, *previous;
        uintptr_t base, end;
        struct particulars particulars;
} __attribute__((aligned(NODE_SIZE)));
_Static_assert(sizeof(struct item) == NODE_SIZE, "a peer's node is as large as ours");

struct list {
        struct item ends;               /* before the first, after the last; its base is the range's end */
        struct item *item;              /* by slot */
};

static void link_before(struct item *item, uintptr_t base, size_t size, struct item *next)
{
        item->next = next;
        item->previous = next->previous;
        item->base = base;
        item->end = base + size;
        item->particulars.guard_before = item->particulars.guard_after = 0;
        item->previous->next = item;
        next->previous = item;
}

static bool place(void *opaque, size_t slot, uintptr_t base, size_t size)
{
        struct list *self = opaque;
        struct item *next = self->ends.next;

        while (next->base < base)
                next = next->next;
        if (next->base < base + size || next->previous->end > base)
                return false;
        link_before(&self->item[slot], base, size, next);
        return true;
}

/* Yields the item above the hole, too. */
static uintptr_t search_hole(struct list *self, size_t size, size_t alignment, struct item **above)
{
        struct item *item = &self->ends;
        uintptr_t base;

        do {
                uintptr_t hole = item->end;

                item = item->next;
                base = fit(hole, item->base, size, alignment);
        } while (!base && item != &self->ends);
        *above = item;
        return base;
}

static uintptr_t search(void *opaque, size_t size, size_t alignment)
{
        struct item *above;

        return search_hole(opaque, size, alignment, &above);
}

static uintptr_t place_anywhere(void *opaque, size_t slot, size_t size)
{
        struct list *self = opaque;
        struct item *above;
        uintptr_t base = search_hole(self, size, 4096, &above);

        if (base)
                link_before(&self->item[slot], base, size, above);
        return base;
}

static void remove_item(void *opaque, size_t slot)
{
        struct list *self = opaque;
        struct item *item = &self->item[slot];

        item->next->previous = item->previous;
        item->previous->next = item->next;
}

static void destroy(void *opaque)
{
        struct list *self = opaque;

        free(self->item);
        free(self);
}

static int compare(const void *a, const void *b)
{
        const struct item *left = *(struct item *const *)a, *right = *(struct item *const *)b;

        return (left->base > right->base) - (left->base < right->base);
}

static void *build(const struct layout *layout)
{
        struct list *self = aligned_alloc(NODE_SIZE, sizeof *self);
        struct item **order = malloc(layout->count * sizeof(struct item *));

        if (self)
                self->item = aligned_alloc(NODE_SIZE, layout->capacity * sizeof *self->item);
        if (!self || !order || !self->item) {
                free(order);
                if (self)
                        destroy(self);
                return NULL;
        }
        memset(self->item, 0, layout->capacity * sizeof *self->item);
        self->ends = (struct item){ &self->ends, &self->ends, layout->end, layout->base, { 0 } };
        for (size_t slot = 0; slot < layout->count; slot++) {
                order[slot] = &self->item[slot];
                order[slot]->base = layout->region[slot].base;
                order[slot]->end = layout->region[slot].base + layout->region[slot].size;
        }
        qsort(order, layout->count, sizeof *order, compare);
        for (size_t i = 0; i < layout->count; i++)
                link_before(order[i], order[i]->base, order[i]->end - order[i]->base, &self->ends);
        free(order);
        return self;
}

/* Nothing is looked up in a list that could be looked up in a tree; what it is measured for is searching. */
const struct peer peer_list = {
        .name = "list",
        .hole_search = BY_WALK,
        .build = build,
        .destroy = destroy,
        .place = place,
        .place_anywhere = place_anywhere,
        .remove = remove_item,
        .search = search,
};
