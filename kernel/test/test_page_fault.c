#include "lib/rng.h"
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

/* --- files, stacks, large regions ------------------------------------------------------------------------- */

static uint64_t load(struct address_space *space, uintptr_t address)
{
        enum fault_verdict verdict;

        return space_load(space, address, &verdict);
}

/* Two pages and 16 bytes are a file; what lies behind is not. Each word holds its number. */
static uint64_t words[3 * PAGE_SIZE / sizeof(uint64_t)];
enum { FILE_SIZE = 2 * PAGE_SIZE + 16 };

static struct error map_file(struct address_space *space, size_t size, size_t offset, uintptr_t *base)
{
        for (size_t i = 0; i < sizeof words / sizeof *words; i++)
                words[i] = i;
        return address_space_map(space, &(struct mapping){ .name = "file", .size = size, .protection = read_write,
                                 .where = MAP_ANYWHERE, .file = (const char *)words, .file_size = FILE_SIZE,
                                 .offset = offset }, base);
}

/* Over whatever is there. */
static struct error map_file_at(struct address_space *space, uintptr_t address, size_t size, size_t offset)
{
        uintptr_t base;

        return address_space_map(space, &(struct mapping){ .name = "file", .size = size, .protection = read_write,
                                 .where = MAP_REPLACE, .address = address, .file = (const char *)words,
                                 .file_size = FILE_SIZE, .offset = offset }, &base);
}

TEST(a_file_shows_its_bytes_and_zeros_behind_its_end)
{
        struct address_space *space;
        uintptr_t base;

        CHECK_OK(address_space_create("file", whole, 1, &space));
        CHECK_OK(map_file(space, 4 * PAGE_SIZE, 0, &base));
        CHECK(load(space, base) == 0 && load(space, base + 8) == 1);
        CHECK(load(space, base + PAGE_SIZE) == 512);
        CHECK(load(space, base + 2 * PAGE_SIZE + 8) == 1025 && load(space, base + 2 * PAGE_SIZE + 16) == 0);
        CHECK(load(space, base + 3 * PAGE_SIZE) == 0);
        CHECK(space_store(space, base + 8, 99) == FAULT_DONE);
        CHECK(words[1] == 1);
        CHECK_OK(address_space_discard(space, (struct vrange){ base, base + PAGE_SIZE }));
        CHECK(load(space, base + 8) == 1);              /* as it was at first */
        address_space_destroy(space);
}

TEST(parts_of_a_file_still_show_the_same_bytes)
{
        struct address_space *space;
        uintptr_t base;

        CHECK_OK(address_space_create("file", whole, 1, &space));
        CHECK_OK(map_file(space, 2 * PAGE_SIZE, PAGE_SIZE, &base));
        CHECK(load(space, base) == 512);
        CHECK_OK(address_space_unmap(space, (struct vrange){ base, base + PAGE_SIZE }));
        CHECK(load(space, base + PAGE_SIZE) == 1024);
        CHECK_OK(address_space_resize(space, base + PAGE_SIZE, 2 * PAGE_SIZE));
        CHECK(load(space, base + 2 * PAGE_SIZE) == 0);
        CHECK_OK(map_file(space, 3 * PAGE_SIZE, 0, &base));
        CHECK_OK(address_space_protect(space, (struct vrange){ base + PAGE_SIZE, base + 2 * PAGE_SIZE }, PROTECT_READ));
        CHECK_OK(address_space_unmap(space, (struct vrange){ base, base + PAGE_SIZE }));
        CHECK(load(space, base + PAGE_SIZE + 8) == 513 && load(space, base + 2 * PAGE_SIZE) == 1024);
        address_space_destroy(space);
}

/* The last page that there can be of a file is at an offset of 2^64 - PAGE_SIZE. */
TEST(a_mapping_far_beyond_the_end_of_a_file_does_not_grow_until_it_shows_the_beginning)
{
        struct address_space *space;
        struct vrange found;
        uintptr_t base;

        CHECK_OK(address_space_create("file", whole, 1, &space));
        CHECK_OK(map_file(space, PAGE_SIZE, -3 * PAGE_SIZE, &base));
        CHECK_ERROR(address_space_resize(space, base, 4 * PAGE_SIZE), OUT_OF_RANGE);
        CHECK_ERROR(address_space_resize(space, base, 3 * PAGE_SIZE), OUT_OF_RANGE);
        CHECK_OK(address_space_find(space, base, &found));
        CHECK(vrange_size(found) == PAGE_SIZE);
        CHECK_OK(address_space_resize(space, base, 2 * PAGE_SIZE));
        CHECK(load(space, base) == 0 && load(space, base + PAGE_SIZE) == 0);
        address_space_destroy(space);
}

/* What each page of a mapped file must hold, whatever was cut, split, joined, resized, discarded and touched. */
TEST(every_page_of_a_mapped_file_holds_the_bytes_of_its_offset_after_random_operations)
{
        enum { PAGES = 4, ROUNDS = 400 };
        struct address_space *space;
        struct rng rng;
        uintptr_t base;

        rng_seed(&rng, 6);
        CHECK_OK(address_space_create("file", whole, 1, &space));
        CHECK_OK(map_file(space, PAGES * PAGE_SIZE, 0, &base));
        for (size_t round = 0; round < ROUNDS; round++) {
                const size_t first = rng_below(&rng, PAGES), count = 1 + rng_below(&rng, PAGES - first);
                const uintptr_t at = base + first * PAGE_SIZE;
                const struct vrange range = { at, at + count * PAGE_SIZE };

                switch (rng_below(&rng, 6)) {
                case 0:
                        error_ignore(address_space_unmap(space, range));
                        break;
                case 1:
                        error_ignore(address_space_protect(space, range, PROTECT_READ));
                        break;
                case 2:
                        error_ignore(address_space_protect(space, range, read_write));
                        break;
                case 3:
                        error_ignore(address_space_discard(space, range));
                        break;
                case 4:
                        error_ignore(address_space_resize(space, at, count * PAGE_SIZE));
                        break;
                case 5:
                        error_ignore(map_file_at(space, at, count * PAGE_SIZE, first * PAGE_SIZE));
                        break;
                }
                for (size_t i = 0; i < PAGES; i++) {
                        enum fault_verdict verdict;
                        const uint64_t word = space_load(space, base + i * PAGE_SIZE + 8, &verdict);

                        if (verdict <= FAULT_DONE)
                                CHECK(word == (i * PAGE_SIZE + 8 < FILE_SIZE ? i * PAGE_SIZE / 8 + 1 : 0));
                }
        }
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

static struct error make_stack(struct vrange range, struct address_space **out, uintptr_t *base)
{
        const struct mapping stack = { .name = "stack", .size = 2 * PAGE_SIZE, .protection = read_write, .where = MAP_NEAR,
                                       .address = range.end, .guard_before = 2 * PAGE_SIZE, .guard_after = PAGE_SIZE,
                                       .grows = true };

        TRY(address_space_create("stack", range, 1, out));
        return address_space_map(*out, &stack, base);
}

TEST(a_stack_grows_when_its_guard_is_touched_and_keeps_the_guard)
{
        struct address_space *space;
        struct vrange found;
        uintptr_t base;

        CHECK_OK(make_stack(whole, &space, &base));
        CHECK(space_store(space, base, 1) == FAULT_FILLED);
        CHECK(space_store(space, base - 8, 2) == FAULT_FILLED);
        CHECK(space_store(space, base - 3 * PAGE_SIZE, 3) == FAULT_FILLED);     /* the far end of the guard */
        CHECK(load(space, base) == 1 && load(space, base - 8) == 2);
        CHECK_OK(address_space_find(space, base - 3 * PAGE_SIZE, &found));
        CHECK(vrange_equals(found, (struct vrange){ base - 3 * PAGE_SIZE, base + 2 * PAGE_SIZE }));
        CHECK(space_store(space, found.end, 4) == FAULT_GUARD);
        CHECK(page_fault_resolve(space, found.base - 3 * PAGE_SIZE, ACCESS_EXECUTE).verdict == FAULT_NOT_MAPPED);
        CHECK(page_fault_resolve(space, found.base - 8, ACCESS_EXECUTE).verdict == FAULT_GUARD);
        address_space_destroy(space);
}

/* As a function does whose local array is larger than the guard. */
TEST(a_stack_grows_to_where_it_is_touched_though_that_is_far_below_its_guard)
{
        struct address_space *space;
        struct vrange found;
        uintptr_t base;

        CHECK_OK(make_stack(whole, &space, &base));
        CHECK(space_store(space, base - 100 * PAGE_SIZE, 1) == FAULT_FILLED);
        CHECK_OK(address_space_find(space, base, &found));
        CHECK(found.base == base - 100 * PAGE_SIZE && address_space_totals(space).pages == 1);
        CHECK(page_fault_resolve(space, found.base - 2 * PAGE_SIZE, ACCESS_EXECUTE).verdict == FAULT_GUARD);
        CHECK(page_fault_resolve(space, found.base - 3 * PAGE_SIZE, ACCESS_EXECUTE).verdict == FAULT_NOT_MAPPED);
        CHECK(load(space, base - 100 * PAGE_SIZE) == 1);
        address_space_destroy(space);
}

TEST(a_stack_does_not_grow_over_a_region_that_lies_between)
{
        struct mapping between = { .name = "between", .size = PAGE_SIZE, .where = MAP_SPECIFICALLY };
        struct address_space *space;
        uintptr_t base, ignored;

        CHECK_OK(make_stack(whole, &space, &base));
        between.address = base - 10 * PAGE_SIZE;
        CHECK_OK(address_space_map(space, &between, &ignored));
        CHECK(space_store(space, base - 11 * PAGE_SIZE, 1) == FAULT_NOT_MAPPED);
        CHECK(space_store(space, base - 8 * PAGE_SIZE, 1) == FAULT_NOT_MAPPED);        /* no room for the guard */
        CHECK(space_store(space, base - 7 * PAGE_SIZE, 1) == FAULT_FILLED);
        address_space_destroy(space);
}

TEST(a_stack_grows_until_its_guard_would_meet_a_region)
{
        struct mapping below = { .name = "below", .size = PAGE_SIZE, .where = MAP_SPECIFICALLY };
        struct address_space *space;
        uintptr_t base, ignored;

        CHECK_OK(make_stack(whole, &space, &base));
        below.address = base - 5 * PAGE_SIZE;
        CHECK_OK(address_space_map(space, &below, &ignored));
        CHECK(space_store(space, base - PAGE_SIZE, 1) == FAULT_FILLED);
        CHECK(space_store(space, base - 2 * PAGE_SIZE, 2) == FAULT_FILLED);
        CHECK(space_store(space, base - 3 * PAGE_SIZE, 3) == FAULT_GUARD);
        CHECK(address_space_totals(space).pages == 2);
        address_space_destroy(space);
}

TEST(a_stack_grows_to_8_mib_at_most)
{
        const struct vrange large = { USER_BASE, USER_BASE + ((size_t)64 << 20) };
        struct address_space *space;
        struct vrange found;
        uintptr_t base, at;

        CHECK_OK(make_stack(large, &space, &base));
        for (at = base; space_store(space, at, at) <= FAULT_DONE; at -= PAGE_SIZE)
                CHECK(at > large.base);
        CHECK(page_fault_resolve(space, at, ACCESS_WRITE).verdict == FAULT_GUARD);
        CHECK_OK(address_space_find(space, base, &found));
        CHECK(vrange_size(found) == (size_t)8 << 20 && found.base == at + PAGE_SIZE);
        CHECK(load(space, found.base) == found.base);
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
        CHECK(load(child, base) == 1 && load(child, last) == 2);
        CHECK(space_store(child, last, 3) == FAULT_COPIED);
        CHECK(load(space, last) == 2);
        CHECK_OK(address_space_discard(space, (struct vrange){ base, base + huge.size }));
        CHECK(load(space, base) == 0);
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
