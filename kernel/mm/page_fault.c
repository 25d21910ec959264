#include "mm/page_fault.h"
#include "lib/string.h"
#include "mm/address_space_internal.h"

#define STACK_MOST ((size_t)8 << 20)

/* Every right implies that of reading: the processor knows no other way. What can be written is never executed. */
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
        tell_begin(space, GROW, base, vrange_size(range), region->protection);
        struct error error = region_tree_resize(tree, region, range, region->guard_before, region->guard_after);
        return tell_end(space, error, base);
}

/* The guard before a region was touched. If the new page cannot be had, the region is again as it was. */
static enum fault_verdict grow(struct address_space *space, struct region *region, uintptr_t page, enum access access,
                               uintptr_t *frame) REQUIRES(space->lock)
{
        const struct vrange old = region_range(region);
        if (!region_grows(region) || page >= old.base || old.end - page > STACK_MOST ||
            !allows(region->protection, access) || move_base(space, region, page).code)
                return FAULT_GUARD;
        enum fault_verdict verdict = user_pages_touch(address_space_pages(space), region, page, access, frame);
        if (verdict == FAULT_NO_MEMORY)
                error_ignore(move_base(space, region, old.base));
        return verdict;
}

static struct page_fault resolve_locked(struct address_space *space, uintptr_t address, enum access access)
        REQUIRES(space->lock)
{
        struct page_fault fault = { .address = address, .access = access, .verdict = FAULT_NOT_MAPPED };
        struct region_tree *tree = address_space_tree(space);
        struct region *region = region_tree_find_containing(tree, address);
        const uintptr_t page = address & ~(PAGE_SIZE - 1);
        uintptr_t frame = 0;
        if (!region) {
                region = neighbour_of(tree, address);
                if (region && region->base <= address && address < region->end)
                        fault.verdict = grow(space, region, page, access, &frame);
        } else if (!allows(region->protection, access)) {
                fault.verdict = FAULT_NOT_ALLOWED;
        } else {
                fault.verdict = user_pages_touch(address_space_pages(space), region, page, access, &frame);
        }
        if (fault.verdict == FAULT_NO_MEMORY)
                frame = 0;
        fault.region = seen(region);
        trace_page_fault(space->watched.id, address, access, fault.verdict,
                         fault.verdict == FAULT_NOT_MAPPED ? 0 : region->id, frame);
        return fault;
}

struct page_fault page_fault_resolve(struct address_space *space, uintptr_t address, enum access access)
{
        return LOCKED(&space->lock, resolve_locked(space, address, access));
}

struct region_seen page_fault_neighbour(struct address_space *space, uintptr_t address)
{
        return LOCKED(&space->lock, seen(neighbour_of(address_space_tree(space), address)));
}
