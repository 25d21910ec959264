#include "mm/page_fault.h"
#include "trace/trace.h"

/* Every right implies that of reading: the processor knows no other way. What can be written is never executed. */
static bool allows(enum protection protection, enum access access)
{
        switch (access) {
        case ACCESS_READ:
                return protection != PROTECT_NONE;
        case ACCESS_WRITE:
                return protection & PROTECT_WRITE;
        case ACCESS_EXECUTE:
                return (protection & (PROTECT_WRITE | PROTECT_EXECUTE)) == PROTECT_EXECUTE;
        }
        return false;
}

const struct region *page_fault_neighbour(const struct address_space *space, uintptr_t address)
{
        const struct region *below = NULL, *above = region_tree_first(&space->tree);

        while (above && above->end <= address) {
                below = above;
                above = region_tree_next(above);
        }
        if (!below || (above && (above->base <= address || above->base - address < address - below->end)))
                return above;
        return below;
}

static bool is_guard_of(const struct region *region, uintptr_t address)
{
        return region && vrange_contains((struct vrange){ region->base, region->end }, address);
}

struct page_fault page_fault_resolve(struct address_space *space, uintptr_t address, enum access access)
{
        struct page_fault fault = { .address = address, .access = access, .verdict = FAULT_FILLED };
        const uintptr_t page = address & ~(PAGE_SIZE - 1);
        uintptr_t frame = 0;
        bool struck;

        fault.region = region_tree_find_containing(&space->tree, address);
        struck = fault.region;
        if (!fault.region) {
                fault.region = page_fault_neighbour(space, address);
                struck = is_guard_of(fault.region, address);
                fault.verdict = struck ? FAULT_GUARD : FAULT_NOT_MAPPED;
        } else if (!allows(fault.region->protection, access)) {
                fault.verdict = FAULT_NOT_ALLOWED;
        } else if (user_pages_fill(&space->pages, page, fault.region->protection, &frame).code) {
                fault.verdict = FAULT_NO_MEMORY;
                frame = 0;
        }
        trace_page_fault(space->watched.id, address, access, fault.verdict, struck ? fault.region->id : 0, frame);
        return fault;
}
