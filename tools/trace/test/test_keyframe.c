/*
 * The keyframe of a running kernel, by the kernel's own code: a tree that changes while it is shown is shown again, and
 * the third attempt holds the lock throughout.
 */
#include "support_run.h"

enum { REGIONS = 150 };                         /* more than two pieces of 64 */

static unsigned changes_left;                   /* that others make, one each time the lock is given back */
static unsigned releases;

static void change(void)
{
        releases++;
        if (!changes_left)
                return;
        changes_left--;
        play_on(1);
        play_remove(play_place(1));
        play_on(0);
}

static void show_nothing_else(void)
{
}

static void fill_and_show(void)
{
        for (unsigned i = 0; i < REGIONS; i++)
                play_place(1);
        releases = 0;
        play_meanwhile = change;
        keyframe_send_running(show_nothing_else);
        play_meanwhile = NULL;
}

/* The attempts that the stream shows of the tree before its keyframe at the end. */
static void assert_attempts(unsigned changes, const uint64_t *attempts, size_t count)
{
        struct bytes bytes = { 0 };
        struct recorded recorded = { 0 };
        size_t at = 0;

        changes_left = changes;
        stream_record(&bytes, fill_and_show);
        assert_passes(&bytes);
        stream_take_apart(&recorded, &bytes);
        for (size_t i = 0; i < count; i++) {
                at = recorded_next(&recorded, EVENT_keyframe_tree, at) + 1;
                assert_int_equal(recorded.event[at - 1].field[EVENT_FIELD(keyframe_tree, attempt)], attempts[i]);
        }
        assert_true(recorded_next(&recorded, EVENT_keyframe_tree_end, at) <
                    recorded_next(&recorded, EVENT_keyframe_tree, at));
        recorded_free(&recorded);
        bytes_free(&bytes);
}

static void a_tree_that_does_not_change_is_shown_once([[maybe_unused]] void **state)
{
        assert_attempts(0, (const uint64_t[]){ 1 }, 1);
        assert_int_equal(releases, REGIONS / 64 + 1);   /* the last one is behind it */
}

static void a_tree_that_changes_is_shown_again([[maybe_unused]] void **state)
{
        assert_attempts(1, (const uint64_t[]){ 1, 2 }, 2);
}

static void the_third_attempt_holds_the_lock([[maybe_unused]] void **state)
{
        assert_attempts(2, (const uint64_t[]){ 1, 2, 3 }, 3);
        assert_int_equal(releases, 2 + 1);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(a_tree_that_does_not_change_is_shown_once),
                cmocka_unit_test(a_tree_that_changes_is_shown_again),
                cmocka_unit_test(the_third_attempt_holds_the_lock),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
