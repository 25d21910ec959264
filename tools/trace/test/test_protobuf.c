/* The protobuf writer against bytes worked out by hand, and the numbers that names get. */
#include "perfetto/perfetto_names.h"
#include "perfetto/perfetto_protobuf.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <setjmp.h>
#include <cmocka.h>

/* --- the writer ------------------------------------------------------------------------------------------- */

static void assert_holds(struct protobuf *message, const void *bytes, size_t length)
{
        assert_false(message->failed);
        assert_int_equal(message->length, length);
        assert_memory_equal(message->at, bytes, length);
        protobuf_free(message);
}

#define ASSERT_HOLDS(message, ...) \
        assert_holds(message, (uint8_t[]){ __VA_ARGS__ }, sizeof((uint8_t[]){ __VA_ARGS__ }))

static void a_number_is_a_key_and_a_varint([[maybe_unused]] void **state)
{
        struct protobuf message = { 0 };

        protobuf_number(&message, 1, 0);
        protobuf_number(&message, 1, 127);
        protobuf_number(&message, 1, 150);
        ASSERT_HOLDS(&message, 0x08, 0x00, 0x08, 0x7f, 0x08, 0x96, 0x01);
}

static void a_field_number_from_sixteen_on_takes_two_bytes([[maybe_unused]] void **state)
{
        struct protobuf message = { 0 };

        protobuf_number(&message, 15, 1);
        protobuf_number(&message, 16, 1);
        protobuf_number(&message, 126, 1);
        ASSERT_HOLDS(&message, 0x78, 0x01, 0x80, 0x01, 0x01, 0xf0, 0x07, 0x01);
}

static void the_largest_number_and_minus_one_take_ten_bytes([[maybe_unused]] void **state)
{
        struct protobuf message = { 0 };

        protobuf_number(&message, 1, (uint64_t)-1);
        ASSERT_HOLDS(&message, 0x08, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01);
}

static void a_text_is_a_key_a_length_and_bytes([[maybe_unused]] void **state)
{
        struct protobuf message = { 0 };

        protobuf_text(&message, 2, "testing");
        protobuf_text(&message, 2, "");
        ASSERT_HOLDS(&message, 0x12, 0x07, 't', 'e', 's', 't', 'i', 'n', 'g', 0x12, 0x00);
}

static void messages_nest([[maybe_unused]] void **state)
{
        struct protobuf message = { 0 };
        size_t outer = protobuf_open(&message, 1), inner;

        protobuf_number(&message, 8, 5);
        inner = protobuf_open(&message, 11);
        protobuf_number(&message, 9, 1);
        protobuf_close(&message, inner);
        protobuf_close(&message, protobuf_open(&message, 3));
        protobuf_close(&message, outer);
        ASSERT_HOLDS(&message, 0x0a, 0x08, 0x40, 0x05, 0x5a, 0x02, 0x48, 0x01, 0x1a, 0x00);
}

/* A message in a message whose text has `size` bytes: front, sizes and text must be where they belong. */
static void assert_nests_around(size_t size, const void *front, size_t length)
{
        struct protobuf message = { 0 };
        size_t outer = protobuf_open(&message, 1), inner = protobuf_open(&message, 2);
        char *text = malloc(size);

        assert_non_null(text);
        for (size_t i = 0; i < size; i++)
                text[i] = (char)i;
        protobuf_bytes(&message, 3, text, size);
        protobuf_close(&message, inner);
        protobuf_close(&message, outer);
        protobuf_number(&message, 4, 9);
        assert_false(message.failed);
        assert_int_equal(message.length, length + size + 2);
        assert_memory_equal(message.at, front, length);
        assert_memory_equal(message.at + length, text, size);
        assert_memory_equal(message.at + length + size, "\x20\x09", 2);
        protobuf_free(&message);
        free(text);
}

static void lengths_of_one_two_and_three_bytes_nest([[maybe_unused]] void **state)
{
        assert_nests_around(123, "\x0a\x7f\x12\x7d\x1a\x7b", 6);
        assert_nests_around(124, "\x0a\x80\x01\x12\x7e\x1a\x7c", 7);
        assert_nests_around(125, "\x0a\x81\x01\x12\x7f\x1a\x7d", 7);
        assert_nests_around(126, "\x0a\x83\x01\x12\x80\x01\x1a\x7e", 8);
        assert_nests_around(16384, "\x0a\x88\x80\x01\x12\x84\x80\x01\x1a\x80\x80\x01", 12);
}

/* --- names ------------------------------------------------------------------------------------------------ */

static void a_name_keeps_its_number([[maybe_unused]] void **state)
{
        struct names *names = calloc(1, sizeof *names);
        bool is_new;

        assert_non_null(names);
        assert_int_equal(names_number(names, NAME_OF_EVENT, "map", &is_new), 1);
        assert_true(is_new);
        assert_int_equal(names_number(names, NAME_OF_CATEGORY, "map", &is_new), 2);
        assert_true(is_new);
        assert_int_equal(names_number(names, NAME_OF_EVENT, "map", &is_new), 1);
        assert_false(is_new);
        names_clear(names);
        assert_int_equal(names_number(names, NAME_OF_CATEGORY, "map", &is_new), 1);
        assert_true(is_new);
        names_clear(names);
        free(names);
}

static void names_beyond_the_last_number_get_none([[maybe_unused]] void **state)
{
        struct names *names = calloc(1, sizeof *names);
        char text[16];
        bool is_new;

        assert_non_null(names);
        for (uint32_t i = 1; i <= NAMES_MAX; i++) {
                snprintf(text, sizeof text, "name %u", i);
                assert_int_equal(names_number(names, NAME_OF_EVENT, text, &is_new), i);
        }
        assert_int_equal(names_number(names, NAME_OF_EVENT, "one more", &is_new), 0);
        assert_false(is_new);
        assert_int_equal(names_number(names, NAME_OF_EVENT, "name 1", &is_new), 1);
        names_clear(names);
        free(names);
}

/* A constant is found by its address; the same text elsewhere is the same name. */
static void a_constant_has_the_number_of_its_text([[maybe_unused]] void **state)
{
        static const char constant[] = "map", same_text[] = "map";
        struct names *names = calloc(1, sizeof *names);
        bool is_new;

        assert_non_null(names);
        assert_int_equal(names_known_constant(names, NAME_OF_EVENT, constant), 0);
        assert_int_equal(names_number_of_constant(names, NAME_OF_EVENT, constant, &is_new), 1);
        assert_true(is_new);
        assert_int_equal(names_known_constant(names, NAME_OF_EVENT, constant), 1);
        assert_int_equal(names_number_of_constant(names, NAME_OF_EVENT, same_text, &is_new), 1);
        assert_false(is_new);
        assert_int_equal(names_known_constant(names, NAME_OF_CATEGORY, constant), 0);
        assert_int_equal(names_number_of_constant(names, NAME_OF_CATEGORY, constant, &is_new), 2);
        assert_true(is_new);
        assert_int_equal(names_number(names, NAME_OF_EVENT, "map", &is_new), 1);
        names_clear(names);
        assert_int_equal(names_known_constant(names, NAME_OF_EVENT, constant), 0);
        free(names);
}

int main(void)
{
        static const struct CMUnitTest tests[] = {
                cmocka_unit_test(a_number_is_a_key_and_a_varint),
                cmocka_unit_test(a_field_number_from_sixteen_on_takes_two_bytes),
                cmocka_unit_test(the_largest_number_and_minus_one_take_ten_bytes),
                cmocka_unit_test(a_text_is_a_key_a_length_and_bytes),
                cmocka_unit_test(messages_nest),
                cmocka_unit_test(lengths_of_one_two_and_three_bytes_nest),
                cmocka_unit_test(a_name_keeps_its_number),
                cmocka_unit_test(a_constant_has_the_number_of_its_text),
                cmocka_unit_test(names_beyond_the_last_number_get_none),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
