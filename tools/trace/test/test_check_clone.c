/*
 * A clone has what its parent has, region by region. One is made as the kernel makes it, event for event, from a list
 * of what to put in it; then the list is spoiled.
 */
#include "support_run.h"

#include <stdio.h>

struct wanted {
        const char *name;
        enum protection protection;
        size_t page, pages, before, after;
};

static const struct wanted original[] = {
        { "text", PROTECT_READ | PROTECT_EXECUTE, 4, 8, 0, 0 },
        { "data", PROTECT_READ | PROTECT_WRITE, 12, 3, 0, 0 },
        { "stack", PROTECT_READ | PROTECT_WRITE, 60, 4, 1, 1 },
};

static struct wanted wanted[4];
static size_t copies;

static void put(struct region_tree *tree, const struct wanted *what)
{
        const uintptr_t base = tree->range.base + what->page * PAGE_SIZE;
        const struct placement request = {
                .size = what->pages * PAGE_SIZE, .alignment = PAGE_SIZE, .guard_before = what->before * PAGE_SIZE,
                .guard_after = what->after * PAGE_SIZE, .window = tree->range,
        };
        struct region *region;

        assert_int_equal(region_create(what->name, what->protection, &region).code, ERROR_OK);
        assert_int_equal(region_tree_place_specifically(tree, region, &request, base).code, ERROR_OK);
}

/* Fills the tree that is there, and makes a space that is to be a copy of it. */
static void play(void)
{
        static struct region_tree tree;
        static struct watched_space copy;
        struct region *region;

        for (size_t i = 0; i < sizeof original / sizeof *original; i++)
                put(play_tree(), &original[i]);
        region_tree_init(&tree, play_tree()->range);
        copy = (struct watched_space){ .name = "copy", .tree = &tree };
        keyframe_watch(&copy);
        trace_space_begin(copy.id, 1, CLONE, tree.range.base, vrange_size(tree.range), PROTECT_NONE);
        trace_space_cloned(copy.id, play_space());
        tree.cause = 1;
        for (size_t i = 0; i < copies; i++)
                put(&tree, &wanted[i]);
        trace_space_end(copy.id, 1, ERROR_OK, tree.range.base);
        tree.cause = 0;
        while ((region = region_tree_first(&tree))) {
                assert_int_equal(region_tree_remove(&tree, region).code, ERROR_OK);
                region_free(region);
        }
        keyframe_unwatch(&copy);
        region_tree_destroy(&tree);
}

/* The list as it should be, for the next clone. */
static void restore(void)
{
        copies = sizeof original / sizeof *original;
        memcpy(wanted, original, sizeof original);
}

/* Makes a clone from the list; whether events are missing in the middle of it is up to the caller. */
static struct check *check_clone(enum trace_event missing_before)
{
        struct bytes bytes = { 0 };
        struct reader *reader;
        struct check *check;
        struct event event;

        stream_record(&bytes, play);
        restore();
        reader = stream_open(&bytes);
        assert_int_equal(check_create(LOSS_IS_ALLOWED, &check).code, ERROR_OK);
        while (reader_next(reader, &event)) {
                event.missing = event.type == missing_before;
                assert_int_equal(check_event(check, &event).code, ERROR_OK);
        }
        assert_int_equal(check_finish(check, reader).code, ERROR_OK);
        reader_close(reader);
        bytes_free(&bytes);
        return check;
}

static void assert_nothing_is_found(enum trace_event missing_before)
{
        struct check *check = check_clone(missing_before);

        if (check_findings(check))
                fail_msg("found: %s", check_finding(check, 0)->words);
        check_destroy(check);
}

/* In the words the parent's number comes first, if it comes, and then the copy's. */
static void assert_is_found(const char *format)
{
        struct check *check = check_clone(EVENT_TIME);
        char words[200];

        snprintf(words, sizeof words, format, play_space(), play_space() + 1);
        if (!check_findings(check))
                fail_msg("nothing was found, but expected: %s", words);
        if (check_findings(check) != 1 || !strstr(check_finding(check, 0)->words, words))
                fail_msg("found: %s", check_finding(check, 0)->words);
        check_destroy(check);
}

/* --- the tests -------------------------------------------------------------------------------------------- */

static int to_the_list([[maybe_unused]] void **state)
{
        restore();
        return 0;
}

static void a_right_clone_passes([[maybe_unused]] void **state)
{
        assert_nothing_is_found(EVENT_TIME);
}

static void a_region_that_was_not_copied_is_found([[maybe_unused]] void **state)
{
        copies = 2;
        assert_is_found(" at 0x4c000 of space %lu has no copy in space %lu");
        wanted[1] = wanted[2];
        copies = 2;
        assert_is_found(" at 0x1c000 of space %lu has no copy in space %lu");
        copies = 0;
        assert_is_found(" at 0x14000 of space %lu has no copy in space %lu");
}

static void a_region_that_is_no_copy_is_found([[maybe_unused]] void **state)
{
        wanted[copies++] = (struct wanted){ "more", PROTECT_READ, 100, 1, 0, 0 };
        assert_is_found(" at 0x74000 is a copy of nothing in space %lu");
        wanted[copies++] = (struct wanted){ "more", PROTECT_READ, 30, 1, 0, 0 };
        assert_is_found(" at 0x2e000 is a copy of nothing in space %lu");
}

static void a_copy_that_differs_is_found([[maybe_unused]] void **state)
{
        wanted[1].protection = PROTECT_READ;
        assert_is_found(" of space %lu, but its protection is r-- and should be rw-");
        wanted[2].before = 2;
        assert_is_found(" of space %lu, but its guard below is 8 KiB and should be 4 KiB");
        wanted[2].after = 0;
        assert_is_found(" of space %lu, but its guard above is 0 and should be 4 KiB");
        wanted[0].pages = 7;
        assert_is_found(" of space %lu, but its end is 0x1b000 and should be 0x1c000");
        wanted[0].name = "test";
        assert_is_found(" of space %lu, but its name is test and should be text");
}

static void a_clone_of_which_events_are_missing_is_unknown_not_wrong([[maybe_unused]] void **state)
{
        wanted[1].protection = PROTECT_READ;
        assert_nothing_is_found(EVENT_space_begin);
        wanted[1].protection = PROTECT_READ;
        assert_nothing_is_found(EVENT_space_cloned);
        wanted[1].protection = PROTECT_READ;
        assert_nothing_is_found(EVENT_space_end);
}

int main(void)
{
        static const struct CMUnitTest tests[] = {
                cmocka_unit_test_setup(a_right_clone_passes, to_the_list),
                cmocka_unit_test_setup(a_region_that_was_not_copied_is_found, to_the_list),
                cmocka_unit_test_setup(a_region_that_is_no_copy_is_found, to_the_list),
                cmocka_unit_test_setup(a_copy_that_differs_is_found, to_the_list),
                cmocka_unit_test_setup(a_clone_of_which_events_are_missing_is_unknown_not_wrong, to_the_list),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
