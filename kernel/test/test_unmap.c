/*
 * What unmap, replace and protect make of the regions they meet, as pictures (test/picture.h). Run in the kernel and,
 * under sanitizers, on the host.
 */
#include "mm/address_space.h"
#include "task/system_call.h"
#include "test/picture.h"
#include "test/test.h"

static struct address_space *space;

static struct vrange pages(size_t first, size_t count)
{
        return (struct vrange){ picture_address(first), picture_address(first + count) };
}

static struct error map(const char *name, struct vrange range, enum where where, size_t before, size_t after)
{
        uintptr_t base;

        return address_space_map(space, &(struct mapping){ .name = name, .size = vrange_size(range), .where = where,
                                 .address = range.base, .guard_before = before * PAGE_SIZE,
                                 .guard_after = after * PAGE_SIZE }, &base);
}

static struct error lay(const char *picture)
{
        struct picture_region shown;
        size_t at = 0;

        TRY(address_space_create("picture", picture_range(picture), 1, &space));
        while (picture_next(picture, &at, &shown))
                TRY(map(shown.name, pages(shown.base, shown.end - shown.base), MAP_SPECIFICALLY,
                        shown.before, shown.after));
        return SUCCESS;
}

static bool looks_like(const char *picture)
{
        bool right;

        spinlock_acquire(&space->lock);
        right = picture_matches(picture, address_space_tree(space));
        spinlock_release(&space->lock);
        return right;
}

/* Lays out `before`, carries something out, and looks at what is left. */
#define BECOMES(before, operation, symbol, after)                                                                   \
        do {                                                                                                        \
                struct error error_;                                                                                \
                bool right_;                                                                                        \
                                                                                                                    \
                CHECK_OK(lay(before));                                                                              \
                error_ = (operation);                                                                               \
                right_ = looks_like(after);                                                                         \
                address_space_destroy(space);                                                                       \
                CHECK_ERROR(error_, symbol);                                                                        \
                CHECK(right_);                                                                                      \
        } while (0)

static struct error unmap(size_t first, size_t count)
{
        return address_space_unmap(space, pages(first, count));
}

TEST(unmap_takes_out_just_the_range)
{
        BECOMES("..aaaa..", unmap(2, 4), OK, "........");
        BECOMES("..aaaa..", unmap(2, 1), OK, "...aaa..");
        BECOMES("..aaaa..", unmap(5, 1), OK, "..aaa...");
        BECOMES("..aaaa..", unmap(3, 2), OK, "..a..a..");
}

TEST(unmap_from_below_the_lowest_region_reaches_it)
{
        BECOMES("....aaaa", unmap(0, 6), OK, "......aa");
        BECOMES("....aaaa", unmap(0, 8), OK, "........");
}

TEST(unmap_straddling_regions_of_different_size_cuts_each)
{
        BECOMES(".aabbbbb.", unmap(2, 3), OK, ".a...bbb.");
        BECOMES("aaabcccc.", unmap(1, 4), OK, "a....ccc.");
        BECOMES("a.bb.c..d", unmap(0, 9), OK, ".........");
}

TEST(unmap_of_holes_only_succeeds_and_changes_nothing)
{
        BECOMES("..a...b..", unmap(3, 3), OK, "..a...b..");
        BECOMES("..a...b..", unmap(0, 2), OK, "..a...b..");
        BECOMES(".........", unmap(0, 9), OK, ".........");
}

TEST(unmap_refuses_what_is_no_range_of_pages)
{
        BECOMES("..aa..", unmap(2, 0), BAD_ARGUMENT, "..aa..");
        BECOMES("..aa..", address_space_unmap(space, (struct vrange){ picture_address(2) + 1, picture_address(3) }),
                BAD_ARGUMENT, "..aa..");
        BECOMES("..aa..", address_space_unmap(space, picture_pages(3, 2)),
                BAD_ARGUMENT, "..aa..");
}

TEST(unmap_takes_a_guard_only_with_its_end)
{
        BECOMES(".|aaaa|.", unmap(2, 2), OK, "....aa|.");
        BECOMES(".|aaaa|.", unmap(4, 2), OK, ".|aa....");
        BECOMES(".|aaaa|.", unmap(3, 2), OK, ".|a..a|.");
        BECOMES(".|aaaa|.", unmap(0, 2), OK, ".|aaaa|.");
}

TEST(replace_unmaps_whatever_was_there)
{
        BECOMES("aaaa.bb", map("x", pages(2, 4), MAP_REPLACE, 0, 0), OK, "aaxxxxb");
        BECOMES("aaaaaaa", map("x", pages(2, 2), MAP_REPLACE, 0, 0), OK, "aaxxaaa");
        BECOMES(".......", map("x", pages(2, 2), MAP_REPLACE, 1, 1), OK, ".|xx|..");
        BECOMES("aaaaaaa", map("x", pages(2, 2), MAP_REPLACE, 1, 1), OK, "a|xx|aa");
}

TEST(replace_that_cannot_be_leaves_everything)
{
        BECOMES("aa..|bb", map("x", pages(1, 4), MAP_REPLACE, 0, 0), OVERLAP, "aa..|bb");
        BECOMES("aa|..bb", map("x", pages(2, 4), MAP_REPLACE, 0, 0), OVERLAP, "aa|..bb");
        BECOMES("aa...bb", map("x", pages(5, 3), MAP_REPLACE, 0, 0), OUT_OF_RANGE, "aa...bb");
        BECOMES("aa...bb", map("x", pages(5, 0), MAP_REPLACE, 0, 0), BAD_ARGUMENT, "aa...bb");
}

/* --- protect ---------------------------------------------------------------------------------------------- */

static struct error protect(size_t first, size_t count, enum protection protection)
{
        return address_space_protect(space, pages(first, count), protection);
}

/* Whether the regions, in order, allow this: a digit for each, as in enum protection. */
static bool allow(const char *digits)
{
        struct region_listing listing[16];
        size_t count = address_space_list(space, 0, listing, 16);

        for (size_t i = 0; i < count; i++)
                if (digits[i] != (char)('0' + listing[i].protection))
                        return false;
        return !digits[count];
}

TEST(protect_splits_at_the_ends_of_the_range)
{
        CHECK_OK(lay("aaaaaabb"));
        CHECK_OK(protect(2, 2, PROTECT_READ));
        CHECK(allow("0100"));
        CHECK_OK(protect(5, 3, PROTECT_WRITE));
        CHECK(allow("01022"));
        CHECK(looks_like("aaaaaabb"));
        address_space_destroy(space);
        BECOMES("aa.bb", protect(0, 5, PROTECT_READ), NOT_FOUND, "aa.bb");
        BECOMES("aa.bb", protect(2, 1, PROTECT_READ), NOT_FOUND, "aa.bb");
}

TEST(protect_joins_what_is_alike_and_touches)
{
        CHECK_OK(lay(".aaaaaa.bb"));
        CHECK_OK(protect(3, 2, PROTECT_READ));
        CHECK(allow("0100"));
        CHECK_OK(protect(2, 1, PROTECT_READ));          /* the part below gives up a page */
        CHECK(allow("0100"));
        CHECK_OK(protect(2, 3, PROTECT_NONE));
        CHECK(allow("00"));
        CHECK_OK(protect(2, 1, PROTECT_NONE));          /* as it is: nothing to split */
        CHECK(allow("00"));
        CHECK_OK(protect(1, 1, PROTECT_READ));
        CHECK_OK(protect(3, 1, PROTECT_READ));
        CHECK_OK(protect(5, 1, PROTECT_READ));
        CHECK(allow("1010100"));
        CHECK_OK(protect(1, 5, PROTECT_READ));
        CHECK(allow("100"));
        CHECK(looks_like(".aaaaaa.bb"));
        address_space_destroy(space);
}

TEST(protect_joins_nothing_across_names_holes_and_guards)
{
        CHECK_OK(lay("aabb.bb|b|a"));
        CHECK_OK(protect(0, 4, PROTECT_READ));
        CHECK_OK(protect(5, 2, PROTECT_READ));
        CHECK_OK(protect(8, 1, PROTECT_READ));
        CHECK_OK(protect(10, 1, PROTECT_READ));
        CHECK(allow("11111"));
        address_space_destroy(space);
        CHECK_OK(lay("|aaaa|"));
        CHECK_OK(protect(2, 1, PROTECT_READ));
        CHECK(allow("010"));
        CHECK_OK(protect(1, 4, PROTECT_READ));
        CHECK(allow("1"));
        CHECK(looks_like("|aaaa|"));
        address_space_destroy(space);
}

TEST(protect_joins_parts_of_a_file_only_if_they_follow_one_another)
{
        static const char file[4 * PAGE_SIZE];
        struct mapping part = {
                .name = "file", .size = 2 * PAGE_SIZE, .where = MAP_SPECIFICALLY, .address = picture_address(0),
                .file = file, .file_size = sizeof file,
        };
        uintptr_t base;

        CHECK_OK(address_space_create("file", picture_range("....."), 1, &space));
        CHECK_OK(address_space_map(space, &part, &base));
        part.offset = part.size;
        part.address += part.size;
        CHECK_OK(address_space_map(space, &part, &base));
        CHECK_OK(protect(0, 4, PROTECT_READ));
        CHECK(allow("1"));                              /* pages 0 to 3 of the file */
        CHECK_OK(address_space_unmap(space, pages(0, 1)));
        CHECK_OK(protect(2, 1, PROTECT_WRITE));         /* 1, 2, 3 */
        part.where = MAP_REPLACE;                       /* 1, 2, and again 2 and 3 */
        part.address = picture_address(3);
        CHECK_OK(address_space_map(space, &part, &base));
        CHECK_OK(protect(1, 4, PROTECT_READ));
        CHECK(allow("11"));
        address_space_destroy(space);
}
