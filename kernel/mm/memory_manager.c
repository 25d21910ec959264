#include "mm/memory_manager.h"
#include "mm/frames.h"
#include "mm/keyframe.h"
#include "mm/kmalloc.h"
#include "mm/layout.h"
#include "mm/page_table.h"
#include "trace/trace.h"

/* Guards the kernel's page table, too: only the memory manager changes it. */
struct spinlock memory_manager_lock = SPINLOCK(LOCK_KERNEL_MEMORY);

static struct {
        struct region_tree tree;
        struct watched_space watched;
} manager GUARDED_BY(memory_manager_lock);

enum backing { UNBACKED, BACKED };

void memory_manager_init(void)
{
        spinlock_acquire(&memory_manager_lock);
        region_tree_init(&manager.tree, (struct vrange){ KERNEL_MEMORY_BASE, KERNEL_MEMORY_END });
        manager.watched = (struct watched_space){ .name = "kernel", .tree = &manager.tree,
                                                  .lock = &memory_manager_lock };
        keyframe_watch(&manager.watched);
        spinlock_release(&memory_manager_lock);
}

/* Every operation begins and ends with these. */
static void operation_begin(enum space_operation kind, struct vrange range, enum protection protection)
        ACQUIRES(memory_manager_lock)
{
        spinlock_acquire(&memory_manager_lock);
        watched_operation_begin(&manager.watched, kind, range.base, vrange_size(range), protection);
}

static struct error operation_end(struct error error, uintptr_t base) RELEASES(memory_manager_lock)
{
        watched_operation_end(&manager.watched, error, base);
        spinlock_release(&memory_manager_lock);
        return error;
}

static struct error back_page(uintptr_t page, enum protection protection, enum purpose purpose)
        REQUIRES(memory_manager_lock)
{
        uintptr_t frame;
        TRY(frame_allocate(purpose, &frame));
        TRY_OR(page_table_map(&kernel_page_table, page, frame, protection), frame_free(frame));
        return SUCCESS;
}

static void drop_locked(struct vrange range) REQUIRES(memory_manager_lock)
{
        page_table_drop(&kernel_page_table, range);
}

static struct error back_all(const struct region *region) REQUIRES(memory_manager_lock)
{
        const struct vrange range = region_range(region);
        for (uintptr_t page = range.base; page < range.end; page += PAGE_SIZE)
                TRY_OR(back_page(page, region->protection, PURPOSE_KERNEL_REGION),
                       drop_locked((struct vrange){ range.base, page }));
        return SUCCESS;
}

struct error memory_manager_back(const struct region *reserved, uintptr_t page)
{
        if (!vrange_contains(region_range(reserved), page))
                return FAIL(OUT_OF_RANGE);
        return WITH_LOCK(&memory_manager_lock, back_page(page, reserved->protection, PURPOSE_HEAP));
}

void memory_manager_unback(uintptr_t page)
{
        spinlock_acquire(&memory_manager_lock);
        drop_locked((struct vrange){ page, page + PAGE_SIZE });
        spinlock_release(&memory_manager_lock);
}

static struct error place_locked(struct region *region, size_t size, enum guards guards, enum backing backing)
        REQUIRES(memory_manager_lock)
{
        TRY(memory_manager_place(&manager.tree, region, size, guards));
        if (backing == BACKED)
                TRY_OR(back_all(region), error_ignore(region_tree_remove(&manager.tree, region)));
        return SUCCESS;
}

static struct error place(struct region *region, size_t size, enum guards guards, enum backing backing)
{
        operation_begin(MAP, (struct vrange){ 0, size }, region->protection);
        struct error error = place_locked(region, size, guards, backing);
        return operation_end(error, region_range(region).base);
}

struct error memory_manager_reserve(struct region *region, size_t size)
{
        return place(region, size, WITHOUT_GUARDS, UNBACKED);
}

/* The region is made, and freed, without the lock: kmalloc may come here for a page. */
struct error memory_manager_allocate(const char *name, size_t size, enum protection protection, enum guards guards,
                                     struct region **out)
{
        struct region *region;
        TRY(region_create(name, protection, &region));
        struct error error = place(region, size, guards, BACKED);
        if (error_is(error, ERROR_NO_MEMORY) && kmalloc_trim())
                error = place(region, size, guards, BACKED);
        TRY_OR(error, region_free(region));
        *out = region;
        return SUCCESS;
}

void memory_manager_free(struct region *region)
{
        const struct vrange range = region_range(region);
        operation_begin(UNMAP, range, region->protection);
        drop_locked(range);
        struct error error = region_tree_remove(&manager.tree, region);
        error_ignore(operation_end(error, range.base));
        region_free(region);
}

const struct region_tree *memory_manager_tree(void)
{
        return &manager.tree;
}

/* For a panic. The caller may hold the lock already, so it is not acquired. */
const struct region *memory_manager_occupant(uintptr_t address) NO_LOCK_ANALYSIS
{
        struct region *below, *region = region_tree_above(&manager.tree, address, &below);
        return region && region->base <= address ? region : NULL;
}
