/*
 * The red-black tree of libbsd's <sys/tree.h>, augmented with gaps by its own hook: the strongest peer, so its
 * search is written with the same care as ours. All that a descent reads is in a node's first cache line; a node
 * knows the largest gap of its own subtree.
 */
#include "peer.h"

#include <stdlib.h>
#include <string.h>

struct node;
static void update(struct node *node);
#define RB_AUGMENT(node) update(node)
#include <bsd/sys/tree.h>

struct node {
        RB_ENTRY(node) link;
        uintptr_t base, end;
        size_t gap;                     /* free bytes just below base */
        size_t max_gap;                 /* the largest gap in the subtree, its own included */

        struct particulars particulars;
} __attribute__((aligned(64)));
_Static_assert(sizeof(struct node) == NODE_SIZE, "a peer's node is as large as ours");

RB_HEAD(nodes, node);

struct libbsd {
        struct nodes nodes;
        uintptr_t base, end;
        size_t tail_gap;
        struct node *node;              /* by slot */
};

static inline int compare(const struct node *a, const struct node *b)
{
        return (a->base > b->base) - (a->base < b->base);
}

RB_GENERATE_INTERNAL(nodes, node, link, compare, [[maybe_unused]] static)

/* --- gaps ------------------------------------------------------------------------------------------------- */

static inline size_t max_gap_of(const struct node *node)
{
        return node ? node->max_gap : 0;
}

static inline size_t largest(const struct node *node)
{
        size_t left = max_gap_of(RB_LEFT(node, link)), right = max_gap_of(RB_RIGHT(node, link));
        size_t max_gap = left > right ? left : right;

        return max_gap > node->gap ? max_gap : node->gap;
}

static void update(struct node *node)
{
        node->max_gap = largest(node);
}

static void update_upwards(struct node *node)
{
        for (; node; node = RB_PARENT(node, link)) {
                size_t max_gap = largest(node);

                if (max_gap == node->max_gap)
                        return;
                node->max_gap = max_gap;
        }
}

static void set_gap(struct libbsd *self, struct node *node, size_t gap)
{
        if (!node) {
                self->tail_gap = gap;
        } else {
                node->gap = gap;
                update_upwards(node);
        }
}

/* --- changing --------------------------------------------------------------------------------------------- */

/* Links a node as a child of `parent`, into the hole below `above`. */
static void link_node(struct libbsd *self, struct node *node, uintptr_t base, size_t size, struct node *parent,
                      bool is_left, struct node *above)
{
        uintptr_t hole = above ? above->base - above->gap : self->end - self->tail_gap;

        node->base = base;
        node->end = base + size;
        node->gap = node->max_gap = base - hole;
        node->particulars.guard_before = node->particulars.guard_after = 0;
        set_gap(self, above, (above ? above->base : self->end) - node->end);
        RB_SET(node, parent, link);
        if (!parent)
                RB_ROOT(&self->nodes) = node;
        else if (is_left)
                RB_LEFT(parent, link) = node;
        else
                RB_RIGHT(parent, link) = node;
        update_upwards(parent);
        nodes_RB_INSERT_COLOR(&self->nodes, node);
}

static bool place(void *opaque, size_t slot, uintptr_t base, size_t size)
{
        struct libbsd *self = opaque;
        struct node *parent = NULL, *above = NULL, *node = RB_ROOT(&self->nodes);
        bool is_left = false;

        while (node) {
                parent = node;
                is_left = base < node->base;
                if (is_left) {
                        if (base + size > node->base)
                                return false;
                        above = node;
                        node = RB_LEFT(node, link);
                } else {
                        if (base < node->end)
                                return false;
                        node = RB_RIGHT(node, link);
                }
        }
        link_node(self, &self->node[slot], base, size, parent, is_left, above);
        return true;
}

/* Its hole is given to the next node first; then taking it out changes no largest gap but along its own way up. */
static void remove_node(void *opaque, size_t slot)
{
        struct libbsd *self = opaque;
        struct node *node = &self->node[slot], *above = RB_NEXT(nodes, &self->nodes, node);
        size_t gap = (above ? above->base : self->end) - (node->base - node->gap);

        set_gap(self, node, 0);
        set_gap(self, above, gap);
        RB_REMOVE(nodes, &self->nodes, node);
}

/* --- looking ---------------------------------------------------------------------------------------------- */

static uintptr_t find(void *opaque, uintptr_t address)
{
        struct libbsd *self = opaque;
        struct node *node = RB_ROOT(&self->nodes);

        while (node) {
                if (address < node->base)
                        node = RB_LEFT(node, link);
                else if (address >= node->end)
                        node = RB_RIGHT(node, link);
                else
                        return holds(node->base, node->end, &node->particulars, address) ? node->base : 0;
        }
        return 0;
}

/* The lowest hole in a subtree with a gap of at least `size`. */
static struct node *lowest(struct node *node, size_t size)
{
        for (;;) {
                struct node *left = RB_LEFT(node, link);

                if (max_gap_of(left) >= size)
                        node = left;
                else if (node->gap >= size)
                        return node;
                else
                        node = RB_RIGHT(node, link);
        }
}

/* The next hole in order with a gap of at least `size`. */
static struct node *next_lowest(struct node *node, size_t size)
{
        if (max_gap_of(RB_RIGHT(node, link)) >= size)
                return lowest(RB_RIGHT(node, link), size);
        for (;;) {
                struct node *parent = RB_PARENT(node, link);

                if (!parent)
                        return NULL;
                if (RB_LEFT(parent, link) == node) {
                        if (parent->gap >= size)
                                return parent;
                        if (max_gap_of(RB_RIGHT(parent, link)) >= size)
                                return lowest(RB_RIGHT(parent, link), size);
                }
                node = parent;
        }
}

/* Yields the node above the hole, too. */
static uintptr_t search_hole(const struct libbsd *self, size_t size, size_t alignment, struct node **above)
{
        struct node *node = RB_ROOT(&self->nodes);

        for (node = max_gap_of(node) >= size ? lowest(node, size) : NULL; node; node = next_lowest(node, size)) {
                uintptr_t base = fit(node->base - node->gap, node->base, size, alignment);

                if (base) {
                        *above = node;
                        return base;
                }
        }
        *above = NULL;
        return fit(self->end - self->tail_gap, self->end, size, alignment);
}

static uintptr_t search(void *opaque, size_t size, size_t alignment)
{
        struct node *above;

        return search_hole(opaque, size, alignment, &above);
}

static uintptr_t place_anywhere(void *opaque, size_t slot, size_t size)
{
        struct libbsd *self = opaque;
        struct node *above, *parent;
        uintptr_t base = search_hole(self, size, 4096, &above);
        bool is_left;

        if (!base)
                return 0;
        parent = above ? RB_LEFT(above, link) : RB_ROOT(&self->nodes);
        is_left = !parent;
        if (is_left)
                parent = above;
        else
                while (RB_RIGHT(parent, link))
                        parent = RB_RIGHT(parent, link);
        link_node(self, &self->node[slot], base, size, parent, is_left, above);
        return base;
}

/* --- life ------------------------------------------------------------------------------------------------- */

static void destroy(void *opaque)
{
        struct libbsd *self = opaque;

        free(self->node);
        free(self);
}

static void *build(const struct layout *layout)
{
        struct libbsd *self = calloc(1, sizeof *self);

        if (!self)
                return NULL;
        *self = (struct libbsd){ .base = layout->base, .end = layout->end, .tail_gap = layout->end - layout->base };
        self->node = aligned_alloc(64, layout->capacity * sizeof *self->node);
        if (!self->node) {
                destroy(self);
                return NULL;
        }
        memset(self->node, 0, layout->capacity * sizeof *self->node);
        for (size_t slot = 0; slot < layout->count; slot++)
                if (!place(self, slot, layout->region[slot].base, layout->region[slot].size))
                        abort();        /* a layout does not overlap */
        return self;
}

const struct peer peer_libbsd = {
        .name = "libbsd RB, augmented",
        .hole_search = BY_DESCENT,
        .build = build,
        .destroy = destroy,
        .find = find,
        .place = place,
        .place_anywhere = place_anywhere,
        .remove = remove_node,
        .search = search,
};
