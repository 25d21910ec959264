#include "lib/bitmap.h"
#include "lib/rng.h"
#include "test/test.h"

/* Three levels: 64 * 64 numbers and some more. */
enum { LIMIT = 5000 };

static uint64_t words[BITMAP_WORDS(LIMIT)];
static bool expected[LIMIT];

static bool lowest_is(const struct bitmap *bitmap, size_t number)
{
        size_t found;

        return bitmap_lowest(bitmap, &found) && found == number;
}

TEST(a_bitmap_yields_its_members_from_the_lowest_on)
{
        static const size_t members[] = { 0, 1, 63, 64, 65, 4095, 4096, LIMIT - 1 };
        struct bitmap bitmap;
        size_t found;

        bitmap_init(&bitmap, LIMIT, words);
        CHECK(!bitmap_lowest(&bitmap, &found));
        for (size_t i = 8; i-- > 0;) {
                bitmap_add(&bitmap, members[i]);
                CHECK(lowest_is(&bitmap, members[i]));
        }
        for (size_t i = 0; i < 8; i++) {
                CHECK(lowest_is(&bitmap, members[i]));
                bitmap_remove(&bitmap, members[i]);
        }
        CHECK(!bitmap_lowest(&bitmap, &found) && bitmap.count == 0);
}

TEST(a_range_is_added_to_a_bitmap_with_what_was_there_before)
{
        struct bitmap bitmap;
        size_t missing = 100;

        bitmap_init(&bitmap, LIMIT, words);
        bitmap_add(&bitmap, 150);
        bitmap_add_range(&bitmap, 100, 4200);
        bitmap_add_range(&bitmap, 4300, 4300);
        CHECK(bitmap.count == 4100);
        CHECK(lowest_is(&bitmap, 100));
        for (size_t number = 0; number < LIMIT; number++)
                CHECK(bitmap_has(&bitmap, number) == (number >= 100 && number < 4200));
        CHECK(bitmap_next_missing(&bitmap, &missing) && missing == 4200);
        missing = 99;
        CHECK(bitmap_next_missing(&bitmap, &missing) && missing == 99);
        bitmap_add_range(&bitmap, 0, LIMIT);
        missing = 0;
        CHECK(bitmap.count == LIMIT && !bitmap_next_missing(&bitmap, &missing));
}

TEST(a_bitmap_is_what_an_array_of_flags_is)
{
        struct bitmap bitmap;
        struct rng rng;
        size_t found, count = 0, lowest;

        rng_seed(&rng, 1);
        bitmap_init(&bitmap, LIMIT, words);
        for (size_t i = 0; i < LIMIT; i++)
                expected[i] = false;
        for (size_t round = 0; round < 4 * LIMIT; round++) {
                const size_t number = rng_below(&rng, round % 2 ? LIMIT : 200);

                if (expected[number])
                        bitmap_remove(&bitmap, number);
                else
                        bitmap_add(&bitmap, number);
                count += expected[number] ? -(size_t)1 : 1;
                expected[number] = !expected[number];
                for (lowest = 0; lowest < LIMIT && !expected[lowest];)
                        lowest++;
                CHECK(bitmap.count == count);
                CHECK(bitmap_lowest(&bitmap, &found) ? found == lowest : lowest == LIMIT);
        }
        for (size_t number = 0; number < LIMIT; number++)
                CHECK(bitmap_has(&bitmap, number) == expected[number]);
}
