#include "lib/string.h"
#include "mm/direct_map.h"
#include "mm/frames.h"
#include "test/space_find.h"
#include "test/space_pages.h"
#include "test/test.h"

static const struct vrange whole = { USER_BASE, USER_BASE + 512 * PAGE_SIZE };
static const enum protection read_write = PROTECT_READ | PROTECT_WRITE;

/* A space with one region of four pages at its base, all of them touched. */
static struct error make_space(struct address_space **out)
{
        const struct mapping four = { .name = "four", .size = 4 * PAGE_SIZE, .protection = read_write,
                                      .where = MAP_ANYWHERE };
        uintptr_t base;

        TRY(address_space_create("touched", whole, 1, out));
        TRY(address_space_map(*out, &four, &base));
        for (size_t i = 0; i < 4; i++)
                page_fault_resolve(*out, base + i * PAGE_SIZE + 8, ACCESS_WRITE);
        return SUCCESS;
}

static struct vrange pages(size_t first, size_t count)
{
        return (struct vrange){ whole.base + first * PAGE_SIZE, whole.base + (first + count) * PAGE_SIZE };
}

/* What a program may do with a page as it is: nothing if it has none. */
static enum protection shown(struct address_space *space, size_t page)
{
        struct translation behind;

        return space_translate(space, pages(page, 1).base, &behind) ? behind.protection : PROTECT_NONE;
}

TEST(mapping_takes_no_frame_and_touching_takes_one_a_page)
{
        const struct mapping more = { .name = "more", .size = 64 * PAGE_SIZE, .protection = read_write };
        struct address_space *space;
        size_t before, after;
        uintptr_t base;

        CHECK_OK(make_space(&space));
        before = free_frames();
        CHECK_OK(address_space_map(space, &more, &base));
        page_fault_resolve(space, pages(20, 1).base, ACCESS_READ);
        after = free_frames();
        address_space_destroy(space);
        CHECK(before - after <= 2);             /* the page's, and perhaps one for kmalloc */
}

TEST(unmap_gives_back_the_frames_of_what_it_unmaps_and_no_others)
{
        struct address_space *space;
        struct error error;
        size_t free;

        CHECK_OK(make_space(&space));
        free = free_frames();
        error = address_space_unmap(space, pages(2, 1));
        CHECK_OK(error);
        CHECK(shown(space, 1) == read_write);
        CHECK(shown(space, 2) == PROTECT_NONE);
        CHECK(shown(space, 3) == read_write);
        CHECK(free_frames() == free + 1);
        address_space_destroy(space);
}

TEST(what_is_mapped_over_a_region_is_fresh)
{
        const struct mapping over = { .name = "over", .size = PAGE_SIZE, .protection = read_write, .where = MAP_REPLACE,
                                      .address = pages(1, 1).base };
        struct address_space *space;
        struct page_fault fault;
        struct translation behind;
        uintptr_t base;
        uint64_t found;

        CHECK_OK(make_space(&space));
        CHECK_OK(address_space_write(space, over.address, "old", 3));
        CHECK_OK(address_space_map(space, &over, &base));
        CHECK(shown(space, 1) == PROTECT_NONE);
        fault = page_fault_resolve(space, base, ACCESS_READ);
        CHECK(space_translate(space, base, &behind));
        memcpy(&found, direct_map(behind.frame), sizeof found);
        address_space_destroy(space);
        CHECK(fault.verdict == FAULT_FILLED);
        CHECK(found == 0);
}

TEST(protect_changes_what_pages_allow_and_keeps_their_bytes)
{
        struct address_space *space;
        struct translation before, after;

        CHECK_OK(make_space(&space));
        CHECK(space_translate(space, pages(1, 1).base, &before));
        CHECK_OK(address_space_protect(space, pages(1, 2), PROTECT_READ));
        CHECK(shown(space, 0) == read_write);
        CHECK(shown(space, 1) == PROTECT_READ);
        CHECK_OK(address_space_protect(space, pages(1, 1), PROTECT_NONE));
        CHECK(shown(space, 1) == PROTECT_NONE);
        CHECK(page_fault_resolve(space, pages(1, 1).base, ACCESS_READ).verdict == FAULT_NOT_ALLOWED);
        CHECK_OK(address_space_protect(space, pages(1, 1), read_write | PROTECT_EXECUTE));
        CHECK(shown(space, 1) == read_write);   /* never executable as well */
        CHECK(space_translate(space, pages(1, 1).base, &after));
        CHECK(before.frame == after.frame);
        address_space_destroy(space);
}

TEST(a_region_that_shrinks_gives_back_frames)
{
        struct address_space *space;
        size_t free;

        CHECK_OK(make_space(&space));
        free = free_frames();
        CHECK_OK(address_space_resize(space, whole.base, PAGE_SIZE));
        CHECK(free_frames() == free + 3);
        CHECK_OK(address_space_resize(space, whole.base, 4 * PAGE_SIZE));
        CHECK(shown(space, 1) == PROTECT_NONE);
        address_space_destroy(space);
}

/* An op script may ask for a space anywhere; what the kernel has there is not the space's to give back. */
TEST(a_space_in_the_kernels_half_leaves_the_kernels_pages_alone)
{
        const struct mapping high = { .name = "high", .size = PAGE_SIZE, .protection = read_write };
        const uintptr_t page = DIRECT_MAP_BASE + ((uintptr_t)4 << 20);
        struct address_space *space;
        uintptr_t base;

        CHECK_OK(address_space_create("high", (struct vrange){ page, page + 16 * PAGE_SIZE }, 1, &space));
        CHECK_OK(address_space_map(space, &high, &base));
        CHECK_OK(address_space_protect(space, (struct vrange){ base, base + PAGE_SIZE }, PROTECT_READ));
        CHECK_OK(address_space_unmap(space, (struct vrange){ base, base + PAGE_SIZE }));
        address_space_destroy(space);
}

TEST(a_mapping_that_no_region_can_be_is_refused)
{
        const struct mapping bad[] = {
                { .size = PAGE_SIZE, .offset = PAGE_SIZE },
                { .size = PAGE_SIZE, .file = "", .offset = 1 },
                { .size = 2 * PAGE_SIZE, .file = "", .offset = -PAGE_SIZE },
                { .size = PAGE_SIZE, .file = "", .sharing = MAP_SHARED },
                { .size = PAGE_SIZE, .file = "", .grows = true },
                { .size = PAGE_SIZE, .sharing = MAP_SHARED, .grows = true },
                { .size = PAGE_SIZE, .sharing = MAP_SHARED + 1 },
                { .size = PAGE_SIZE, .where = MAP_NEAR + 1 },
        };
        struct address_space *space;
        uintptr_t base;

        CHECK_OK(address_space_create("bad", whole, 1, &space));
        for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
                CHECK_ERROR(address_space_map(space, &bad[i], &base), BAD_ARGUMENT);
        CHECK(address_space_totals(space).regions == 0);
        address_space_destroy(space);
}

TEST(a_tebibyte_is_reserved_and_touched_at_its_ends)
{
        const struct mapping huge = { .name = "huge", .size = (size_t)1 << 40, .protection = read_write };
        struct address_space *space, *child;
        uintptr_t base, last;
        size_t free;

        CHECK_OK(address_space_create("huge", (struct vrange){ USER_BASE, USER_END }, 1, &space));
        CHECK_OK(address_space_map(space, &huge, &base));
        last = base + huge.size - sizeof(uint64_t);
        free = free_frames();
        CHECK(space_store(space, base, 1) == FAULT_FILLED && space_store(space, last, 2) == FAULT_FILLED);
        CHECK(free - free_frames() == 2 + 2 * 3); /* each with tables of its own */
        CHECK_OK(address_space_clone(space, "child", 1, &child));
        CHECK(space_word(child, base) == 1 && space_word(child, last) == 2);
        CHECK(space_store(child, last, 3) == FAULT_COPIED);
        CHECK(space_word(space, last) == 2);
        CHECK_OK(address_space_discard(space, (struct vrange){ base, base + huge.size }));
        CHECK(space_word(space, base) == 0);
        address_space_destroy(child);
        address_space_destroy(space);
}

TEST(what_another_thread_has_done_already_is_no_more_to_do)
{
        struct address_space *space;

        CHECK_OK(make_space(&space));
        CHECK(page_fault_resolve(space, whole.base, ACCESS_WRITE).verdict == FAULT_DONE);
        CHECK(page_fault_resolve(space, whole.base, ACCESS_READ).verdict == FAULT_DONE);
        address_space_destroy(space);
}
