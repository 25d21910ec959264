#include "lib/string.h"
#include "mm/frames.h"
#include "mm/kmalloc.h"
#include "mm/layout.h"
#include "task/system_call.h"
#include "test/space_pages.h"
#include "test/test.h"

static const struct vrange whole = { USER_BASE, USER_BASE + 512 * PAGE_SIZE };
static const enum protection read_write = PROTECT_READ | PROTECT_WRITE;

static uintptr_t page(size_t number)
{
        return whole.base + number * PAGE_SIZE;
}

static struct vrange pages(size_t first, size_t count)
{
        return (struct vrange){ page(first), page(first + count) };
}

static struct error map(struct address_space *space, size_t first, size_t count, enum sharing sharing)
{
        uintptr_t base;

        return address_space_map(space, &(struct mapping){ .name = "test", .size = count * PAGE_SIZE,
                                 .protection = read_write, .where = MAP_SPECIFICALLY, .address = page(first),
                                 .sharing = sharing }, &base);
}

/* Private pages 0 to 3, which hold their numbers and 100, shared pages 8 to 11, of which 8 holds 108. */
static struct error make_parent(struct address_space **out)
{
        TRY(address_space_create("parent", whole, 1, out));
        TRY(map(*out, 0, 4, MAP_PRIVATE));
        TRY(map(*out, 8, 4, MAP_SHARED));
        for (size_t i = 0; i < 4; i++)
                space_store(*out, page(i), 100 + i);
        space_store(*out, page(8), 108);
        return SUCCESS;
}

static struct error make_family(struct address_space **parent, struct address_space **child)
{
        TRY(make_parent(parent));
        return address_space_clone(*parent, "child", 1, child);
}

TEST(a_write_on_either_side_of_a_fork_is_not_seen_on_the_other)
{
        struct address_space *parent, *child;

        CHECK_OK(make_family(&parent, &child));
        CHECK(space_word(child, page(0)) == 100 && space_word(child, page(1)) == 101);
        CHECK(space_store(child, page(0), 1) == FAULT_COPIED);
        CHECK(space_store(parent, page(1), 2) == FAULT_COPIED);
        CHECK(space_word(child, page(0)) == 1 && space_word(parent, page(0)) == 100);
        CHECK(space_word(child, page(1)) == 101 && space_word(parent, page(1)) == 2);
        CHECK(space_store(child, page(0), 3) == FAULT_DONE);    /* its own by now: no fault */
        address_space_destroy(parent);
        CHECK(space_word(child, page(0)) == 3);
        CHECK(space_word(child, page(1)) == 101 && space_word(child, page(3)) == 103);
        address_space_destroy(child);
}

TEST(the_last_one_who_has_a_page_writes_to_it_without_a_copy)
{
        struct address_space *parent, *child;
        size_t free;

        CHECK_OK(make_family(&parent, &child));
        CHECK(space_store(child, page(0), 1) == FAULT_COPIED);
        CHECK(space_store(parent, page(0), 2) == FAULT_SOLE);
        address_space_destroy(child);
        free = free_frames();
        CHECK(space_store(parent, page(1), 3) == FAULT_SOLE);
        CHECK(free_frames() == free);
        address_space_destroy(parent);
}

TEST(shared_memory_is_seen_on_both_sides_of_a_fork)
{
        struct address_space *parent, *child;

        CHECK_OK(make_family(&parent, &child));
        CHECK(space_word(child, page(8)) == 108);
        CHECK(space_store(child, page(8), 1) == FAULT_DONE);
        CHECK(space_word(parent, page(8)) == 1);
        CHECK(space_store(parent, page(9), 2) == FAULT_SHARED); /* touched since */
        CHECK(space_word(child, page(9)) == 2);
        CHECK_OK(address_space_discard(child, pages(8, 2)));
        CHECK(space_word(child, page(8)) == 1 && space_word(child, page(9)) == 2);
        address_space_destroy(parent);
        CHECK(space_word(child, page(8)) == 1 && space_word(child, page(9)) == 2);
        address_space_destroy(child);
}

TEST(a_write_by_the_kernel_to_shared_memory_that_is_read_only_is_seen_by_all)
{
        struct address_space *parent, *child;
        const uint64_t word = 5;

        CHECK_OK(make_family(&parent, &child));
        CHECK_OK(address_space_protect(parent, pages(8, 4), PROTECT_READ));
        CHECK(space_word(parent, page(8)) == 108 && space_word(child, page(8)) == 108);     /* both have the frame */
        CHECK_OK(address_space_write(parent, page(8), &word, sizeof word));     /* a page that all have touched */
        CHECK_OK(address_space_write(parent, page(9), &word, sizeof word));     /* and one that neither has */
        CHECK(space_word(parent, page(8)) == 5 && space_word(child, page(8)) == 5);
        CHECK(space_word(parent, page(9)) == 5 && space_word(child, page(9)) == 5);
        CHECK(space_store(parent, page(8), 6) == FAULT_NOT_ALLOWED);
        address_space_destroy(child);
        address_space_destroy(parent);
}

TEST(a_write_by_the_kernel_to_private_memory_that_is_read_only_is_seen_on_one_side_of_a_fork)
{
        struct address_space *parent, *child;
        const uint64_t word = 5;

        CHECK_OK(make_family(&parent, &child));
        CHECK_OK(address_space_protect(parent, pages(0, 4), PROTECT_READ));
        CHECK_OK(address_space_write(parent, page(0), &word, sizeof word));
        CHECK(space_word(parent, page(0)) == 5 && space_word(child, page(0)) == 100);
        CHECK(space_store(parent, page(0), 6) == FAULT_NOT_ALLOWED);
        address_space_destroy(child);
        address_space_destroy(parent);
}

TEST(parts_of_shared_memory_still_show_the_same_pages)
{
        struct address_space *parent, *child;

        CHECK_OK(make_family(&parent, &child));
        for (size_t i = 8; i < 12; i++)
                space_store(parent, page(i), i);
        CHECK_OK(address_space_unmap(child, pages(9, 1)));
        CHECK_OK(address_space_unmap(child, pages(8, 1)));
        CHECK_OK(address_space_protect(child, pages(10, 1), PROTECT_READ));
        CHECK(space_word(child, page(10)) == 10 && space_word(child, page(11)) == 11);
        CHECK(space_store(child, page(10), 1) == FAULT_NOT_ALLOWED);
        CHECK_OK(address_space_protect(child, pages(10, 1), read_write));
        CHECK_OK(address_space_resize(child, page(10), 3 * PAGE_SIZE));
        CHECK(space_store(child, page(10), 1) == FAULT_DONE);
        CHECK(space_word(parent, page(10)) == 1);
        address_space_destroy(child);
        address_space_destroy(parent);
}

/* Rights that are taken away and given back do not bring back the right to write into what others have too. */
TEST(protect_leaves_copy_on_write_as_it_is)
{
        struct address_space *parent, *child;

        CHECK_OK(make_family(&parent, &child));
        CHECK_OK(address_space_protect(child, pages(0, 4), PROTECT_NONE));
        CHECK_OK(address_space_protect(child, pages(0, 4), read_write));
        CHECK(space_store(child, page(0), 1) == FAULT_COPIED);
        CHECK(space_word(parent, page(0)) == 100);
        CHECK_OK(address_space_protect(parent, pages(0, 1), PROTECT_READ));
        CHECK_OK(address_space_protect(parent, pages(0, 1), read_write));
        CHECK(space_store(parent, page(0), 2) == FAULT_DONE);   /* the child has a copy */
        address_space_destroy(child);
        address_space_destroy(parent);
}

TEST(a_fork_has_every_region_of_its_parent_and_takes_no_page)
{
        struct address_space *parent, *child;
        struct region_listing of_parent[8], of_child[8];
        size_t free, count;

        CHECK_OK(make_parent(&parent));
        CHECK_OK(address_space_protect(parent, pages(1, 2), PROTECT_READ));
        free = free_frames();
        CHECK_OK(address_space_clone(parent, "child", 1, &child));
        CHECK(free - free_frames() <= 4 + 2);     /* tables; and perhaps kmalloc's, for a space and for regions */
        count = address_space_list(parent, 0, of_parent, 8);
        CHECK(count == 4 && address_space_list(child, 0, of_child, 8) == count);
        for (size_t i = 0; i < count; i++) {
                CHECK(of_parent[i].base == of_child[i].base && of_parent[i].end == of_child[i].end);
                CHECK(of_parent[i].protection == of_child[i].protection);
                CHECK(of_parent[i].sharing == of_child[i].sharing);
                CHECK(!strcmp(of_parent[i].name, of_child[i].name));
        }
        CHECK(address_space_totals(parent).pages == 5 && address_space_totals(child).pages == 4);
        address_space_destroy(parent);
        address_space_destroy(child);
}

TEST(generations_of_forks_give_back_all_they_took)
{
        enum { GENERATIONS = 20 };
        const struct kmalloc_count live = kmalloc_live();
        struct address_space *space[GENERATIONS];

        CHECK_OK(make_parent(&space[0]));
        for (size_t i = 1; i < GENERATIONS; i++) {
                CHECK_OK(address_space_clone(space[i - 1], "child", i, &space[i]));
                space_store(space[i], page(i % 4), i);
                space_store(space[i / 2], page((i + 1) % 4), i);
        }
        for (size_t i = 0; i < GENERATIONS; i++)        /* those in the middle, then those at the ends */
                address_space_destroy(space[(i * 7 + 10) % GENERATIONS]);
        CHECK(kmalloc_live().blocks == live.blocks && kmalloc_live().bytes == live.bytes);
}

/* --- what the processor remembers ------------------------------------------------------------------------- */

TEST(a_fork_takes_the_right_to_write_from_a_processor_that_had_it)
{
        struct address_space *parent, *child;
        bool before, after;
        struct error error;

        CHECK_OK(make_parent(&parent));
        space_enter(parent);
        before = processor_store(page(0), 1);
        error = address_space_clone(parent, "child", 1, &child);
        after = processor_store(page(0), 2);
        space_leave();
        CHECK_OK(error);
        CHECK(before && !after);
        CHECK(space_word(child, page(0)) == 1);
        address_space_destroy(parent);
        address_space_destroy(child);
}

TEST(a_processor_sees_the_copy_and_no_longer_the_page_that_was_copied)
{
        struct address_space *parent, *child;
        uint64_t before = 0, after = 0;
        bool right;

        CHECK_OK(make_family(&parent, &child));
        space_enter(child);
        right = processor_load(page(0), &before);
        space_store(child, page(0), 1);
        right &= processor_load(page(0), &after) && processor_store(page(0), 2);
        space_leave();
        CHECK(right && before == 100 && after == 1);
        CHECK(space_word(child, page(0)) == 2 && space_word(parent, page(0)) == 100);
        address_space_destroy(parent);
        address_space_destroy(child);
}

TEST(a_processor_forgets_what_is_protected_discarded_or_unmapped)
{
        struct address_space *space;
        struct error error[3];
        bool before = true, after = false;
        uint64_t word;

        CHECK_OK(make_parent(&space));
        space_enter(space);
        for (size_t i = 0; i < 4; i++)
                before &= processor_store(page(i), i);
        error[0] = address_space_protect(space, pages(0, 1), PROTECT_READ);
        error[1] = address_space_discard(space, pages(1, 1));
        error[2] = address_space_unmap(space, pages(2, 2));
        for (size_t i = 0; i < 4; i++)
                after |= processor_store(page(i), i) || (i && processor_load(page(i), &word));
        space_leave();
        for (size_t i = 0; i < 3; i++)
                CHECK_OK(error[i]);
        CHECK(before && !after);
        address_space_destroy(space);
}
