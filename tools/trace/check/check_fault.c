/*
 * Page faults: the region that a fault names is the one that the tree has there, and the verdict follows from it.
 */
#include "check/check_internal.h"
#include "stream/event_table.h"

#include <inttypes.h>

/* Every protection but none includes reading, and a page that can be written is not executed (docs/trace-format.md). */
static bool allows(const struct model_region *region, uint64_t access)
{
        enum protection protection = region->protection;

        if (access == ACCESS_EXECUTE)
                return (protection & (PROTECT_WRITE | PROTECT_EXECUTE)) == PROTECT_EXECUTE;
        return access == ACCESS_WRITE ? protection & PROTECT_WRITE : protection != PROTECT_NONE;
}

/* What is wrong with a fault's verdict, given the region that it names (NULL: none). NULL if it is right. */
static const char *wrong_verdict(const struct model_region *region, uintptr_t address, uint64_t access,
                                 uint64_t verdict)
{
        bool inside = region && vrange_contains(region->range, address);
        bool in_guard = region && !inside && vrange_contains(model_footprint(region), address);

        switch (verdict) {
        case FAULT_NOT_MAPPED:
                return inside || in_guard ? "but a region is there" : NULL;
        case FAULT_GUARD:
                return in_guard ? NULL : "but that is no guard of the region";
        case FAULT_NOT_ALLOWED:
                return !inside ? "but the region does not have the address" :
                       allows(region, access) ? "but the region allows it" : NULL;
        case FAULT_NO_MEMORY:
                /* A stack that could not grow, because there was no memory, is as before. */
                if (region && address < region->range.base)
                        return allows(region, access) ? NULL : "but the region does not allow it";
                [[fallthrough]];
        default:
                return !region ? "but names no region" :
                       !inside ? "but the region does not have the address" :
                       allows(region, access) ? NULL : "but the region does not allow it";
        }
}

/*
 * A fault looks its address up, and that was the newest operation on the tree: the two agree. A fault in a guard names
 * the region of the guard, though the look-up finds none.
 */
static bool differs_from_look_up(const struct model_operation *operation, uintptr_t address, uint64_t region)
{
        return operation->address != address || (operation->result_region && operation->result_region != region);
}

void check_fault(struct check *check, const struct event *event)
{
        const struct model_space *space = model_space(check->model, VALUE(event, page_fault, space));
        const struct model_tree *tree = check_trusted_tree(check, space);
        uint64_t id = VALUE(event, page_fault, region), verdict = VALUE(event, page_fault, verdict);
        uintptr_t address = VALUE(event, page_fault, address);
        const struct model_region *region = model_region(check->model, id);
        const char *wrong;

        if (!tree)
                return;
        if (id && (!region || region->tree != tree)) {
                check_report(check, event->number, tree,
                             "the fault at %s names region %" PRIu64 ", which is not in the tree",
                             format_address(address), id);
                return;
        }
        if (tree->operation.kind == FIND && tree->operation.end && tree->operation.cpu == event->cpu &&
            differs_from_look_up(&tree->operation, address, id)) {
                check_report(check, event->number, tree,
                             "the fault at %s names region %" PRIu64 ", but the tree was searched for "
                             "%s and found region %" PRIu64, format_address(address), id,
                             format_address(tree->operation.address), tree->operation.result_region);
                return;
        }
        wrong = wrong_verdict(region, address, VALUE(event, page_fault, access), verdict);
        if (wrong)
                check_report(check, event->number, tree,
                             "the fault at %s (%s) is judged %s, %s", format_address(address),
                             access_name(VALUE(event, page_fault, access)), fault_verdict_name(verdict), wrong);
}
