/*
 * The copy of a space, for a fork. The parent is marked as in progress from beginning to end, so no other thread can
 * change its regions or its page table. But its lock is not held while the child is made:
 *
 *      1. every region is placed in the child, and the child's pages are mapped to the parent's frames, read-only;
 *         whatever may fail, fails here, and then the parent is as it was
 *      2. the parent's pages lose the right to write, wherever the frame is shared now
 *      3. one shootdown: no processor caches that right any more
 *
 * Other threads of the parent may run meanwhile, on other processors. What they write until step 3 goes to frames that
 * both sides have, so both see it. A write to a page that has lost the right is a page fault, which waits for the end
 * of the fork. So each thread's writes are in the copy up to one point in time, and none that follows from a write that
 * is missing.
 */
#include "mm/address_space_internal.h"

/* An object has its pages itself: a shared region needs none in the child before it is touched. */
static struct error copy_region(const struct page_table *parent_pages, struct address_space *child,
                                const struct region *region) REQUIRES(child->lock)
{
        const struct vrange range = region_range(region);
        struct region_tree *tree = address_space_tree(child);
        const struct placement request = placement_as_is(tree, region);
        struct region *copy;
        TRY(region_like(region, &copy));
        TRY(region_tree_place_specifically(tree, copy, &request, range.base));         /* it is free */
        struct vrange rest = region_object(region) ? (struct vrange){ 0 } : range;
        do {
                const struct vrange before = rest;
                TRY(user_pages_share_step(parent_pages, address_space_pages(child), &rest));
                operation_did(child, before);
        } while (!vrange_is_empty(rest));
        return SUCCESS;
}

/* The parent is read without its lock: while it is in progress, only this operation may change it. */
static struct error copy_regions(struct address_space *parent, struct address_space *child) NO_LOCK_ANALYSIS
{
        const struct vrange whole = address_space_range(child);
        const struct region *region = region_tree_first(address_space_tree(parent));
        struct error error = SUCCESS;
        operation_begin(child, CLONE, whole.base, vrange_size(whole), PROTECT_NONE);
        trace_space_cloned(child->watched.id, parent->watched.id);
        for (; region && !error.code; region = region_tree_next(region))
                error = copy_region(address_space_pages(parent), child, region);
        return operation_end(child, error, whole.base);
}

/* Takes the right to write from private pages whose frames the child has too. Cannot fail. */
static void write_protect_pages(struct address_space *parent) REQUIRES(parent->lock)
{
        struct region *region = region_tree_first(address_space_tree(parent));
        bool any = false;
        for (; region; region = region_tree_next(region))
                any |= !region_object(region) && protect_pages(parent, region);
        if (any)
                tlb_flush(address_space_pages(parent), address_space_range(parent));
}

struct error address_space_clone(struct address_space *parent, const char *name, uint64_t seed,
                                 struct address_space **out)
{
        struct address_space *child;
        TRY(address_space_create(name, address_space_range(parent), seed, &child));

        address_space_lock(parent);
        address_space_state(parent)->in_progress = true;
        address_space_state(parent)->work = 0;
        spinlock_release(&parent->lock);

        const struct error error = copy_regions(parent, child);

        spinlock_acquire(&parent->lock);
        if (!error.code)
                write_protect_pages(parent);
        address_space_state(parent)->in_progress = false;
        spinlock_release(&parent->lock);

        TRY_OR(error, address_space_destroy(child));
        *out = child;
        return SUCCESS;
}
