/*
 * The trees of two recordings are paired by the names of their spaces, and those of one name in their order. The cost
 * is counted in comparisons of texts: strcmp is replaced by one that counts.
 */
#include "analysis/diff.h"
#include "base/error_message.h"
#include "support_stream.h"

#include <stdio.h>
#include <unistd.h>

/* --- counting --------------------------------------------------------------------------------------------- */

static size_t comparisons;

int strcmp(const char *a, const char *b)
{
        comparisons++;
        while (*a && *a == *b) {
                a++;
                b++;
        }
        return (unsigned char)*a - (unsigned char)*b;
}

/* --- recordings of many trees ------------------------------------------------------------------------------ */

static void add(struct recorded *recorded, enum trace_event type, const char *text, const uint64_t *fields,
                size_t count)
{
        struct recorded_event event = { .type = type };

        memcpy(event.field, fields, count * sizeof *fields);
        snprintf(event.text, sizeof event.text, "%s", text);
        recorded_insert(recorded, recorded->count, &event);
}

#define FIELDS(...) ((uint64_t[]){ __VA_ARGS__ })
#define ADD(recorded, type, text, ...) \
        add(recorded, EVENT_##type, text, FIELDS(__VA_ARGS__), sizeof FIELDS(__VA_ARGS__) / sizeof(uint64_t))

/* In each of `trees` spaces an address is looked for, and not found. Every seventh space has the same name. */
static struct operations *read_trees(size_t trees)
{
        struct recorded recorded = { 0 };
        struct bytes bytes = { 0 };
        struct operations *operations;
        char path[] = "/tmp/understory-diff-XXXXXX", name[32];
        int file = mkstemp(path);

        assert_true(file >= 0);
        for (uint64_t tree = 1; tree <= trees; tree++) {
                snprintf(name, sizeof name, "program %llu", (unsigned long long)(tree % 7 ? tree : 7));
                ADD(&recorded, tree_created, "", tree, 0x10000, 0x20000);
                ADD(&recorded, space_created, name, tree, tree);
                ADD(&recorded, tree_begin,
                    "", tree, 1, 0, FIND, 0, 1, 1, 0, 0, 0x10000, 0x20000, 0x10000 + 16 * (tree % 512));
                ADD(&recorded, tree_end, "", tree, 1, ERROR_NOT_FOUND);
        }
        stream_put_together(&bytes, &recorded);
        assert_int_equal(write(file, bytes.at, bytes.length), bytes.length);
        close(file);
        if (operations_read(path, &operations).code)
                fail_msg("%s", error_message());
        unlink(path);
        recorded_free(&recorded);
        bytes_free(&bytes);
        return operations;
}

/* --- pairs ------------------------------------------------------------------------------------------------ */

static void trees_of_one_name_are_paired_in_their_order([[maybe_unused]] void **state)
{
        struct operations *a = read_trees(30), *b = read_trees(21);
        struct diff *diff;

        assert_int_equal(diff_create(a, b, COMPARE_ALL, &diff).code, ERROR_OK);
        assert_int_equal(diff->trees, 30);
        for (size_t i = 0; i < diff->trees; i++) {
                assert_int_equal(diff->tree[i].a->tree, i + 1);
                assert_int_equal(diff->tree[i].b ? diff->tree[i].b->tree : 0, i < 21 ? i + 1 : 0);
        }
        assert_int_equal(diff->count[ALIKE], 21);
        assert_int_equal(diff->count[ONLY_IN_A], 9);
        diff_free(diff);
        operations_free(a);
        operations_free(b);
}

static void a_list_is_found_by_its_name_and_number([[maybe_unused]] void **state)
{
        struct operations *operations = read_trees(30);

        assert_int_equal(operations_find(operations, "program 7", 0)->tree, 7);
        assert_int_equal(operations_find(operations, "program 7", 3)->tree, 28);
        assert_null(operations_find(operations, "program 7", 4));
        assert_int_equal(operations_find(operations, "program 30", 0)->tree, 30);
        assert_null(operations_find(operations, "program 30", 1));
        assert_null(operations_find(operations, "program", 0));
        operations_free(operations);
}

static size_t comparisons_of(size_t trees)
{
        struct operations *a = read_trees(trees), *b = read_trees(trees);
        struct diff *diff;
        size_t counted;

        /* Reading them has counted, too: it numbers those that have the same name. */
        assert_int_equal(diff_create(a, b, COMPARE_ALL, &diff).code, ERROR_OK);
        counted = comparisons;
        assert_int_equal(diff->count[ALIKE], trees);
        diff_free(diff);
        operations_free(a);
        operations_free(b);
        return counted;
}

/* Four times as many trees: with a comparison of each tree to each other one the cost is 16 times as high. */
static void many_trees_cost_hardly_more_each([[maybe_unused]] void **state)
{
        size_t few, many;

        comparisons = 0;
        few = comparisons_of(1000);
        comparisons = 0;
        many = comparisons_of(4000);
        assert_true(few > 1000);                /* strcmp is the one that counts */
        if (many > 6 * few)
                fail_msg("%zu comparisons for 1,000 trees, %zu for 4,000", few, many);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(trees_of_one_name_are_paired_in_their_order),
                cmocka_unit_test(a_list_is_found_by_its_name_and_number),
                cmocka_unit_test(many_trees_cost_hardly_more_each),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
