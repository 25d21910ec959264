#include "mm/memory_manager.h"
#include "mm/frames.h"
#include "mm/layout.h"
#include "mm/page_table.h"
#include "trace/keyframe.h"
#include "trace/trace.h"

static struct {
        struct region_tree tree;
        struct watched_space watched;
        uint64_t operations;
} manager;

enum backing { UNBACKED, BACKED };

void memory_manager_init(void)
{
        region_tree_init(&manager.tree, (struct vrange){ KERNEL_MEMORY_BASE, KERNEL_MEMORY_END });
        manager.watched = (struct watched_space){ .name = "kernel", .tree = &manager.tree };
        keyframe_watch(&manager.watched);
}

/* --- telling the trace ------------------------------------------------------------------------------------ */

static void begin(enum space_operation kind, struct vrange range, enum protection protection)
{
        manager.tree.cause = ++manager.operations;
        trace_space_begin(manager.watched.id, manager.operations, kind, range.base, vrange_size(range), protection);
}

static void end(struct error error, uintptr_t base)
{
        trace_space_end(manager.watched.id, manager.operations, (enum error_code)error.code, base);
        manager.tree.cause = 0;
}

/* --- frames behind pages ---------------------------------------------------------------------------------- */

static struct error back_page(uintptr_t page, enum protection protection)
{
        uintptr_t frame;
        struct error error;

        TRY(frame_allocate(PURPOSE_KERNEL_REGION, &frame));
        error = page_table_map(&kernel_page_table, (struct vrange){ page, page + PAGE_SIZE }, frame, protection);
        if (error.code)
                frame_free(frame);
        return error;
}

/* Takes the frames away from the pages of a range that have any. */
static void unback(struct vrange range)
{
        struct translation behind;
        uintptr_t page;

        while (page_table_first_in(&kernel_page_table, range, &page) &&
               page_table_translate(&kernel_page_table, page, &behind)) {
                page_table_unmap(&kernel_page_table, (struct vrange){ page, page + PAGE_SIZE });
                frame_free(behind.frame);
                range.base = page + PAGE_SIZE;
        }
}

static struct error back(struct vrange range, enum protection protection)
{
        for (uintptr_t page = range.base; page < range.end; page += PAGE_SIZE) {
                struct error error = back_page(page, protection);

                if (error.code) {
                        unback((struct vrange){ range.base, page });
                        return error;
                }
        }
        return SUCCESS;
}

/* --- regions ---------------------------------------------------------------------------------------------- */

static struct error place(struct region *region, size_t size, enum guards guards, enum backing backing)
{
        struct placement request = {
                .size = size,
                .alignment = PAGE_SIZE,
                .guard_before = guards == WITH_GUARDS ? PAGE_SIZE : 0,
                .guard_after = guards == WITH_GUARDS ? PAGE_SIZE : 0,
                .window = manager.tree.range,
        };
        struct error error;

        if (!vrange_round_up(&request.size, size))
                return FAIL(NO_MEMORY);
        TRY(region_tree_place_anywhere(&manager.tree, region, &request));
        if (backing == UNBACKED)
                return SUCCESS;
        error = back(region_range(region), region->protection);
        if (error.code)
                error_ignore(region_tree_remove(&manager.tree, region));
        return error;
}

static struct error create(const char *name, size_t size, enum protection protection, enum guards guards,
                           enum backing backing, struct region **out)
{
        struct region *region;
        struct error error;

        TRY(region_create(name, protection, &region));
        error = place(region, size, guards, backing);
        if (error.code)
                region_free(region);
        else
                *out = region;
        return error;
}

static struct error create_traced(const char *name, size_t size, enum protection protection, enum guards guards,
                                  enum backing backing, struct region **out)
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
        return create_traced(name, size, protection, guards, BACKED, out);
}

struct error memory_manager_reserve(const char *name, size_t size, struct region **out)
{
        return create_traced(name, size, PROTECT_NONE, WITHOUT_GUARDS, UNBACKED, out);
}

void memory_manager_free(struct region *region)
{
        struct vrange range = region_range(region);

        begin(UNMAP, range, region->protection);
        unback(range);
        error_ignore(region_tree_remove(&manager.tree, region));
        region_free(region);
        end(SUCCESS, range.base);
}

const struct region_tree *memory_manager_tree(void)
{
        return &manager.tree;
}

const struct region *memory_manager_occupant(uintptr_t address)
{
        const struct region *region = region_tree_first(&manager.tree);

        while (region && region->end <= address)
                region = region_tree_next(region);
        return region && region->base <= address ? region : NULL;
}
