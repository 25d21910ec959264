#include "mm/page_fault.h"
#include "lib/string.h"
#include "mm/address_space_internal.h"

/* How large a stack may grow. */
#define STACK_MOST ((size_t)8 << 20)

/* Every right includes reading: page table entries have no bit for it. A page that can be written is not executed. */
static bool allows(enum protection protection, enum access access)
{
        if (access == ACCESS_EXECUTE)
                return (protection & (PROTECT_WRITE | PROTECT_EXECUTE)) == PROTECT_EXECUTE;
        return access == ACCESS_WRITE ? protection & PROTECT_WRITE : protection != PROTECT_NONE;
}

static struct region *neighbour_of(const struct region_tree *tree, uintptr_t address)
{
        struct region *below, *above = region_tree_above(tree, address, &below);
        if (!below || (above && (above->base <= address || above->base - address < address - below->end)))
                return above;
        return below;
}

static struct region_seen seen(const struct region *region)
{
        if (!region)
                return (struct region_seen){ 0 };
        struct region_seen seen = { .range = region_range(region), .protection = region->protection };
        memcpy(seen.name, region->name, sizeof seen.name);
        return seen;
}

static struct error move_base(struct address_space *space, struct region *region, uintptr_t base) REQUIRES(space->lock)
{
        const struct vrange range = { base, region_range(region).end };
        struct region_tree *tree = address_space_tree(space);
        watched_operation_begin(&space->watched, GROW, base, vrange_size(range), region->protection);
        struct error error = region_tree_resize(tree, region, range, region->guard_before, region->guard_after);
        watched_operation_end(&space->watched, error, base);
        return error;
}

/*
 * The stack that would have to grow so that it holds a page: the next region above, if that is a stack, allows the
 * access, and would not become larger than STACK_MOST. NULL if there is none.
 */
static struct region *stack_above(const struct region_tree *tree, uintptr_t page, enum access access)
{
        struct region *below, *above = region_tree_above(tree, page, &below);
        if (!above || !region_grows(above) || page >= region_range(above).base)
                return NULL;
        if (region_range(above).end - page > STACK_MOST || !allows(above->protection, access))
                return NULL;
        return above;
}

/*
 * Moves the base of a stack down to a page, which it makes ready for the access; false if there is no room for that.
 * If there is no memory for the page, the stack is again as it was.
 */
static bool grow(struct address_space *space, struct region *stack, uintptr_t page, struct page_fault *fault,
                 uintptr_t *frame) REQUIRES(space->lock)
{
        const uintptr_t old_base = region_range(stack).base;
        if (move_base(space, stack, page).code)
                return false;
        fault->verdict = user_pages_touch(address_space_pages(space), stack, page, fault->access, frame);
        if (fault->verdict == FAULT_NO_MEMORY)
                error_ignore(move_base(space, stack, old_base));
        return true;
}

/* No region has the address: that makes a stack grow, or else the access is wrong. Yields the region concerned. */
static struct region *resolve_outside(struct address_space *space, struct page_fault *fault, uintptr_t *frame)
        REQUIRES(space->lock)
{
        struct region_tree *tree = address_space_tree(space);
        const uintptr_t page = fault->address & ~(PAGE_SIZE - 1);
        struct region *stack = stack_above(tree, page, fault->access);
        if (stack && grow(space, stack, page, fault, frame))
                return stack;
        struct region *nearest = neighbour_of(tree, fault->address);
        const bool is_in_guard = nearest && nearest->base <= fault->address && fault->address < nearest->end;
        fault->verdict = is_in_guard ? FAULT_GUARD : FAULT_NOT_MAPPED;
        return nearest;
}

static struct page_fault resolve_locked(struct address_space *space, uintptr_t address, enum access access)
        REQUIRES(space->lock)
{
        struct page_fault fault = { .address = address, .access = access };
        struct region *region = region_tree_find_containing(address_space_tree(space), address);
        const uintptr_t page = address & ~(PAGE_SIZE - 1);
        uintptr_t frame = 0;
        if (!region)
                region = resolve_outside(space, &fault, &frame);
        else if (!allows(region->protection, access))
                fault.verdict = FAULT_NOT_ALLOWED;
        else
                fault.verdict = user_pages_touch(address_space_pages(space), region, page, access, &frame);
        if (fault.verdict == FAULT_NO_MEMORY)
                frame = 0;
        fault.region = seen(region);
        trace_page_fault(space->watched.id, address, access, fault.verdict,
                         fault.verdict == FAULT_NOT_MAPPED ? 0 : region->id, frame);
        return fault;
}

/* A fault waits for an operation in progress: what that has done so far is not what it will have done in the end. */
struct page_fault page_fault_resolve(struct address_space *space, uintptr_t address, enum access access)
{
        address_space_lock(space);
        const struct page_fault fault = resolve_locked(space, address, access);
        spinlock_release(&space->lock);
        return fault;
}
