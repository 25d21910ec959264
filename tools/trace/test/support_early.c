#include "support_early.h"

#include "stream/schema.h"

struct check *check;
static uint64_t number;

void tell_early_event(enum trace_event type, const char *text, const uint64_t *fields, size_t count)
{
        static struct event_schema schema = { .name = (char *)(uintptr_t)"event" };
        struct event event = { .type = type, .text = text, .schema = &schema };

        event.number = event.cpu_number = ++number;
        memcpy(event.field, fields, count * sizeof *fields);
        assert_int_equal(check_event(check, &event).code, ERROR_OK);
}

int early_set_up([[maybe_unused]] void **state)
{
        number = 0;
        if (check_create(EVERY_EVENT_COUNTS, &check).code)
                return -1;
        TELL(tree_created, TREE, 0x10000, 0x20000, PROMISE_BALANCE);
        TELL_TEXT(space_created, "play", SPACE, TREE);
        TELL(allocator_created, ALLOCATOR, TREE, 0x10000, 0x20000);
        TELL(free_range_added, ALLOCATOR, 0x10000, 0x20000);
        return 0;
}

int early_tear_down([[maybe_unused]] void **state)
{
        check_destroy(check);
        return 0;
}

void assert_finding(const char *words)
{
        if (check_findings(check) != 1 || !strstr(check_finding(check, 0)->words, words))
                fail_msg("%zu findings, expected \"%s\" in: %s", check_findings(check), words,
                         check_findings(check) ? check_finding(check, 0)->words : "nothing");
        assert_int_equal(check_finding(check, 0)->event, number);
}

void assert_no_finding(void)
{
        assert_string_equal(check_findings(check) ? check_finding(check, 0)->words : "", "");
}

void tell_early_begin(void)
{
        TELL(space_begin, SPACE, 1, MAP, 0, 0x2000, PROTECT_READ);
}

void tell_early_end(uint64_t base)
{
        TELL(space_end, SPACE, 1, ERROR_OK, base);
}

void tell_early_placed(uint64_t base)
{
        TELL_TEXT(region_created, "heap", 7);
        TELL(tree_begin, TREE, 1, 1, PLACE_SPECIFICALLY, 7, 0x2000, 0x1000, 0, 0, 0x10000, 0x20000, base);
        TELL(region_changed, 7, 0, 0, PROTECT_READ, base, base + 0x2000, PROTECT_READ, 0, 0);
        TELL(tree_link, TREE, 7, 0, LEFT);
        TELL(tree_colour, TREE, 7, BLACK);
        TELL(tree_end, TREE, 1, ERROR_OK, 7, base);
}
