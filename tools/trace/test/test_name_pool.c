/* Texts are kept once, for as long as they are used. */
#include "base/name_pool.h"
#include "support_stream.h"

#include <stdio.h>

static void equal_texts_are_one([[maybe_unused]] void **state)
{
        struct name_pool pool = { 0 };
        const char *first = name_pool_take(&pool, "heap");

        assert_string_equal(first, "heap");
        assert_ptr_equal(name_pool_take(&pool, "heap"), first);
        assert_ptr_equal(name_pool_share(first), first);
        assert_ptr_not_equal(name_pool_take(&pool, "stack"), first);
        assert_string_equal(name_pool_take(&pool, ""), "");
        name_pool_clear(&pool);
}

static void the_last_use_frees_a_text([[maybe_unused]] void **state)
{
        struct name_pool pool = { 0 };
        const char *name = name_pool_take(&pool, "heap");
        const size_t bytes = pool.bytes;

        name_pool_share(name);
        name_pool_drop(&pool, name);
        assert_int_equal(pool.bytes, bytes);
        name_pool_drop(&pool, name);
        assert_true(pool.bytes < bytes);
        assert_int_equal(pool.used, 0);
        name_pool_clear(&pool);
}

static void many_texts_are_found_again([[maybe_unused]] void **state)
{
        enum { NAMES = 1000 };
        struct name_pool pool = { 0 };
        const char *taken[NAMES];
        char text[16];

        for (int i = 0; i < NAMES; i++) {
                snprintf(text, sizeof text, "r%d", i);
                taken[i] = name_pool_take(&pool, text);
        }
        for (int i = 0; i < NAMES; i++) {
                snprintf(text, sizeof text, "r%d", i);
                assert_ptr_equal(name_pool_take(&pool, text), taken[i]);
                name_pool_drop(&pool, taken[i]);
                name_pool_drop(&pool, taken[i]);
        }
        assert_int_equal(pool.used, 0);
        name_pool_clear(&pool);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(equal_texts_are_one),
                cmocka_unit_test(the_last_use_frees_a_text),
                cmocka_unit_test(many_texts_are_found_again),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
