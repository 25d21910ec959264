#include "mm/user_pages.h"
#include "lib/string.h"
#include "mm/direct_map.h"
#include "mm/frames.h"
#include "mm/kernel_page_table.h"
#include "mm/region_backing.h"
#include "mm/tlb.h"

/*
 * The kernel's half is shared, table by table. Its entries of level 4 no longer change once the main stack is there:
 * what the memory manager maps lies in the same 512 GiB, the first of its range.
 */
struct error user_pages_create(struct page_table *out)
{
        enum { KERNEL_HALF = PAGE_TABLE_ENTRIES / 2 };
        *out = (struct page_table){ 0 };
        TRY(frame_allocate(PURPOSE_PAGE_TABLE, &out->root));
        page_entry *entries = direct_map(out->root);
        memcpy(entries + KERNEL_HALF, kernel_pml4 + KERNEL_HALF, KERNEL_HALF * sizeof *entries);
        return SUCCESS;
}

/* A space may be for the kernel's half of all addresses (an op script can ask for that), but owns no page there. */
static struct vrange of_programs(struct vrange range)
{
        return vrange_intersection(range, (struct vrange){ 0, USER_END });
}

void user_pages_drop_step(struct page_table *table, struct vrange *rest)
{
        *rest = of_programs(*rest);
        page_table_drop_step(table, rest);
}

/* The rights of a page of a region if its frame is not shared. */
static enum protection rights_alone(const struct region *region)
{
        return region->protection & PROTECT_WRITE ? region->protection & ~PROTECT_EXECUTE : region->protection;
}

static enum protection rights(const struct region *region, uintptr_t frame)
{
        const bool is_copy_on_write = region_sharing(region) == MAP_PRIVATE && frame_shares(frame) > 1;
        return is_copy_on_write && region->protection & PROTECT_WRITE ? PROTECT_READ : rights_alone(region);
}

bool user_pages_protect_step(const struct page_table *table, const struct region *region, struct vrange *rest)
{
        struct page_walk walk = { .table = table, .rest = rest };
        bool any = false;
        *rest = of_programs(*rest);
        while (page_table_next(&walk)) {
                const enum protection wanted = rights(region, walk.translation.frame);
                any |= wanted != walk.translation.protection;
                page_table_exchange(table, walk.page, walk.translation.frame, wanted);
        }
        return any;
}

struct error user_pages_share_step(const struct page_table *from, struct page_table *to, struct vrange *rest)
{
        struct page_walk walk = { .table = from, .rest = rest };
        *rest = of_programs(*rest);
        while (page_table_next(&walk)) {
                const struct translation page = walk.translation;
                TRY(page_table_map(to, walk.page, page.frame, page.protection & ~PROTECT_WRITE));
                frame_share(page.frame);
        }
        return SUCCESS;
}

/* The bytes of the region's file that belong on a page; what lies beyond the end of the file stays zeros. */
static void copy_from_file(const struct region *region, uintptr_t page, uintptr_t frame)
{
        const struct region_backing *backing = region->backing;
        if (!backing || !backing->file)
                return;
        const size_t at = region_offset(region, page);
        if (at >= backing->file_size)
                return;
        const size_t rest = backing->file_size - at;
        memcpy(direct_map(frame), backing->file + at, rest < PAGE_SIZE ? rest : PAGE_SIZE);
}

static struct error fill(struct page_table *table, const struct region *region, uintptr_t page, uintptr_t *frame)
{
        TRY(frame_allocate(PURPOSE_USER_PAGE, frame));
        copy_from_file(region, page, *frame);
        TRY_OR(page_table_map(table, page, *frame, rights(region, *frame)), frame_free(*frame));
        return SUCCESS;
}

/* Takes the page out of what it shares with others. */
static struct error copy(const struct page_table *table, const struct region *region, uintptr_t page, uintptr_t old,
                         uintptr_t *frame)
{
        TRY(frame_allocate(PURPOSE_USER_PAGE, frame));
        memcpy(direct_map(*frame), direct_map(old), PAGE_SIZE);
        page_table_exchange(table, page, *frame, rights(region, *frame));
        tlb_flush(table, (struct vrange){ page, page + PAGE_SIZE });
        frame_free(old);
        return SUCCESS;
}

static enum fault_verdict verdict_of(struct error error, enum fault_verdict verdict)
{
        return error.code ? FAULT_NO_MEMORY : verdict;
}

enum fault_verdict user_pages_touch(struct page_table *table, const struct region *region, uintptr_t page,
                                    enum access access, uintptr_t *frame)
{
        struct vm_object *object = region_object(region);
        struct translation translation;
        if (!page_table_translate(table, page, &translation)) {
                if (!object)
                        return verdict_of(fill(table, region, page, frame), FAULT_FILLED);
                return verdict_of(vm_object_show(object, region_offset(region, page), table, page, rights_alone(region),
                                                 frame), FAULT_SHARED);
        }
        if (access != ACCESS_WRITE || translation.protection & PROTECT_WRITE || region_sharing(region) == MAP_SHARED)
                return FAULT_DONE;
        if (frame_shares(translation.frame) > 1)
                return verdict_of(copy(table, region, page, translation.frame, frame), FAULT_COPIED);
        page_table_exchange(table, page, translation.frame, rights(region, translation.frame));
        return FAULT_SOLE;
}

struct error user_pages_write(struct page_table *table, const struct region *region, uintptr_t address,
                              const void *bytes, size_t size)
{
        const size_t offset = address % PAGE_SIZE;
        struct translation translation;
        uintptr_t frame;
        if (user_pages_touch(table, region, address - offset, ACCESS_WRITE, &frame) == FAULT_NO_MEMORY)
                return FAIL(NO_MEMORY);
        if (!page_table_translate(table, address, &translation))
                return FAIL(NOT_FOUND);
        memcpy((char *)direct_map(translation.frame) + offset, bytes, size);
        return SUCCESS;
}
