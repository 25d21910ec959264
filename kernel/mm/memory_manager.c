#include "mm/memory_manager.h"
#include "mm/frames.h"
#include "mm/layout.h"
#include "mm/page_table.h"
#include "trace/keyframe.h"
#include "trace/trace.h"

/* Guards the kernel's page table too: nobody else changes it. */
struct spinlock memory_manager_lock = SPINLOCK(LOCK_KERNEL_MEMORY);

static struct {
        struct region_tree tree;
        struct watched_space watched;
        uint64_t operations;
} manager GUARDED_BY(memory_manager_lock);

enum backing { UNBACKED, BACKED };

void memory_manager_init(void)
{
        spinlock_acquire(&memory_manager_lock);
        region_tree_init(&manager.tree, (struct vrange){ KERNEL_MEMORY_BASE, KERNEL_MEMORY_END });
        manager.watched = (struct watched_space){ .name = "kernel", .tree = &manager.tree };
        keyframe_watch(&manager.watched);
        spinlock_release(&memory_manager_lock);
}

/* --- telling the trace ------------------------------------------------------------------------------------ */

static void begin(enum space_operation kind, struct vrange range, enum protection protection)
        REQUIRES(memory_manager_lock)
{
        manager.tree.cause = ++manager.operations;
        trace_space_begin(manager.watched.id, manager.operations, kind, range.base, vrange_size(range), protection);
}

static void end(struct error error, uintptr_t base) REQUIRES(memory_manager_lock)
{
        trace_space_end(manager.watched.id, manager.operations, (enum error_code)error.code, base);
        manager.tree.cause = 0;
}

/* --- frames behind pages ---------------------------------------------------------------------------------- */

static struct error back_page(uintptr_t page, enum protection protection) REQUIRES(memory_manager_lock)
{
        const struct vrange range = { page, page + PAGE_SIZE };
        uintptr_t frame;

        TRY(frame_allocate(PURPOSE_KERNEL_REGION, &frame));
        TRY_OR(page_table_map(&kernel_page_table, range, frame, protection), frame_free(frame));
        return SUCCESS;
}

static struct error back(struct vrange range, enum protection protection) REQUIRES(memory_manager_lock)
{
        for (uintptr_t page = range.base; page < range.end; page += PAGE_SIZE)
                TRY_OR(back_page(page, protection),
                       page_table_drop(&kernel_page_table, (struct vrange){ range.base, page }));
        return SUCCESS;
}

/* --- regions ---------------------------------------------------------------------------------------------- */

static struct error place(struct region *region, size_t size, enum guards guards, enum backing backing)
        REQUIRES(memory_manager_lock)
{
        struct placement request = {
                .size = size,
                .alignment = PAGE_SIZE,
                .guard_before = guards == WITH_GUARDS ? PAGE_SIZE : 0,
                .guard_after = guards == WITH_GUARDS ? PAGE_SIZE : 0,
                .window = manager.tree.range,
        };

        if (!vrange_round_up(&request.size, size))
                return FAIL(NO_MEMORY);
        TRY(region_tree_place_anywhere(&manager.tree, region, &request));
        if (backing == BACKED)
                TRY_OR(back(region_range(region), region->protection),
                       error_ignore(region_tree_remove(&manager.tree, region)));
        return SUCCESS;
}

static struct error create(const char *name, size_t size, enum protection protection, enum guards guards,
                           enum backing backing, struct region **out) REQUIRES(memory_manager_lock)
{
        struct region *region;

        TRY(region_create(name, protection, &region));
        TRY_OR(place(region, size, guards, backing), region_free(region));
        *out = region;
        return SUCCESS;
}

static struct error create_locked(const char *name, size_t size, enum protection protection, enum guards guards,
                                  enum backing backing, struct region **out) REQUIRES(memory_manager_lock)
{
        struct error error;

        begin(MAP, (struct vrange){ 0, size }, protection);
        error = create(name, size, protection, guards, backing, out);
        end(error, error.code ? 0 : region_range(*out).base);
        return error;
}

struct error memory_manager_allocate(const char *name, size_t size, enum protection protection, enum guards guards,
                                     struct region **out)
{
        return LOCKED(&memory_manager_lock, create_locked(name, size, protection, guards, BACKED, out));
}

struct error memory_manager_reserve(const char *name, size_t size, struct region **out)
{
        return LOCKED(&memory_manager_lock, create_locked(name, size, PROTECT_NONE, WITHOUT_GUARDS, UNBACKED, out));
}

void memory_manager_free(struct region *region)
{
        struct vrange range = region_range(region);

        spinlock_acquire(&memory_manager_lock);
        begin(UNMAP, range, region->protection);
        page_table_drop(&kernel_page_table, range);
        error_ignore(region_tree_remove(&manager.tree, region));
        region_free(region);
        end(SUCCESS, range.base);
        spinlock_release(&memory_manager_lock);
}

const struct region_tree *memory_manager_tree(void)
{
        return &manager.tree;
}

/* Whoever asks may hold the lock, and is about to panic. */
const struct region *memory_manager_occupant(uintptr_t address) NO_LOCK_ANALYSIS
{
        const struct region *region = region_tree_first(&manager.tree);

        while (region && region->end <= address)
                region = region_tree_next(region);
        return region && region->base <= address ? region : NULL;
}
