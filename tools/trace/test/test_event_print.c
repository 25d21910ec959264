/* Lines of events, for people and as JSON, byte for byte. */
#include "stream/event_print.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <setjmp.h>
#include <cmocka.h>

/* A clock of 1,000 ticks a microsecond begins at 5,000; every kind of field is in one event. */
static const char header[] =
        "understory-trace 2\ncpus 2\nclock 5000 1000000000\n"
        "category test\ncategory tree\n"
        "enum side left right\n"
        "event plain test\n"
        "event every_kind test tree:tree side:side size:bytes gap:pages base:address protection:protection "
        "set:categories count:count name:text second:text\n";

static struct schema *schema;

static int parse_header([[maybe_unused]] void **state)
{
        return schema_parse(header, sizeof header - 1, &schema).code;
}

static int free_header([[maybe_unused]] void **state)
{
        schema_free(schema);
        return 0;
}

enum { PLAIN, EVERY_KIND };

static struct event event_of(size_t type, uint64_t number, uint64_t ticks)
{
        return (struct event){
                .schema = &schema->event[type],
                .number = number,
                .cpu_number = number,
                .ticks = ticks,
        };
}

static void assert_line(const struct event *event, const char *expected)
{
        struct buffer line = { 0 };

        event_print(&line, schema, event);
        buffer_put_byte(&line, 0);
        assert_string_equal(line.bytes, expected);
        free(line.bytes);
}

static void assert_json(const struct event *event, const char *expected)
{
        struct buffer line = { 0 };

        event_print_json(&line, event);
        buffer_put_byte(&line, 0);
        assert_string_equal(line.bytes, expected);
        free(line.bytes);
}

static struct event every_kind(void)
{
        struct event event = event_of(EVERY_KIND, 1234567, 5000 + 12345678);

        event.text = "a \"name\"\\";
        memcpy(event.raw, (uint64_t[]){ 7, 1, 16384, 3, UINT64_MAX, 5, 2, UINT64_MAX, 9, 11 },
               10 * sizeof event.raw[0]);
        return event;
}

static void a_line_has_each_field_in_its_own_form([[maybe_unused]] void **state)
{
        struct event event = every_kind();

        assert_line(&event, " 1,234,567       12.346 ms  every_kind         tree=7 side=right size=16K gap=12K "
                            "base=0xffffffffffffffff protection=r-x set=tree count=18446744073709551615 "
                            "name=\"a \"name\"\\\" second=11\n");
}

static void a_value_that_is_out_of_its_range_is_a_number([[maybe_unused]] void **state)
{
        struct event event = every_kind();

        event.raw[1] = 2;
        event.raw[2] = 1025;
        event.raw[3] = UINT64_MAX;
        event.raw[6] = 0;
        event.text = "";
        assert_line(&event, " 1,234,567       12.346 ms  every_kind         tree=7 side=2 size=1025 "
                            "gap=18446744073709551615 base=0xffffffffffffffff protection=r-x set=none "
                            "count=18446744073709551615 name=\"\" second=11\n");
}

static void a_time_is_rounded_to_the_nearest_microsecond([[maybe_unused]] void **state)
{
        struct event event = event_of(PLAIN, 1, 5000 + 499);

        assert_line(&event, "         1        0.000 ms  plain\n");
        event.ticks = 5000 + 500;
        assert_line(&event, "         1        0.001 ms  plain\n");
        event.ticks = 5000 + UINT64_C(3600000000000);
        assert_line(&event, "         1  3600000.000 ms  plain\n");
}

static void a_time_before_the_beginning_is_negative([[maybe_unused]] void **state)
{
        struct event event = event_of(PLAIN, 1, 3000);

        assert_line(&event, "         1       -0.002 ms  plain\n");
}

static void an_event_of_another_cpu_says_its_number_there([[maybe_unused]] void **state)
{
        struct event event = event_of(PLAIN, 1000, 5000);

        event.cpu = 1;
        event.cpu_number = 20;
        assert_line(&event, "     1,000        0.000 ms  cpu 1 #20       plain\n");
        event.cpu_number = 123456789;
        assert_line(&event, "     1,000        0.000 ms  cpu 1 #123,456,789 plain\n");
}

static void missing_events_have_a_line_before([[maybe_unused]] void **state)
{
        struct event event = event_of(PLAIN, 9, 5000);

        event.missing = 1;
        assert_line(&event, "                            1 event missing\n         9        0.000 ms  plain\n");
        event.missing = 7;
        assert_line(&event, "                            7 events missing\n         9        0.000 ms  plain\n");
}

static void json_has_strings_for_addresses_words_and_texts([[maybe_unused]] void **state)
{
        struct event event = every_kind();

        assert_json(&event,
                    "{\"event\":1234567,\"cpu\":0,\"cpu_event\":1234567,\"ticks\":12350678,\"type\":\"every_kind\","
                            "\"category\":\"test\",\"fields\":{\"tree\":7,\"side\":\"right\",\"size\":16384,\"gap\":3,"
                            "\"base\":\"0xffffffffffffffff\",\"protection\":5,\"set\":\"tree\","
                            "\"count\":18446744073709551615,\"name\":\"a \\\"name\\\"\\\\\",\"second\":11}}\n");
}

static void json_says_what_is_missing_before_the_type([[maybe_unused]] void **state)
{
        struct event event = event_of(PLAIN, 9, 5000);

        event.missing = 3;
        event.cpu = 1;
        assert_json(&event, "{\"event\":9,\"cpu\":1,\"cpu_event\":9,\"ticks\":5000,\"missing\":3,\"type\":\"plain\","
                            "\"category\":\"test\",\"fields\":{}}\n");
}

static void a_control_character_in_a_json_string_is_escaped([[maybe_unused]] void **state)
{
        char *written;
        size_t length;
        FILE *file = open_memstream(&written, &length);

        assert_non_null(file);
        json_print_string(file, "tab\tbell\a\"quoted\"");
        assert_int_equal(fclose(file), 0);
        assert_string_equal(written, "\"tab\\u0009bell\\u0007\\\"quoted\\\"\"");
        free(written);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(a_line_has_each_field_in_its_own_form),
                cmocka_unit_test(a_value_that_is_out_of_its_range_is_a_number),
                cmocka_unit_test(a_time_is_rounded_to_the_nearest_microsecond),
                cmocka_unit_test(a_time_before_the_beginning_is_negative),
                cmocka_unit_test(an_event_of_another_cpu_says_its_number_there),
                cmocka_unit_test(missing_events_have_a_line_before),
                cmocka_unit_test(json_has_strings_for_addresses_words_and_texts),
                cmocka_unit_test(json_says_what_is_missing_before_the_type),
                cmocka_unit_test(a_control_character_in_a_json_string_is_escaped),
        };

        return cmocka_run_group_tests(tests, parse_header, free_header);
}
