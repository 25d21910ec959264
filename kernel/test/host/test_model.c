/*
 * The real tree and the model that the host tools rebuild from its events, compared pointer for pointer after every
 * operation: no mutation without an event.
 */
#include "base/error_message.h"
#include "host_env.h"
#include "mm/address_space.h"
#include "model/model.h"
#include "stream/reader.h"
#include "test/space_find.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

/* --- the line between the two: what is written at one end is read at the other ----------------------------- */

static struct {
        uint8_t *bytes;
        size_t length, room, taken;
} line;

static void line_write(const void *bytes, size_t length)
{
        if (line.length + length > line.room) {
                line.room = (line.length + length) * 2;
                line.bytes = realloc(line.bytes, line.room);
                assert_non_null(line.bytes);
        }
        memcpy(line.bytes + line.length, bytes, length);
        line.length += length;
}

static struct error line_read([[maybe_unused]] void *context, void *bytes, size_t size, size_t *got)
{
        *got = line.length - line.taken < size ? line.length - line.taken : size;
        memcpy(bytes, line.bytes + line.taken, *got);
        line.taken += *got;
        if (line.taken == line.length)
                line.taken = line.length = 0;
        return SUCCESS;
}

static void line_close([[maybe_unused]] void *context)
{
        free(line.bytes);
        memset(&line, 0, sizeof line);
}

/* --- the comparison --------------------------------------------------------------------------------------- */

static uint64_t id_of(const struct rbtree_node *node)
{
        return node ? ((const struct region *)node)->id : 0;
}

static uint64_t model_id_of(const struct model_region *region)
{
        return region ? region->id : 0;
}

static void compare_region(const struct region *real, const struct model_region *told)
{
        assert_non_null(told);
        assert_int_equal(told->id, real->id);
        assert_true(vrange_equals(told->range, region_range(real)));
        assert_int_equal(told->before, real->guard_before / PAGE_SIZE);
        assert_int_equal(told->after, real->guard_after / PAGE_SIZE);
        assert_int_equal(told->protection, real->protection);
        assert_int_equal(told->colour, rbtree_colour(&real->links.node));
        assert_int_equal(told->gap, real->links.gap / PAGE_SIZE);
        assert_int_equal(model_id_of(told->parent), id_of(rbtree_parent(&real->links.node)));
        for (enum side side = LEFT; side <= RIGHT; side++) {
                assert_int_equal(model_id_of(told->child[side]), id_of(real->links.node.child[side]));
                assert_int_equal(told->max[side], real->links.max_gap[side] / PAGE_SIZE);
        }
}

/* The model keeps heights until something below changes; so it is asked after one operation, after two, and so on. */
static void compare_height(const struct model_tree *tree)
{
        unsigned deepest = 0;

        if (tree->operations % 7 > 3)
                return;
        for (const struct model_region *at = model_outermost(tree, LEFT); at; at = model_neighbour(at, RIGHT))
                if (deepest < model_depth(at) + 1)
                        deepest = model_depth(at) + 1;
        assert_int_equal(model_height(tree), deepest);
}

static void compare_trees(const struct region_tree *real_tree, const struct model *model)
{
        const struct model_tree *tree = model_tree(model, real_tree->id);
        const struct model_region *told;

        assert_non_null(tree);
        assert_int_equal(model_id_of(tree->root), id_of(real_tree->nodes.root));
        assert_int_equal(tree->regions, real_tree->count);
        assert_int_equal(tree->tail_gap, real_tree->tail_gap / PAGE_SIZE);
        assert_int_equal(tree->operations, real_tree->operations);
        told = model_outermost(tree, LEFT);
        for (const struct region *real = region_tree_first(real_tree); real; real = region_tree_next(real)) {
                compare_region(real, told);
                told = model_neighbour(told, RIGHT);
        }
        assert_null(told);
        compare_height(tree);
}

static void compare(struct address_space *space, const struct model *model)
{
        spinlock_acquire(&space->lock);
        compare_trees(address_space_tree(space), model);
        spinlock_release(&space->lock);
}

/* --- random operations on a space ------------------------------------------------------------------------- */

enum { BASE = 0x10000, PAGES = 4096 };

static struct vrange random_range(struct rng *rng, size_t most)
{
        uintptr_t base = BASE + rng_below(rng, PAGES) * PAGE_SIZE;

        return (struct vrange){ base, base + (1 + rng_below(rng, most)) * PAGE_SIZE };
}

static struct mapping random_mapping(struct rng *rng)
{
        struct vrange range = random_range(rng, 24);

        return (struct mapping){
                .name = "random",
                .size = vrange_size(range),
                .protection = (enum protection)rng_below(rng, 8),
                .where = (enum where)rng_below(rng, MAP_NEAR + 1),
                .address = range.base,
                .alignment = rng_below(rng, 4) ? 0 : PAGE_SIZE << rng_below(rng, 6),
                .guard_before = rng_below(rng, 4) ? 0 : PAGE_SIZE,
                .guard_after = rng_below(rng, 4) ? 0 : 2 * PAGE_SIZE,
                .sharing = rng_below(rng, 4) ? MAP_PRIVATE : MAP_SHARED,
        };
}

static struct error do_something(struct address_space *space, struct rng *rng)
{
        struct mapping mapping = random_mapping(rng);
        struct vrange found;
        uintptr_t base;

        switch (rng_below(rng, 8)) {
        default:
                return address_space_map(space, &mapping, &base);
        case 4:
                return address_space_unmap(space, random_range(rng, 120));
        case 5:
                return address_space_protect(space, random_range(rng, 20), mapping.protection);
        case 6:
                TRY(address_space_find(space, mapping.address, &found));
                return address_space_resize(space, found.base, mapping.size);
        case 7:
                return address_space_find(space, mapping.address, &found);
        }
}

static void read_events(struct reader *reader, struct model *model)
{
        struct event event;

        for (uint64_t waiting = host_trace_flush(); waiting; waiting--) {
                assert_true(reader_next(reader, &event));
                if (model_apply(model, &event).code)
                        fail_msg("event %lu: %s", (unsigned long)event.number, model_error_message(model));
        }
}

/* A copy has a tree of its own, which is told like any other. */
static void compare_clone(struct address_space *space, struct reader *reader, struct model *model)
{
        struct address_space *child;

        assert_int_equal(address_space_clone(space, "child", 1, &child).code, ERROR_OK);
        read_events(reader, model);
        assert_int_equal(address_space_totals(child).regions, address_space_totals(space).regions);
        compare(child, model);
        address_space_destroy(child);
        read_events(reader, model);
}

static void model_and_tree_agree_after_each_of_100000_operations([[maybe_unused]] void **state)
{
        struct source source = { .read = line_read, .close = line_close };
        struct address_space *space;
        struct reader *reader;
        struct model *model;
        struct rng rng;
        size_t done = 0, largest = 0;

        rng_seed(&rng, 1);
        host_trace_start(line_write);
        assert_int_equal(reader_open_source(source, "memory", &reader).code, ERROR_OK);
        assert_int_equal(model_create(&model).code, ERROR_OK);
        const struct vrange range = { BASE, BASE + PAGES * PAGE_SIZE };
        assert_int_equal(address_space_create("random", range, 1, &space).code, ERROR_OK);
        for (int i = 0; i < 100000; i++) {
                done += !do_something(space, &rng).code;
                largest = address_space_totals(space).regions > largest ? address_space_totals(space).regions : largest;
                read_events(reader, model);
                compare(space, model);
                if (i % 2500 == 0)
                        compare_clone(space, reader, model);
        }
        print_message("%zu of 100000 operations succeeded; at most %zu regions\n", done, largest);
        assert_true(done > 50000 && largest > 100);

        address_space_destroy(space);
        host_trace_finish(VERDICT_PASSED);
        model_destroy(model);
        reader_close(reader);
        assert_int_equal(host_kmalloc_live(), 0);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(model_and_tree_agree_after_each_of_100000_operations),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
