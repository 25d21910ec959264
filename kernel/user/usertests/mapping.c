/*
 * Mapping, unmapping, protecting and resizing: what is refused, what is cut where, and that refusing changes nothing.
 */
#include "user/usertests/usertests.h"

enum { PAGES = 8 };

static uintptr_t page(size_t number)
{
        return PLAYGROUND + number * PAGE_SIZE;
}

/* Writes its number into each page of the playground. */
static bool map_numbered(void)
{
        RIGHT(map_at(PLAYGROUND, PAGES, MAP_PRIVATE));
        for (size_t i = 0; i < PAGES; i++)
                *at(page(i)) = (char)('0' + i);
        return true;
}

static int read_there(void *address)
{
        (void)*at((uintptr_t)address);
        return 0;
}

static int write_there(void *address)
{
        *at((uintptr_t)address) = 1;
        return 0;
}

static bool is_gone(size_t number)
{
        return status_of(read_there, (void *)page(number)) == KILLED_BY_PAGE_FAULT;
}

/* How many regions lie in the playground. */
static size_t regions_there(void)
{
        static struct region_listing listing[64];
        size_t count, found = 0;

        if (regions(0, listing, 64, &count).code || count > 64)
                return 1000;
        for (size_t i = 0; i < count; i++)
                found += listing[i].base >= PLAYGROUND && listing[i].base < page(PAGES);
        return found;
}

/* Which pages are left, as a text: "01-3" is without page 2. */
static bool left_are(const char *pages)
{
        for (size_t i = 0; i < PAGES; i++) {
                if (pages[i] == '-')
                        RIGHT(is_gone(i));
                else
                        RIGHT(*at(page(i)) == pages[i]);
        }
        return true;
}

/* --- unmapping --------------------------------------------------------------------------------------------- */

static bool unmapping_twice_is_no_error(void)
{
        RIGHT(map_numbered());
        RIGHT_OK(munmap(page(2), PAGE_SIZE));
        RIGHT_OK(munmap(page(2), PAGE_SIZE));
        RIGHT(left_are("01-34567"));
        RIGHT_OK(munmap(PLAYGROUND, PAGES * PAGE_SIZE));
        RIGHT_OK(munmap(PLAYGROUND, PAGES * PAGE_SIZE));
        RIGHT(regions_there() == 0);
        return true;
}

static bool unmapping_cuts_where_it_is_told(void)
{
        RIGHT(map_numbered());
        RIGHT_OK(munmap(page(0), PAGE_SIZE));
        RIGHT_OK(munmap(page(7), 4 * PAGE_SIZE));
        RIGHT_OK(munmap(page(3), 2 * PAGE_SIZE));
        RIGHT(left_are("-12--56-"));
        RIGHT(regions_there() == 2);
        return true;
}

static bool unmapping_across_holes_takes_all_that_is_there(void)
{
        RIGHT(map_numbered());
        RIGHT_OK(munmap(page(1), PAGE_SIZE));
        RIGHT_OK(munmap(page(4), PAGE_SIZE));
        RIGHT_OK(munmap(page(0), 6 * PAGE_SIZE));
        RIGHT(left_are("------67"));
        RIGHT(map_at(page(0), 6, MAP_PRIVATE));
        for (size_t i = 0; i < 6; i++)
                RIGHT(*at(page(i)) == 0);
        return true;
}

static bool ranges_that_make_no_sense_are_not_unmapped(void)
{
        RIGHT(map_numbered());
        RIGHT_ERROR(munmap(PLAYGROUND, 0), BAD_ARGUMENT);
        RIGHT_ERROR(munmap(PLAYGROUND + 1, PAGE_SIZE), BAD_ARGUMENT);
        RIGHT_ERROR(munmap(PLAYGROUND, PAGE_SIZE - 1), BAD_ARGUMENT);
        RIGHT_ERROR(munmap(PLAYGROUND, PAGE_SIZE + 1), BAD_ARGUMENT);
        RIGHT_ERROR(munmap(PLAYGROUND, -PAGE_SIZE), OUT_OF_RANGE);
        RIGHT_ERROR(munmap(-PAGE_SIZE, 2 * PAGE_SIZE), OUT_OF_RANGE);
        RIGHT(left_are("01234567"));
        return true;
}

/* The kernel's half is not the program's to unmap, and none of it goes. */
static bool the_kernel_is_not_unmapped(void)
{
        static const uintptr_t base[] = { USER_END, DIRECT_MAP_BASE, KERNEL_MEMORY_BASE, 0xffffffff80000000 };

        for (size_t i = 0; i < sizeof base / sizeof *base; i++) {
                error_ignore(munmap(base[i], PAGE_SIZE));
                error_ignore(mprotect(base[i], PAGE_SIZE, PROTECT_READ_WRITE));
                error_ignore(madvise(base[i], PAGE_SIZE, MADV_DONTNEED));
                error_ignore(resize(base[i], PAGE_SIZE));
                RIGHT(status_of(read_there, (void *)base[i]) == KILLED_BY_PAGE_FAULT);
                RIGHT(!map_at(base[i], 1, MAP_PRIVATE));
        }
        return true;
}

/* --- a program's own stack and code --------------------------------------------------------------------------- */

static int unmap_own_stack(void *unused)
{
        const uintptr_t here = (uintptr_t)__builtin_frame_address(0) & -PAGE_SIZE;

        (void)unused;
        error_ignore(munmap(here - 8 * PAGE_SIZE, 64 * PAGE_SIZE));
        return 0;
}

static int forbid_own_stack(void *unused)
{
        const uintptr_t here = (uintptr_t)__builtin_frame_address(0) & -PAGE_SIZE;

        (void)unused;
        error_ignore(mprotect(here, PAGE_SIZE, PROTECT_READ));
        return 0;
}

/* The call has nowhere to return to, if it is not itself in one of these two pages. */
static int unmap_own_code(void *unused)
{
        (void)unused;
        error_ignore(munmap((uintptr_t)unmap_own_code & -PAGE_SIZE, 2 * PAGE_SIZE));
        return 0;
}

static int forbid_own_code(void *unused)
{
        (void)unused;
        error_ignore(mprotect((uintptr_t)forbid_own_code & -PAGE_SIZE, 2 * PAGE_SIZE, PROTECT_READ));
        return 0;
}

static int replace_everything(void *unused)
{
        const struct mapping mapping = { .name = "all", .size = USER_END - USER_BASE, .where = MAP_REPLACE,
                                         .address = USER_BASE, .protection = PROTECT_READ_WRITE };
        uintptr_t base;

        (void)unused;
        error_ignore(mmap(&mapping, &base));
        return 0;
}

static bool a_program_that_unmaps_itself_ends_alone(void)
{
        RIGHT(status_of(unmap_own_stack, NULL) == KILLED_BY_PAGE_FAULT);
        RIGHT(status_of(forbid_own_stack, NULL) == KILLED_BY_PAGE_FAULT);
        RIGHT(status_of(unmap_own_code, NULL) == KILLED_BY_PAGE_FAULT);
        RIGHT(status_of(forbid_own_code, NULL) == KILLED_BY_PAGE_FAULT);
        RIGHT(status_of(replace_everything, NULL) == KILLED_BY_PAGE_FAULT);
        return true;
}

/* --- placing ----------------------------------------------------------------------------------------------- */

static struct error place(enum where where, uintptr_t address, size_t size, uintptr_t *base)
{
        const struct mapping mapping = { .name = "case", .size = size, .where = where, .address = address,
                                         .protection = PROTECT_READ_WRITE };

        return mmap(&mapping, base);
}

static bool sizes_that_make_no_sense_are_not_mapped(void)
{
        static const size_t wrong[] = { 0, 1, PAGE_SIZE - 1, PAGE_SIZE + 1, -(size_t)1, -(size_t)PAGE_SIZE + 1 };
        static const size_t large[] = { USER_END - USER_BASE + PAGE_SIZE, (size_t)1 << 47, (size_t)1 << 63,
                                        -(size_t)PAGE_SIZE };
        uintptr_t base;

        for (int where = MAP_RANDOM; where <= MAP_NEAR; where++) {
                for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
                        RIGHT_ERROR(place((enum where)where, PLAYGROUND, wrong[i], &base), BAD_ARGUMENT);
                for (size_t i = 0; i < sizeof large / sizeof *large; i++)
                        RIGHT(place((enum where)where, PLAYGROUND, large[i], &base).code);
        }
        RIGHT(regions_there() == 0);
        return true;
}

static bool only_user_space_is_mapped(void)
{
        uintptr_t base;

        RIGHT_ERROR(place(MAP_SPECIFICALLY, 0, PAGE_SIZE, &base), OUT_OF_RANGE);
        RIGHT_ERROR(place(MAP_SPECIFICALLY, USER_BASE - PAGE_SIZE, 2 * PAGE_SIZE, &base), OUT_OF_RANGE);
        RIGHT_ERROR(place(MAP_SPECIFICALLY, USER_END - PAGE_SIZE, 2 * PAGE_SIZE, &base), OUT_OF_RANGE);
        RIGHT_ERROR(place(MAP_REPLACE, USER_END, PAGE_SIZE, &base), OUT_OF_RANGE);
        RIGHT_ERROR(place(MAP_SPECIFICALLY, 0xffffffff80000000, PAGE_SIZE, &base), OUT_OF_RANGE);
        RIGHT(place(MAP_SPECIFICALLY, -(uintptr_t)PAGE_SIZE, 2 * PAGE_SIZE, &base).code);
        RIGHT(place(MAP_SPECIFICALLY, PLAYGROUND + 1, PAGE_SIZE, &base).code);
        RIGHT_OK(place(MAP_SPECIFICALLY, USER_BASE, PAGE_SIZE, &base));
        RIGHT_OK(place(MAP_SPECIFICALLY, USER_END - PAGE_SIZE, PAGE_SIZE, &base));
        *at(USER_BASE) = *at(USER_END - 1) = 1;
        return true;
}

static bool replacing_takes_the_place_of_what_is_there(void)
{
        uintptr_t base;

        RIGHT(map_numbered());
        RIGHT_ERROR(place(MAP_SPECIFICALLY, page(2), PAGE_SIZE, &base), OVERLAP);
        RIGHT_ERROR(place(MAP_SPECIFICALLY, page(7), 2 * PAGE_SIZE, &base), OVERLAP);
        RIGHT_ERROR(place(MAP_SPECIFICALLY, PLAYGROUND - PAGE_SIZE, 2 * PAGE_SIZE, &base), OVERLAP);
        RIGHT(left_are("01234567"));
        RIGHT_OK(place(MAP_REPLACE, page(2), 2 * PAGE_SIZE, &base));
        RIGHT(base == page(2) && *at(page(2)) == 0 && *at(page(3)) == 0);
        RIGHT(*at(page(1)) == '1' && *at(page(4)) == '4');
        return true;
}

static bool a_hole_of_exactly_the_size_is_found_again(void)
{
        const struct mapping mapping = { .name = "fits", .size = 2 * PAGE_SIZE, .protection = PROTECT_READ_WRITE,
                                         .where = MAP_ANYWHERE, .window = { page(0), page(PAGES) } };
        uintptr_t base;

        RIGHT(map_numbered());
        RIGHT_OK(munmap(page(5), 2 * PAGE_SIZE));
        RIGHT_OK(munmap(page(1), PAGE_SIZE));
        RIGHT_OK(mmap(&mapping, &base));
        RIGHT(base == page(5) && *at(base) == 0);
        RIGHT_ERROR(mmap(&mapping, &base), NO_MEMORY);
        return true;
}

/* --- protecting -------------------------------------------------------------------------------------------- */

static bool protecting_across_a_hole_changes_nothing(void)
{
        RIGHT(map_numbered());
        RIGHT_OK(munmap(page(4), PAGE_SIZE));
        RIGHT_ERROR(mprotect(page(2), 4 * PAGE_SIZE, PROTECT_READ), NOT_FOUND);
        RIGHT_ERROR(mprotect(page(4), PAGE_SIZE, PROTECT_READ), NOT_FOUND);
        RIGHT_ERROR(mprotect(page(6), 4 * PAGE_SIZE, PROTECT_READ), NOT_FOUND);
        for (size_t i = 0; i < PAGES; i++)
                RIGHT(i == 4 || status_of(write_there, (void *)page(i)) == 0);
        RIGHT(left_are("0123-567"));
        return true;
}

static bool a_region_protected_in_the_middle_becomes_whole_again(void)
{
        RIGHT(map_numbered());
        RIGHT(regions_there() == 1);
        RIGHT_OK(mprotect(page(3), 2 * PAGE_SIZE, PROTECT_READ));
        RIGHT(regions_there() == 3);
        RIGHT(status_of(write_there, (void *)page(2)) == 0);
        RIGHT(status_of(write_there, (void *)page(3)) == KILLED_BY_PAGE_FAULT);
        RIGHT(status_of(read_there, (void *)page(3)) == 0);
        RIGHT_OK(mprotect(page(3), 2 * PAGE_SIZE, PROTECT_READ_WRITE));
        RIGHT(regions_there() == 1);
        RIGHT(left_are("01234567"));
        *at(page(3)) = 'x';
        return true;
}

static bool protections_that_make_no_sense_are_refused(void)
{
        static const uint64_t wrong[] = { 8, 16, 0x80000000, (uint64_t)1 << 32, (uint64_t)1 << 63, -(uint64_t)1 };

        RIGHT(map_numbered());
        for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
                RIGHT(call_code(SYSTEM_MPROTECT, PLAYGROUND, PAGE_SIZE, wrong[i]) == ERROR_BAD_ARGUMENT);
        RIGHT_ERROR(mprotect(PLAYGROUND, 0, PROTECT_READ), BAD_ARGUMENT);
        RIGHT_ERROR(mprotect(PLAYGROUND + 8, PAGE_SIZE, PROTECT_READ), BAD_ARGUMENT);
        RIGHT_ERROR(mprotect(-(uintptr_t)PAGE_SIZE, 2 * PAGE_SIZE, PROTECT_READ), OUT_OF_RANGE);
        *at(PLAYGROUND) = 1;
        return true;
}

static bool what_was_forbidden_is_still_there_when_it_is_allowed_again(void)
{
        RIGHT(map_numbered());
        RIGHT_OK(mprotect(PLAYGROUND, PAGES * PAGE_SIZE, PROTECT_NONE));
        RIGHT(is_gone(0) && is_gone(7));
        RIGHT_OK(mprotect(PLAYGROUND, PAGES * PAGE_SIZE, PROTECT_READ));
        RIGHT(left_are("01234567"));
        return true;
}

/* --- resizing ---------------------------------------------------------------------------------------------- */

static bool a_region_shrinks_and_grows_with_zeros(void)
{
        RIGHT(map_numbered());
        RIGHT_OK(resize(PLAYGROUND, 3 * PAGE_SIZE));
        RIGHT(left_are("012-----"));
        RIGHT_OK(resize(PLAYGROUND, PAGES * PAGE_SIZE));
        RIGHT(*at(page(2)) == '2');
        for (size_t i = 3; i < PAGES; i++)
                RIGHT(*at(page(i)) == 0);
        return true;
}

static bool a_region_grows_over_no_other_and_not_without_one(void)
{
        RIGHT(map_numbered());
        RIGHT(map_at(page(PAGES + 1), 1, MAP_PRIVATE));
        RIGHT_OK(resize(PLAYGROUND, (PAGES + 1) * PAGE_SIZE));
        RIGHT_ERROR(resize(PLAYGROUND, (PAGES + 2) * PAGE_SIZE), OVERLAP);
        RIGHT_ERROR(resize(PLAYGROUND, 0), BAD_ARGUMENT);
        RIGHT_ERROR(resize(PLAYGROUND, PAGE_SIZE + 1), BAD_ARGUMENT);
        RIGHT(resize(PLAYGROUND, -(size_t)PAGE_SIZE).code);
        RIGHT(resize(PLAYGROUND, (size_t)1 << 63).code);
        RIGHT_ERROR(resize(page(1), PAGE_SIZE), NOT_FOUND);
        RIGHT_ERROR(resize(PLAYGROUND + 1, PAGE_SIZE), NOT_FOUND);
        RIGHT(left_are("01234567"));
        return true;
}

/* The region lies between two pages that must stay free, whatever size it has. */
static bool guards_go_where_their_region_goes(void)
{
        const struct mapping mapping = { .name = "fenced", .size = 2 * PAGE_SIZE, .protection = PROTECT_READ_WRITE,
                                         .where = MAP_SPECIFICALLY, .address = page(1), .guard_before = PAGE_SIZE,
                                         .guard_after = PAGE_SIZE };
        uintptr_t base;

        RIGHT_OK(mmap(&mapping, &base));
        RIGHT(is_gone(0) && !is_gone(1) && !is_gone(2) && is_gone(3));
        RIGHT(!map_at(page(0), 1, MAP_PRIVATE) && !map_at(page(3), 1, MAP_PRIVATE));
        RIGHT_ERROR(mprotect(page(3), PAGE_SIZE, PROTECT_READ), NOT_FOUND);
        RIGHT_OK(resize(base, PAGE_SIZE));
        RIGHT(is_gone(2) && map_at(page(3), 1, MAP_PRIVATE));
        RIGHT_OK(munmap(base, PAGE_SIZE));
        RIGHT(map_at(page(0), 3, MAP_PRIVATE));
        return true;
}

const struct user_case cases_of_mapping[] = {
        { "unmap-twice", unmapping_twice_is_no_error },
        { "unmap-cuts", unmapping_cuts_where_it_is_told },
        { "unmap-holes", unmapping_across_holes_takes_all_that_is_there },
        { "unmap-nonsense", ranges_that_make_no_sense_are_not_unmapped },
        { "unmap-kernel", the_kernel_is_not_unmapped },
        { "unmap-own", a_program_that_unmaps_itself_ends_alone },
        { "map-sizes", sizes_that_make_no_sense_are_not_mapped },
        { "map-edges", only_user_space_is_mapped },
        { "map-replace", replacing_takes_the_place_of_what_is_there },
        { "map-hole", a_hole_of_exactly_the_size_is_found_again },
        { "protect-hole", protecting_across_a_hole_changes_nothing },
        { "protect-middle", a_region_protected_in_the_middle_becomes_whole_again },
        { "protect-nonsense", protections_that_make_no_sense_are_refused },
        { "protect-back", what_was_forbidden_is_still_there_when_it_is_allowed_again },
        { "resize", a_region_shrinks_and_grows_with_zeros },
        { "resize-refused", a_region_grows_over_no_other_and_not_without_one },
        { "guards", guards_go_where_their_region_goes },
        { 0 },
};
