/*
 * What a space was asked for is all that may change in it. Each operation is played as the kernel does it, event for
 * event, and then spoiled.
 */
#include "support_run.h"

enum { BASE = 0x20000 };

static struct region *region;
static uint64_t operation;

static void begin(enum space_operation kind, uintptr_t base, size_t pages, enum protection protection)
{
        trace_space_begin(play_space(), ++operation, kind, base, pages * PAGE_SIZE, protection);
        play_operation(operation, operation);
}

static void end(uintptr_t base)
{
        trace_space_end(play_space(), operation, ERROR_OK, base);
        play_operation(operation, 0);
}

static void refuse(void)
{
        trace_error_raised(ERROR_NO_MEMORY, 0, 1);
        trace_space_end(play_space(), operation, ERROR_NO_MEMORY, 0);
        play_operation(operation, 0);
}

static void resize(struct region *which, uintptr_t base, uintptr_t limit)
{
        assert_int_equal(region_tree_resize(play_tree(), which, (struct vrange){ base, limit }, 0, 0).code, ERROR_OK);
}

static struct region *split(struct region *which, uintptr_t at)
{
        struct region *upper;

        assert_int_equal(region_create("region", PROTECT_READ, &upper).code, ERROR_OK);
        assert_int_equal(region_tree_split(play_tree(), which, at, upper).code, ERROR_OK);
        return upper;
}

static void map(void)
{
        begin(MAP, 0, 8, PROTECT_READ);
        region = play_place_at(BASE, 8);
        end(BASE);
}

/* Checks what `body` does after eight pages were mapped at BASE. The findings are in words, or NULL. */
static void (*body_of_play)(void);

static void play(void)
{
        operation = 0;
        map();
        body_of_play();
}

static void assert_play(void (*body)(void), const char *words)
{
        struct bytes bytes = { 0 };
        struct check *check;

        body_of_play = body;
        stream_record(&bytes, play);
        check = check_bytes(&bytes);
        if (words && !check_findings(check))
                fail_msg("nothing was found, but expected: %s", words);
        if (check_findings(check) && (!words || !strstr(check_finding(check, 0)->words, words)))
                fail_msg("found: %s", check_finding(check, 0)->words);
        check_destroy(check);
        bytes_free(&bytes);
}

/* --- protect, with splits and merges ---------------------------------------------------------------------- */

/* The middle is cut out and changed, changed back, and becomes one with its neighbours again. */
static void protect_and_merge(void)
{
        struct region *middle, *upper;

        begin(PROTECT, BASE + 2 * PAGE_SIZE, 2, PROTECT_NONE);
        upper = split(region, BASE + 4 * PAGE_SIZE);
        middle = split(region, BASE + 2 * PAGE_SIZE);
        region_set_protection(middle, PROTECT_NONE);
        end(BASE + 2 * PAGE_SIZE);
        begin(PROTECT, BASE + 2 * PAGE_SIZE, 2, PROTECT_READ);
        region_set_protection(middle, PROTECT_READ);
        play_remove(middle);
        resize(region, BASE, BASE + 4 * PAGE_SIZE);
        play_remove(upper);
        resize(region, BASE, BASE + 8 * PAGE_SIZE);
        end(BASE + 2 * PAGE_SIZE);
}

static void protect_that_merges_passes([[maybe_unused]] void **state)
{
        assert_play(protect_and_merge, NULL);
}

static void protect_too_much(void)
{
        begin(PROTECT, BASE, 2, PROTECT_NONE);
        split(region, BASE + 3 * PAGE_SIZE);
        region_set_protection(region, PROTECT_NONE);
        end(BASE);
}

static void protect_too_little(void)
{
        begin(PROTECT, BASE, 2, PROTECT_NONE);
        end(BASE);
}

static void protect_a_hole(void)
{
        begin(PROTECT, BASE, 9, PROTECT_NONE);
        region_set_protection(region, PROTECT_NONE);
        end(BASE);
}

static void merge_too_much(void)
{
        struct region *upper;

        begin(PROTECT, BASE, 2, PROTECT_NONE);
        upper = split(region, BASE + 2 * PAGE_SIZE);
        region_set_protection(region, PROTECT_NONE);
        play_remove(upper);
        resize(region, BASE, BASE + 8 * PAGE_SIZE);
        end(BASE);
}

static void protect_that_changes_other_addresses_is_found([[maybe_unused]] void **state)
{
        assert_play(protect_too_much, "space operation 2 (protect): 0x22000 is --- afterwards, but should be r--");
        assert_play(protect_too_little, "space operation 2 (protect): 0x20000 is r-- afterwards, but should be ---");
        assert_play(protect_a_hole, "space operation 2 (protect): 0x28000 is unmapped afterwards, but should be ---");
        assert_play(merge_too_much, "space operation 2 (protect): 0x22000 is --- afterwards, but should be r--");
}

/* --- the others ------------------------------------------------------------------------------------------- */

static void unmap_the_middle(void)
{
        begin(UNMAP, BASE + 2 * PAGE_SIZE, 3, PROTECT_NONE);
        split(region, BASE + 5 * PAGE_SIZE);
        resize(region, BASE, BASE + 2 * PAGE_SIZE);
        end(BASE + 2 * PAGE_SIZE);
}

static void unmap_too_much(void)
{
        begin(UNMAP, BASE + 2 * PAGE_SIZE, 3, PROTECT_NONE);
        resize(region, BASE, BASE + 2 * PAGE_SIZE);
        end(BASE + 2 * PAGE_SIZE);
}

static void resize_up_and_down(void)
{
        begin(SPACE_RESIZE, BASE, 10, PROTECT_NONE);
        resize(region, BASE, BASE + 10 * PAGE_SIZE);
        end(BASE);
        begin(SPACE_RESIZE, BASE, 1, PROTECT_NONE);
        resize(region, BASE, BASE + PAGE_SIZE);
        end(BASE);
}

static void resize_wrongly(void)
{
        begin(SPACE_RESIZE, BASE, 10, PROTECT_NONE);
        resize(region, BASE, BASE + 9 * PAGE_SIZE);
        end(BASE);
}

static void discard(void)
{
        begin(DISCARD, BASE, 3, PROTECT_NONE);
        end(BASE);
}

static void discard_the_region_too(void)
{
        begin(DISCARD, BASE, 8, PROTECT_NONE);
        play_remove(region);
        end(BASE);
}

static void grow(void)
{
        begin(GROW, BASE - 3 * PAGE_SIZE, 11, PROTECT_READ);
        resize(region, BASE - 3 * PAGE_SIZE, BASE + 8 * PAGE_SIZE);
        end(BASE - 3 * PAGE_SIZE);
        begin(GROW, BASE, 8, PROTECT_READ);             /* no frame was free, so it is undone */
        resize(region, BASE, BASE + 8 * PAGE_SIZE);
        end(BASE);
}

static void grow_upwards(void)
{
        begin(GROW, BASE - PAGE_SIZE, 9, PROTECT_READ);
        resize(region, BASE - PAGE_SIZE, BASE + 9 * PAGE_SIZE);
        end(BASE - PAGE_SIZE);
}

/* A region with guards takes the place of two pages, and its guards that of one more on each side. */
static void map_instead(void)
{
        struct placement request = {
                .size = 2 * PAGE_SIZE, .alignment = PAGE_SIZE, .guard_before = PAGE_SIZE, .guard_after = PAGE_SIZE,
                .window = { BASE, BASE + 8 * PAGE_SIZE },
        };
        struct region *instead;

        begin(MAP, BASE + 2 * PAGE_SIZE, 2, PROTECT_READ);
        split(region, BASE + 5 * PAGE_SIZE);
        resize(region, BASE, BASE + PAGE_SIZE);
        assert_int_equal(region_create("instead", PROTECT_READ, &instead).code, ERROR_OK);
        assert_int_equal(region_tree_place_specifically(play_tree(), instead, &request, BASE + 2 * PAGE_SIZE).code,
                         ERROR_OK);
        end(BASE + 2 * PAGE_SIZE);
}

static void clone(void)
{
        begin(CLONE, 0, 0, PROTECT_NONE);
        trace_space_cloned(play_space(), play_space());        /* of itself: there is no other */
        play_place_at(BASE + 0x10000, 3);
        play_place_at(BASE + 0x20000, 5);
        end(0);
}

static void clone_halfway(void)
{
        begin(CLONE, 0, 0, PROTECT_NONE);
        play_place_at(BASE + 0x10000, 3);
        refuse();
}

static void map_elsewhere(void)
{
        begin(MAP, 0, 2, PROTECT_READ);
        play_place_at(BASE + 0x10000, 2);
        end(BASE + 0x11000);
}

static void what_was_asked_for_passes([[maybe_unused]] void **state)
{
        assert_play(unmap_the_middle, NULL);
        assert_play(resize_up_and_down, NULL);
        assert_play(discard, NULL);
        assert_play(grow, NULL);
        assert_play(map_instead, NULL);
        assert_play(clone, NULL);
        assert_play(clone_halfway, NULL);
}

static void what_was_not_asked_for_is_found([[maybe_unused]] void **state)
{
        assert_play(unmap_too_much, "space operation 2 (unmap): 0x25000 is unmapped afterwards, but should be r--");
        assert_play(resize_wrongly, "space operation 2 (resize): 0x29000 is unmapped afterwards, but should be r--");
        assert_play(discard_the_region_too, "space operation 2 (discard): 0x20000 is unmapped afterwards");
        assert_play(grow_upwards, "space operation 2 (grow): 0x28000 is r-- afterwards, but should be unmapped");
        assert_play(map_elsewhere, "space operation 2 (map): 0x30000 is r-- afterwards, but should be unmapped");
}

/* --- all or nothing --------------------------------------------------------------------------------------- */

/* Splitting changes no address, so a refused operation may leave regions split. */
static void refused_after_a_split(void)
{
        begin(PROTECT, BASE, 2, PROTECT_NONE);
        split(region, BASE + 2 * PAGE_SIZE);
        refuse();
}

static void refused_halfway(void)
{
        begin(PROTECT, BASE, 2, PROTECT_NONE);
        split(region, BASE + PAGE_SIZE);
        region_set_protection(region, PROTECT_NONE);
        refuse();
}

static void an_operation_that_failed_has_changed_nothing([[maybe_unused]] void **state)
{
        assert_play(refused_after_a_split, NULL);
        assert_play(refused_halfway, "space operation 2 (protect): 0x20000 is --- afterwards, but should be r--");
}

int main(void)
{
        static const struct CMUnitTest tests[] = {
                cmocka_unit_test(protect_that_merges_passes),
                cmocka_unit_test(protect_that_changes_other_addresses_is_found),
                cmocka_unit_test(what_was_asked_for_passes),
                cmocka_unit_test(what_was_not_asked_for_is_found),
                cmocka_unit_test(an_operation_that_failed_has_changed_nothing),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
