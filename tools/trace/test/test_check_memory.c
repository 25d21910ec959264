/*
 * However a hostile stream makes a check grow, it refuses to take much more memory than it may: what it counts is what
 * malloc() gave. Each test tells one kind of event without end.
 */
#include "check/check.h"
#include "stream/schema.h"
#include "support_stream.h"

#include <stdio.h>

/* Of the address sanitizer, with which tests are built. */
extern size_t __sanitizer_get_current_allocated_bytes(void);

enum { ALLOWED = 4 << 20, STEPS = 300000 };

enum { BASE = 0x10000 };
static const uint64_t END = (uint64_t)1 << 40;                 /* of every space */

static struct check *check;
static uint64_t number;

/* --- telling ---------------------------------------------------------------------------------------------- */

static struct error tell_event(enum trace_event type, const char *text, const uint64_t *fields, size_t count)
{
        static struct event_schema schema = { .name = (char *)(uintptr_t)"event" };
        struct event event = { .type = type, .text = text, .schema = &schema };

        event.number = event.cpu_number = ++number;
        memcpy(event.field, fields, count * sizeof *fields);
        return check_event(check, &event);
}

#define FIELDS(...) ((uint64_t[]){ __VA_ARGS__ })
#define TELL_TEXT(type, text, ...) \
        TRY(tell_event(EVENT_##type, text, FIELDS(__VA_ARGS__), sizeof FIELDS(__VA_ARGS__) / sizeof(uint64_t)))
#define TELL(type, ...) TELL_TEXT(type, NULL, __VA_ARGS__)

/* A tree and its space, both with this number. */
static struct error tell_space(uint64_t id)
{
        TELL(tree_created, id, BASE, END);
        TELL_TEXT(space_created, "program", id, id);
        return SUCCESS;
}

/* --- what never ends -------------------------------------------------------------------------------------- */

static struct error regions(uint64_t i)
{
        char name[32];

        snprintf(name, sizeof name, "region %llu", (unsigned long long)i);
        TELL_TEXT(region_created, name, i);
        return SUCCESS;
}

static struct error spaces(uint64_t i)
{
        return tell_space(i);
}

static struct error tasks(uint64_t i)
{
        TELL_TEXT(task_created, "task", i, 1, 0);
        return SUCCESS;
}

static struct error locks(uint64_t i)
{
        TELL(lock_acquired, LOCK_TEST, 16 * i, 1);
        return SUCCESS;
}

static struct error frames(uint64_t i)
{
        TELL(frame_allocated, PAGE_SIZE * i, PURPOSE_TEST);
        return SUCCESS;
}

static struct error blocks(uint64_t i)
{
        TELL(kmalloc_allocated, 16 * i, 16, PURPOSE_TEST);
        return SUCCESS;
}

/* A program of one region, as a kernel tells it: without a fault, so that all of it is followed. */
static struct error living_programs(uint64_t i)
{
        TRY(tell_space(i));
        TELL(space_begin, i, 1, MAP, BASE, PAGE_SIZE, PROTECT_READ);
        TELL_TEXT(region_created, "text", i);
        TELL(tree_begin, i, 1, 1, PLACE_SPECIFICALLY, i, PAGE_SIZE, PAGE_SIZE, 0, 0, BASE, END, BASE);
        TELL(tree_visit, i, 0, FREE);
        TELL(region_changed, i, 0, 0, PROTECT_READ, BASE, BASE + PAGE_SIZE, PROTECT_READ);
        TELL(tree_link, i, i, 0, LEFT);
        TELL(tree_colour, i, i, BLACK);
        TELL(tree_gap, i, 0, (END - BASE) / PAGE_SIZE - 1);
        TELL(tree_end, i, 1, ERROR_OK, i, BASE);
        TELL(space_end, i, 1, ERROR_OK, BASE);
        return SUCCESS;
}

/* Its region is removed, and it ends. */
static struct error dead_programs(uint64_t i)
{
        TRY(living_programs(i));
        TELL(space_begin, i, 2, UNMAP, BASE, PAGE_SIZE);
        TELL(tree_begin, i, 2, 2, FIND, 0, PAGE_SIZE, 1, 0, 0, BASE, END, BASE);
        TELL(tree_visit, i, i, FOUND);
        TELL(tree_end, i, 2, ERROR_OK, i, BASE);
        TELL(tree_begin, i, 3, 2, REMOVE, i, PAGE_SIZE, PAGE_SIZE, 0, 0, BASE, END, BASE);
        TELL(tree_unlink, i, i);
        TELL(tree_gap, i, 0, (END - BASE) / PAGE_SIZE);
        TELL(tree_end, i, 3, ERROR_OK, i, BASE);
        TELL(region_freed, i);
        TELL(space_end, i, 2, ERROR_OK, BASE);
        TELL(tree_destroyed, i);
        TELL(space_destroyed, i);
        return SUCCESS;
}

static struct error begin_on_tree(uint64_t i, enum tree_operation kind)
{
        if (i > 1)
                return SUCCESS;
        TRY(tell_space(1));
        TELL_TEXT(region_created, "region", 1);
        TELL(tree_begin, 1, 1, 0, kind, kind == FIND ? 0 : 1, 0x1000, 0x1000, 0, 0, BASE, END, 0x12000);
        return SUCCESS;
}

static struct error visits(uint64_t i)
{
        TRY(begin_on_tree(i, FIND));
        TELL(tree_visit, 1, 0, FREE);
        return SUCCESS;
}

static struct error draws(uint64_t i)
{
        TRY(begin_on_tree(i, PLACE_RANDOM));
        TELL(tree_draw, 1, i << 12);
        return SUCCESS;
}

/* Within one operation, so that all of it must be remembered. */
static struct error changes_of_a_tree(uint64_t i)
{
        TRY(begin_on_tree(i, PLACE_SPECIFICALLY));
        if (i == 1)
                TELL(tree_link, 1, 1, 0, LEFT);
        TELL(tree_max, 1, 1, LEFT, i);
        return SUCCESS;
}

static struct error links(uint64_t i)
{
        if (i == 1) {
                TELL(list_created, 1, BASE, END, PROMISE_NOTHING);
                TELL(tree_begin, 1, 1, 0, PLACE_SPECIFICALLY, 1, 0x1000, 0x1000, 0, 0, BASE, END, 0x12000);
        }
        TELL_TEXT(region_created, "region", i);
        TELL(region_changed, i, 0, 0, 0, i << 13, (i << 13) + PAGE_SIZE, PROTECT_READ, 0, 0);
        TELL(list_link, 1, i, i - 1);
        return SUCCESS;
}

static struct error free_ranges(uint64_t i)
{
        if (i == 1) {
                TRY(tell_space(1));
                TELL(allocator_created, 1, 1, BASE, END);
        }
        TELL(free_range_added, 1, BASE + (i << 13), 0x11000 + (i << 13));
        return SUCCESS;
}

static struct error allocators(uint64_t i)
{
        TELL(tree_created, i, BASE, 0x20000);
        TELL(allocator_created, i, i, BASE, 0x20000);
        TELL(free_range_added, i, BASE, 0x11000);
        return SUCCESS;
}

static struct error shown_spaces(uint64_t i)
{
        if (i == 1)
                TELL(keyframe_begin, 1);
        TELL_TEXT(keyframe_space, "a name of a space", i, i, 0, 0);
        return SUCCESS;
}

static struct error shown_nodes(uint64_t i)
{
        if (i == 1) {
                TELL(keyframe_begin, 1);
                TELL_TEXT(keyframe_space, "", 1, 1, 0, 0);
                TELL(keyframe_tree, 1, 0, BASE, END, 1, 1, 0, 1, PROMISE_GAPS);
        }
        TELL_TEXT(keyframe_node, "a name of a region", 1, i, i - 1, RIGHT, BLACK, i << 13, (i << 13) + PAGE_SIZE,
                  PROTECT_READ);
        return SUCCESS;
}

static struct error shown_tasks(uint64_t i)
{
        if (i == 1)
                TELL(keyframe_begin, 1);
        TELL_TEXT(keyframe_task, "task", i, 1, 0, 0);
        return SUCCESS;
}

/* --- all -------------------------------------------------------------------------------------------------- */

static void assert_is_bounded(const char *what, struct error (*tell)(uint64_t i))
{
        const size_t before = __sanitizer_get_current_allocated_bytes();
        size_t most = 0;
        struct error error = SUCCESS;

        number = 0;
        assert_int_equal(check_create(EVERY_EVENT_COUNTS, &check).code, ERROR_OK);
        check_set_memory(check, ALLOWED);
        for (uint64_t i = 1; i <= STEPS && !error.code; i++) {
                error = tell(i);
                if (__sanitizer_get_current_allocated_bytes() - before > most)
                        most = __sanitizer_get_current_allocated_bytes() - before;
        }
        assert_true(!error.code || error_is(error, ERROR_NO_MEMORY));
        if (most > ALLOWED + ALLOWED / 2)
                fail_msg("%s: %zu KiB, of %d that are allowed", what, most >> 10, ALLOWED >> 10);
        check_destroy(check);
}

/* Programs are told without a fault: so all of each is followed. */
static void programs_are_followed([[maybe_unused]] void **state)
{
        number = 0;
        assert_int_equal(check_create(EVERY_EVENT_COUNTS, &check).code, ERROR_OK);
        assert_int_equal(dead_programs(1).code, ERROR_OK);
        if (check_findings(check))
                fail_msg("%s", check_finding(check, 0)->words);
        check_destroy(check);
}

#define STORY(name)                                                                     \
        static void name##_are_bounded([[maybe_unused]] void **state)                   \
        {                                                                               \
                assert_is_bounded(#name, name);                                         \
        }
STORY(regions)
STORY(spaces)
STORY(tasks)
STORY(locks)
STORY(frames)
STORY(blocks)
STORY(living_programs)
STORY(dead_programs)
STORY(visits)
STORY(draws)
STORY(changes_of_a_tree)
STORY(links)
STORY(free_ranges)
STORY(allocators)
STORY(shown_spaces)
STORY(shown_nodes)
STORY(shown_tasks)

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(programs_are_followed),
                cmocka_unit_test(regions_are_bounded),
                cmocka_unit_test(spaces_are_bounded),
                cmocka_unit_test(tasks_are_bounded),
                cmocka_unit_test(locks_are_bounded),
                cmocka_unit_test(frames_are_bounded),
                cmocka_unit_test(blocks_are_bounded),
                cmocka_unit_test(living_programs_are_bounded),
                cmocka_unit_test(dead_programs_are_bounded),
                cmocka_unit_test(visits_are_bounded),
                cmocka_unit_test(draws_are_bounded),
                cmocka_unit_test(changes_of_a_tree_are_bounded),
                cmocka_unit_test(links_are_bounded),
                cmocka_unit_test(free_ranges_are_bounded),
                cmocka_unit_test(allocators_are_bounded),
                cmocka_unit_test(shown_spaces_are_bounded),
                cmocka_unit_test(shown_nodes_are_bounded),
                cmocka_unit_test(shown_tasks_are_bounded),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
