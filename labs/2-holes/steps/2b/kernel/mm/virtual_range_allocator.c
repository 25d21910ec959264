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

/* --- where a request fits --------------------------------------------------------------------------------- */

/* Whether a region at a base lies inside free addresses, its guards too. */
static bool fits_at(struct vrange free, const struct placement *request, uintptr_t base)
{
        struct vrange range;

        return vrange_make(&range, base, request->size) &&
               vrange_widen(&range, range, request->guard_before, request->guard_after) &&
               vrange_contains_range(free, range);
}

/*
 * The lowest and highest base that a request may have in free addresses. Tries one aligned address after the other, from
 * the beginning up and from the end down: O(size of the guards, and of the request if it does not fit).
 */
static bool bases_between(struct vrange free, const struct placement *request, uintptr_t *lowest, uintptr_t *highest)
{
        const uintptr_t before = free.base & ~(request->alignment - 1), after = free.end & ~(request->alignment - 1);

        if (vrange_is_empty(free) || vrange_size(free) < request->size)
                return false;
        for (*lowest = before; !fits_at(free, request, *lowest); *lowest += request->alignment) {
                if (*lowest >= after)
                        return false;
        }
        for (*highest = after; !fits_at(free, request, *highest); *highest -= request->alignment)
                continue;                       /* ends at the lowest, if not before */
        return true;
}

/* Those in a free range, as far as that lies in the window. */
static bool bases_in(const struct free_range *range, const struct placement *request, uintptr_t *lowest,
                     uintptr_t *highest)
{
        return bases_between(vrange_intersection(range->range, request->window), request, lowest, highest);
}

static struct error find_anywhere(struct virtual_range_allocator *allocator, const struct placement *request,
                                  uintptr_t *base) REQUIRES(allocator->lock)
{
        uintptr_t highest;

        for (struct free_range *at = first_range(allocator); at; at = range_of(at->node.next)) {
                if (bases_in(at, request, base, &highest))
                        return SUCCESS;
        }
        return FAIL(NO_MEMORY);
}

static uintptr_t distance(uintptr_t a, uintptr_t b)
{
        return a > b ? a - b : b - a;
}

/* Of the bases from `lowest` to `highest` the nearest to a hint; of two equally near ones the lower. */
static uintptr_t nearest_of(uintptr_t lowest, uintptr_t highest, uintptr_t hint, size_t alignment)
{
        const uintptr_t below = hint & ~(alignment - 1);

        if (hint <= lowest)
                return lowest;
        if (hint >= highest)
                return highest;
        return hint - below <= below + alignment - hint ? below : below + alignment;
}

/* Yields the free range, too: NULL if the request fits nowhere. */
static struct free_range *find_nearest(struct virtual_range_allocator *allocator, const struct placement *request,
                                       uintptr_t hint, uintptr_t *base) REQUIRES(allocator->lock)
{
        struct free_range *found = NULL;
        uintptr_t lowest, highest;

        for (struct free_range *at = first_range(allocator); at; at = range_of(at->node.next)) {
                if (!bases_in(at, request, &lowest, &highest))
                        continue;

                const uintptr_t nearest = nearest_of(lowest, highest, hint, request->alignment);

                if (!found || distance(nearest, hint) < distance(*base, hint)) {
                        found = at;
                        *base = nearest;
                }
        }
        return found;
}

static struct error find_near(struct virtual_range_allocator *allocator, const struct placement *request,
                              uintptr_t hint, uintptr_t *base) REQUIRES(allocator->lock)
{
        return find_nearest(allocator, request, hint, base) ? SUCCESS : FAIL(NO_MEMORY);
}

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

/* An aligned address from `lowest` to `highest`, each as likely as the other. */
static uintptr_t draw(struct rng *rng, size_t alignment, uintptr_t lowest, uintptr_t highest)
{
        return lowest + rng_below(rng, (highest - lowest) / alignment + 1) * alignment;
}

static struct error find_random(struct virtual_range_allocator *allocator, const struct placement *request,
                                struct rng *rng, uintptr_t *base) REQUIRES(allocator->lock)
{
        const struct vrange window = vrange_intersection(allocator->range, request->window);
        uintptr_t lowest, highest;

        if (!bases_between(window, request, &lowest, &highest))
                return FAIL(NO_MEMORY);
        for (int tries = 0; tries < 8; tries++) {
                *base = draw(rng, request->alignment, lowest, highest);
                if (range_with(allocator, placement_footprint(request, *base)))
                        return SUCCESS;
        }

        const uintptr_t hint = draw(rng, request->alignment, lowest, highest);
        const struct free_range *found = find_nearest(allocator, request, hint, base);

        if (!found || !bases_in(found, request, &lowest, &highest))
                return FAIL(NO_MEMORY);
        *base = draw(rng, request->alignment, lowest, highest);
        return SUCCESS;
}

/* --- taking and giving back ------------------------------------------------------------------------------- */

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

/* Until it is found, the base is the lowest there is. */
static void ask_place(const struct virtual_range_allocator *allocator, const struct placement *request, uintptr_t *base)
{
        *base = request->guard_before;
        ask(allocator, QUESTION_PLACE, 0, vrange_size(placement_footprint(request, *base)));
}

struct error virtual_range_allocator_find_anywhere(struct virtual_range_allocator *allocator,
                                                   const struct placement *request, uintptr_t *base)
{
        ask_place(allocator, request, base);
        const struct error error = WITH_LOCK(&allocator->lock, find_anywhere(allocator, request, base));
        return answer(allocator, error, *base - request->guard_before);
}

struct error virtual_range_allocator_find_near(struct virtual_range_allocator *allocator,
                                               const struct placement *request, uintptr_t hint, uintptr_t *base)
{
        ask_place(allocator, request, base);
        const struct error error = WITH_LOCK(&allocator->lock, find_near(allocator, request, hint, base));
        return answer(allocator, error, *base - request->guard_before);
}

struct error virtual_range_allocator_find_random(struct virtual_range_allocator *allocator,
                                                 const struct placement *request, struct rng *rng, uintptr_t *base)
{
        ask_place(allocator, request, base);
        const struct error error = WITH_LOCK(&allocator->lock, find_random(allocator, request, rng, base));
        return answer(allocator, error, *base - request->guard_before);
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
