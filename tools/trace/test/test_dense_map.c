/* A map from ids to pointers holds what was put there, whatever the ids are. Where they are neighbours it is small. */
#include "base/dense_map.h"
#include "support_stream.h"

#include "lib/rng.h"

static void *value_of(uint64_t id)
{
        return (void *)(uintptr_t)(id * 2 + 1);
}

static void put(struct dense_map *map, uint64_t id)
{
        assert_int_equal(dense_map_put(map, id, value_of(id)).code, ERROR_OK);
}

static size_t count_by_walking(const struct dense_map *map)
{
        size_t position = 0, count = 0;

        while (dense_map_walk(map, &position))
                count++;
        return count;
}

static void an_empty_map_has_nothing([[maybe_unused]] void **state)
{
        struct dense_map map = { 0 };

        assert_null(dense_map_get(&map, 7));
        dense_map_remove(&map, 7);
        assert_int_equal(count_by_walking(&map), 0);
        assert_int_equal(dense_map_bytes(&map), 0);
}

static void a_value_replaces_the_one_before([[maybe_unused]] void **state)
{
        struct dense_map map = { 0 };

        put(&map, 7);
        assert_int_equal(dense_map_put(&map, 7, &map).code, ERROR_OK);
        assert_ptr_equal(dense_map_get(&map, 7), &map);
        assert_int_equal(map.used, 1);
        dense_map_clear(&map);
}

/* Ids that lie together, and ids anywhere: what was put and not removed is there, and nothing else. */
static void it_has_what_was_put([[maybe_unused]] void **state)
{
        enum { IDS = 4000, ROUNDS = 40000 };
        static uint64_t id[IDS];
        static bool is_there[IDS];
        struct dense_map map = { 0 };
        size_t used = 0;
        struct rng rng;

        rng_seed(&rng, 5);
        for (uint64_t i = 0; i < IDS; i++)
                id[i] = i % 2 ? i : i << 40;
        for (size_t round = 0; round < ROUNDS; round++) {
                const size_t i = rng_below(&rng, IDS);

                if (is_there[i])
                        dense_map_remove(&map, id[i]);
                else
                        put(&map, id[i]);
                used += is_there[i] ? -1 : 1;
                is_there[i] = !is_there[i];
        }
        for (size_t i = 0; i < IDS; i++)
                assert_ptr_equal(dense_map_get(&map, id[i]), is_there[i] ? value_of(id[i]) : NULL);
        assert_int_equal(map.used, used);
        assert_int_equal(count_by_walking(&map), used);
        for (size_t i = 0; i < IDS; i++)
                dense_map_remove(&map, id[i]);
        assert_int_equal(map.groups, 0);
        dense_map_clear(&map);
}

static void neighbours_take_little([[maybe_unused]] void **state)
{
        enum { IDS = 100000 };
        struct dense_map map = { 0 };

        for (uint64_t id = 1; id <= IDS; id++)
                put(&map, id);
        assert_true(dense_map_bytes(&map) < 10 * IDS);
        dense_map_clear(&map);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(an_empty_map_has_nothing),
                cmocka_unit_test(a_value_replaces_the_one_before),
                cmocka_unit_test(it_has_what_was_put),
                cmocka_unit_test(neighbours_take_little),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
