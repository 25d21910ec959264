#include "lib/string.h"
#include "mm/kmalloc.h"
#include "mm/region.h"
#include "trace/trace.h"

void region_init(struct region *region, const char *name, enum protection protection)
{
        static uint64_t newest;
        *region = (struct region){ .id = __atomic_add_fetch(&newest, 1, __ATOMIC_RELAXED), .protection = protection };
        memcpy(region->name, name, strnlen(name, REGION_NAME_SIZE - 1));
        trace_region_created(region->id, region->name);
}

struct error region_create(const char *name, enum protection protection, struct region **out)
{
        struct region *region = kmalloc(sizeof *region, PURPOSE_REGION);
        if (!region)
                return FAIL(NO_MEMORY);
        region_init(region, name, protection);
        *out = region;
        return SUCCESS;
}

bool region_set_protection(struct region *region, enum protection protection)
{
        const struct vrange range = region_range(region);
        const enum protection old = region->protection;
        if (old == protection)
                return false;
        region->protection = protection;
        trace_region_changed(region->id, range.base, range.end, old, range.base, range.end, protection,
                             trace_pages(region->guard_before), trace_pages(region->guard_after));
        return true;
}

void region_free(struct region *region)
{
        if (!region)
                return;
        trace_region_freed(region->id);
        kfree(region);
}
