#include "mm/virtual_range_allocator.h"
#include "mm/kmalloc.h"
#include "trace/trace.h"

struct free_range {
        struct list_node node;
        struct vrange range;
};

static struct list *free_ranges(struct virtual_range_allocator *allocator) REQUIRES(allocator->lock)
{
        return &allocator->free.guarded_;
}

static struct free_range *range_of(struct list_node *node)
{
        return node ? container_of(node, struct free_range, node) : NULL;
}

static struct free_range *first_range(struct virtual_range_allocator *allocator) REQUIRES(allocator->lock)
{
        return range_of(free_ranges(allocator)->first);
}

/* Makes a free range behind another, `previous` (NULL: in front of all). */
static struct error add_range(struct virtual_range_allocator *allocator, struct free_range *previous, struct vrange range)
        REQUIRES(allocator->lock)
{
        struct free_range *added = kmalloc(sizeof *added, PURPOSE_FREE_RANGE);

        if (!added)
                return FAIL(NO_MEMORY);
        added->range = range;
        list_insert_after(free_ranges(allocator), previous ? &previous->node : NULL, &added->node);
        return SUCCESS;
}

static void remove_range(struct virtual_range_allocator *allocator, struct free_range *removed) REQUIRES(allocator->lock)
{
        list_remove(free_ranges(allocator), &removed->node);
        kfree(removed);
}

/* --- beginning and end ------------------------------------------------------------------------------------ */

static struct error add_everything(struct virtual_range_allocator *allocator) REQUIRES(allocator->lock)
{
        TRY(add_range(allocator, NULL, allocator->range));
        trace_free_range_added(allocator->id, allocator->range.base, allocator->range.end);
        return SUCCESS;
}

struct error virtual_range_allocator_create(const struct region_tree *tree, struct virtual_range_allocator **out)
{
        static uint64_t newest;
        struct virtual_range_allocator *allocator = kmalloc(sizeof *allocator, PURPOSE_SPACE);

        if (!allocator)
                return FAIL(NO_MEMORY);
        allocator->lock.class = LOCK_RANGE_ALLOCATOR;
        allocator->range = tree->range;
        allocator->tree = tree->id;
        allocator->id = __atomic_add_fetch(&newest, 1, __ATOMIC_RELAXED);
        trace_allocator_created(allocator->id, tree->id, tree->range.base, tree->range.end);
        *out = allocator;
        return WITH_LOCK(&allocator->lock, add_everything(allocator));
}

static void remove_everything(struct virtual_range_allocator *allocator) REQUIRES(allocator->lock)
{
        struct free_range *first;

        while ((first = first_range(allocator)))
                remove_range(allocator, first);
}

void virtual_range_allocator_destroy(struct virtual_range_allocator *allocator)
{
        spinlock_acquire(&allocator->lock);
        remove_everything(allocator);
        spinlock_release(&allocator->lock);
        trace_allocator_destroyed(allocator->id);
        kfree(allocator);
}

/* --- taking and giving back ------------------------------------------------------------------------------- */

/* The free range that has all of a range; NULL if none does. */
static struct free_range *range_with(struct virtual_range_allocator *allocator, struct vrange range)
        REQUIRES(allocator->lock)
{
        for (struct free_range *at = first_range(allocator); at; at = range_of(at->node.next)) {
                if (vrange_contains_range(at->range, range))
                        return at;
        }
        return NULL;
}

static struct error take(struct virtual_range_allocator *allocator, struct vrange taken) REQUIRES(allocator->lock)
{
        struct free_range *found = range_with(allocator, taken);

        if (!found)
                return FAIL(OVERLAP);

        const bool rests_below = found->range.base < taken.base, rests_above = taken.end < found->range.end;

        if (rests_below && rests_above) {
                const struct vrange above = { taken.end, found->range.end };

                found->range.end = taken.base;
                TRY(add_range(allocator, found, above));
                trace_free_range_carved(allocator->id, taken.base, taken.end);
        } else if (rests_below) {
                found->range.end = taken.base;
                trace_free_range_shrunk(allocator->id, taken.base, taken.end);
        } else if (rests_above) {
                found->range.base = taken.end;
                trace_free_range_shrunk(allocator->id, taken.base, taken.end);
        } else {
                remove_range(allocator, found);
                trace_free_range_removed(allocator->id, taken.base, taken.end);
        }
        return SUCCESS;
}

static struct error release(struct virtual_range_allocator *allocator, struct vrange freed) REQUIRES(allocator->lock)
{
        struct free_range *below = NULL, *above = first_range(allocator);

        for (; above && above->range.base < freed.end; above = range_of(above->node.next)) {
                if (above->range.end > freed.base)
                        return FAIL(OVERLAP);
                below = above;
        }

        const bool joins_below = below && below->range.end == freed.base;
        const bool joins_above = above && above->range.base == freed.end;

        if (!joins_below && !joins_above) {
                TRY(add_range(allocator, below, freed));
                trace_free_range_added(allocator->id, freed.base, freed.end);
                return SUCCESS;
        }
        if (joins_below)
                below->range.end = joins_above ? above->range.end : freed.end;
        else
                above->range.base = freed.base;
        if (joins_below && joins_above)
                remove_range(allocator, above);
        trace_free_range_merged(allocator->id, freed.base, freed.end);
        return SUCCESS;
}

/* --- questions and answers -------------------------------------------------------------------------------- */

static void ask(const struct virtual_range_allocator *allocator, enum question question, uintptr_t base, size_t size)
{
        trace_authority_asked(allocator->tree, AUTHORITY_ALLOCATOR, question, base, size);
}

/* `base`: where what was asked for begins, guards included. */
static struct error answer(const struct virtual_range_allocator *allocator, struct error error, uintptr_t base)
{
        trace_authority_answered(allocator->tree, AUTHORITY_ALLOCATOR, (enum error_code)error.code,
                                 error.code ? 0 : base);
        return error;
}

struct error virtual_range_allocator_take(struct virtual_range_allocator *allocator, struct vrange range)
{
        if (vrange_is_empty(range))
                return SUCCESS;
        ask(allocator, QUESTION_TAKE, range.base, vrange_size(range));
        const struct error error = WITH_LOCK(&allocator->lock, take(allocator, range));
        return answer(allocator, error, range.base);
}

struct error virtual_range_allocator_release(struct virtual_range_allocator *allocator, struct vrange range)
{
        if (vrange_is_empty(range))
                return SUCCESS;
        ask(allocator, QUESTION_RELEASE, range.base, vrange_size(range));
        const struct error error = WITH_LOCK(&allocator->lock, release(allocator, range));
        return answer(allocator, error, range.base);
}
