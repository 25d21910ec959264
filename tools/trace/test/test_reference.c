/* The reference and the kernel's tree agree on thousands of random requests of every kind, and every lie is seen. */
#include "check/check.h"
#include "check/reference.h"
#include "support_stream.h"

#include <stdio.h>

enum { REGIONS = 60, ROUNDS = 4000 };

static struct rng rng;
static struct region *live[REGIONS];

static uint64_t some_pages(uint64_t most)
{
        return rng_below(&rng, most) * PAGE_SIZE;
}

/* Mostly sensible, with guards, alignments and windows; now and then one that no tree could meet. */
static struct placement random_request(void)
{
        struct vrange range = play_tree()->range;
        struct placement request = {
                .size = PAGE_SIZE + some_pages(12),
                .alignment = PAGE_SIZE << (rng_below(&rng, 3) ? 0 : rng_below(&rng, 6)),
                .guard_before = rng_below(&rng, 3) ? 0 : some_pages(3),
                .guard_after = rng_below(&rng, 3) ? 0 : some_pages(3),
                .window = range,
        };

        if (rng_below(&rng, 3) == 0) {
                request.window.base = range.base - 8 * PAGE_SIZE + some_pages(128);
                request.window.end = request.window.base + some_pages(160);
        }
        switch (rng_below(&rng, 60)) {
        case 0:
                request.size = 0;
                break;
        case 1:
                request.alignment = 3 * PAGE_SIZE;
                break;
        case 2:
                request.size += 1;
                break;
        case 3:
                request.window.end = request.window.base - PAGE_SIZE;
                break;
        case 4:
                request.size = (size_t)-PAGE_SIZE;
                break;
        case 5:
                request.alignment = (size_t)1 << 63;
                break;
        }
        return request;
}

static uintptr_t random_address(void)
{
        return rng_below(&rng, 20) ? play_tree()->range.base + rng_below(&rng, 0x110000)
                                   : UINTPTR_MAX - rng_below(&rng, 9000);
}

static void place(struct region **slot)
{
        struct placement request = random_request();
        struct region_tree *tree = play_tree();
        struct error error;

        assert_int_equal(region_create("region", PROTECT_READ, slot).code, ERROR_OK);
        switch (rng_below(&rng, 4)) {
        case 0:
                error = region_tree_place_anywhere(tree, *slot, &request);
                break;
        case 1:
                error = region_tree_place_specifically(tree, *slot, &request, random_address() & ~(PAGE_SIZE - 1));
                break;
        case 2:
                error = region_tree_place_near(tree, *slot, &request, random_address());
                break;
        default:
                error = region_tree_place_random(tree, *slot, &request, &rng);
        }
        if (error.code) {
                region_free(*slot);
                *slot = NULL;
        }
}

static void split(struct region *region)
{
        struct vrange range = region_range(region);
        uintptr_t at = range.base + some_pages(4);
        struct region *upper;

        for (size_t i = 0; i < REGIONS; i++) {
                if (live[i])
                        continue;
                assert_int_equal(region_create("upper", PROTECT_READ, &upper).code, ERROR_OK);
                if (region_tree_split(play_tree(), region, at, upper).code)
                        region_free(upper);
                else
                        live[i] = upper;
                return;
        }
}

static void change(struct region **slot)
{
        struct vrange range = region_range(*slot);
        size_t before = (*slot)->guard_before, after = (*slot)->guard_after;

        switch (rng_below(&rng, 6)) {
        case 0:
        case 1:
                play_remove(*slot);
                *slot = NULL;
                break;
        case 2:
                range.base += some_pages(4);
                range.end += some_pages(4);
                error_ignore(region_tree_resize(play_tree(), *slot, range, before, after));
                break;
        case 3:
                range.base -= some_pages(4);
                range.end -= some_pages(4) + rng_below(&rng, 9) / 8;
                error_ignore(region_tree_resize(play_tree(), *slot, range, some_pages(2), some_pages(2)));
                break;
        default:
                split(*slot);
        }
}

static void work(void)
{
        memset(live, 0, sizeof live);
        for (int round = 0; round < ROUNDS; round++) {
                struct region **slot = &live[rng_below(&rng, REGIONS)];
                uintptr_t address = random_address();

                if (rng_below(&rng, 4) == 0)
                        region_tree_find_containing(play_tree(), address);
                if (rng_below(&rng, 4) == 0 && address < 0x110000)
                        region_tree_find_intersecting(
                                play_tree(), (struct vrange){address, address + 1 + rng_below(&rng, 99999)});
                if (*slot)
                        change(slot);
                else
                        place(slot);
        }
}

/* --- checking --------------------------------------------------------------------------------------------- */

static struct check *check_bytes(const struct bytes *bytes)
{
        struct reader *reader = stream_open(bytes);
        struct check *check;
        struct event event;

        assert_int_equal(check_create(EVERY_EVENT_COUNTS, &check).code, ERROR_OK);
        while (reader_next(reader, &event) && !check_findings(check))
                assert_int_equal(check_event(check, &event).code, ERROR_OK);
        reader_close(reader);
        return check;
}

static void reference_and_tree_agree_on_random_requests([[maybe_unused]] void **state)
{
        for (uint64_t seed = 1; seed <= 4; seed++) {
                struct bytes bytes = { 0 };
                struct check *check;

                rng_seed(&rng, seed);
                stream_record(&bytes, work);
                check = check_bytes(&bytes);
                if (check_findings(check))
                        fail_msg("seed %lu: %s", (unsigned long)seed, check_finding(check, 0)->words);
                assert_true(check_totals(check).operations > ROUNDS / 2);
                check_destroy(check);
                bytes_free(&bytes);
        }
}

/* Whatever an operation says, saying something else is seen: another address, another region, another result. */
static void assert_lie_is_seen(const struct recorded *recorded, size_t end, size_t field, uint64_t lie)
{
        struct recorded_event *event = &recorded->event[end];
        uint64_t truth = event->field[field];
        struct bytes bytes = { 0 };
        struct check *check;

        event->field[field] = lie;
        stream_put_together(&bytes, recorded);
        event->field[field] = truth;
        check = check_bytes(&bytes);
        if (!check_findings(check))
                fail_msg("event %zu: field %zu says %lu, not %lu, and no check finds it", end + 1, field,
                         (unsigned long)lie,
                         (unsigned long)truth);
        assert_int_equal(check_finding(check, 0)->event, end + 1);
        check_destroy(check);
        bytes_free(&bytes);
}

/* Placements, finds and splits name a region and say where it is; others only whether it went well. */
static bool says_where(uint64_t kind)
{
        return kind != REMOVE && kind != RESIZE;
}

static void every_kind_of_lie_is_seen([[maybe_unused]] void **state)
{
        struct recorded recorded = { 0 };
        struct bytes bytes = { 0 };
        size_t lies[SPLIT + 1] = { 0 }, begin = 0;

        rng_seed(&rng, 9);
        stream_record(&bytes, work);
        stream_take_apart(&recorded, &bytes);
        recorded.count = recorded.count < 20000 ? recorded.count : 20000;
        for (size_t i = 5000; i < recorded.count; i++) {
                const struct recorded_event *event = &recorded.event[i];
                uint64_t kind;

                if (event->type == EVENT_tree_begin)
                        begin = i;
                if (event->type != EVENT_tree_end || !begin)
                        continue;
                kind = recorded.event[begin].field[EVENT_FIELD(tree_begin, kind)];
                if (event->field[EVENT_FIELD(tree_end, result)] || lies[kind]++ >= 4)
                        continue;
                assert_lie_is_seen(&recorded, i, EVENT_FIELD(tree_end, result), ERROR_IO);
                if (kind == PLACE_RANDOM || !says_where(kind))
                        continue;
                assert_lie_is_seen(&recorded, i, EVENT_FIELD(tree_end, address),
                                   event->field[EVENT_FIELD(tree_end, address)] + PAGE_SIZE);
                if (kind != SPLIT)
                        assert_lie_is_seen(&recorded, i, EVENT_FIELD(tree_end, region), 1234567);
        }
        for (size_t kind = 0; kind <= SPLIT; kind++)
                assert_true(lies[kind] > 0);
        recorded_free(&recorded);
        bytes_free(&bytes);
}

/* A queue of regions moves through the addresses, either way: it does not take more and more places. */
static void regions_that_come_at_one_end_and_go_at_the_other_take_few_places([[maybe_unused]] void **state)
{
        enum { LIVING = 100, STEPS = 20000, HIGHEST = STEPS + 1 };

        for (int is_down = 0; is_down < 2; is_down++) {
                struct reference reference;

                reference_init(&reference, (struct vrange){ PAGE_SIZE, (HIGHEST + 1) * PAGE_SIZE });
                for (uint64_t i = 1; i <= STEPS; i++) {
                        const uint64_t oldest = i - LIVING;

                        assert_int_equal(reference_apply(&reference, &(const struct model_operation){
                                .kind = PLACE_SPECIFICALLY, .size = PAGE_SIZE, .result_region = i,
                                .result_address = (is_down ? HIGHEST - i : i) * PAGE_SIZE,
                        }).code, ERROR_OK);
                        if (i > LIVING)
                                assert_int_equal(reference_apply(&reference, &(const struct model_operation){
                                        .kind = REMOVE, .region = oldest,
                                        .footprint.base = (is_down ? HIGHEST - oldest : oldest) * PAGE_SIZE,
                                }).code, ERROR_OK);
                        for (size_t j = 1; j < reference.count; j++)
                                assert_true(reference.region[j - 1].range.base < reference.region[j].range.base);
                }
                assert_int_equal(reference.count, LIVING);
                assert_true(reference.spare + reference.room < 10 * LIVING);
                reference_free(&reference);
        }
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(reference_and_tree_agree_on_random_requests),
                cmocka_unit_test(every_kind_of_lie_is_seen),
                cmocka_unit_test(regions_that_come_at_one_end_and_go_at_the_other_take_few_places),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
