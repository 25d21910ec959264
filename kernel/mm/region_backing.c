#include "mm/region_backing.h"
#include "mm/kmalloc.h"

struct error region_backing_create(enum sharing sharing, struct region_backing **out)
{
        struct region_backing *backing = kmalloc(sizeof *backing, PURPOSE_REGION);
        if (!backing)
                return FAIL(NO_MEMORY);
        backing->regions = 1;
        backing->sharing = sharing;
        if (sharing == MAP_SHARED)
                TRY_OR(vm_object_create(&backing->object), kfree(backing));
        *out = backing;
        return SUCCESS;
}

void region_backing_hold(struct region_backing *backing)
{
        if (backing)
                __atomic_add_fetch(&backing->regions, 1, __ATOMIC_RELAXED);
}

void region_backing_release(struct region_backing *backing)
{
        if (!backing || __atomic_sub_fetch(&backing->regions, 1, __ATOMIC_ACQ_REL))
                return;
        if (backing->object)
                vm_object_destroy(backing->object);
        kfree(backing);
}

bool region_backing_is_alike(const struct region_backing *a, const struct region_backing *b)
{
        if (a == b)
                return true;
        if (!a || !b)
                return false;
        const bool has_bytes = a->object || a->file;
        return a->sharing == b->sharing && a->grows == b->grows && a->object == b->object && a->file == b->file &&
               a->file_size == b->file_size && (!has_bytes || a->origin == b->origin);
}
