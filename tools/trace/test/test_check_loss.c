/*
 * Whichever events are missing, nothing is called wrong that is only unknown; and what they have not touched is still
 * checked.
 */
#include "stream/event_table.h"
#include "support_run.h"

/* --- a stream of two trees, on two cpus ------------------------------------------------------------------- */

static struct region_tree other_tree;

static void place_in_other(struct region *region, const char *name, uint64_t pages)
{
        const struct placement request = { pages * PAGE_SIZE, PAGE_SIZE, 0, 0, other_tree.range };

        region_init(region, name, PROTECT_READ);
        assert_int_equal(region_tree_place_anywhere(&other_tree, region, &request).code, ERROR_OK);
}

/* Tree 1 on cpu 0 and 1, the other one on cpu 1. Operations on the space of tree 1 have none but its own cpu. */
static void work(void)
{
        static struct region in_other[6];
        struct region *region[6];
        uint64_t space_operation = 0;

        region_tree_init(&other_tree, (struct vrange){ 0x10000, 0x90000 });
        for (unsigned i = 0; i < 6; i++) {
                play_on(i & 1);
                trace_space_begin(play_space(), ++space_operation, MAP, 0, (i + 1) * PAGE_SIZE, PROTECT_READ);
                play_operation(space_operation, space_operation);
                region[i] = play_place(i + 1);
                play_operation(space_operation, 0);
                trace_space_end(play_space(), space_operation, ERROR_OK, region_range(region[i]).base);
                play_on(1);
                place_in_other(&in_other[i], "other", 7 - i);
                if (i == 2)
                        keyframe_send();
        }
        for (unsigned i = 0; i < 6; i += 2) {
                const struct vrange range = region_range(region[i]);

                play_on(i == 2);
                trace_space_begin(play_space(), ++space_operation, UNMAP, range.base, vrange_size(range), PROTECT_NONE);
                play_operation(space_operation, space_operation);
                play_remove(region[i]);
                play_operation(space_operation, 0);
                trace_space_end(play_space(), space_operation, ERROR_OK, range.base);
                play_on(1);
                assert_int_equal(region_tree_remove(&other_tree, &in_other[i]).code, ERROR_OK);
        }
        for (unsigned i = 1; i < 6; i += 2)
                assert_int_equal(region_tree_remove(&other_tree, &in_other[i]).code, ERROR_OK);
        region_tree_destroy(&other_tree);
        play_on(0);
}

/* --- losses ----------------------------------------------------------------------------------------------- */

/* The events of one cpu from a number on that never arrive. */
struct loss {
        unsigned cpu;
        uint64_t first, count;
};

static bool is_lost(const struct loss *loss, const struct event *event)
{
        return event->cpu == loss->cpu && event->cpu_number >= loss->first && event->cpu_number - loss->first < loss->count;
}

/* Checks a stream without some of its events. What the reader says of the rest is said here. */
static struct check *check_without(const struct bytes *bytes, const struct loss *loss)
{
        struct reader *reader = stream_open(bytes);
        struct check *check;
        struct event event;
        uint64_t missing = 0;

        assert_int_equal(check_create(LOSS_IS_ALLOWED, &check).code, ERROR_OK);
        while (reader_next(reader, &event)) {
                if (is_lost(loss, &event)) {
                        missing++;
                        continue;
                }
                event.gap_elsewhere = missing && event.cpu != loss->cpu;
                if (event.cpu == loss->cpu) {
                        event.missing = missing;
                        missing = 0;
                }
                assert_int_equal(check_event(check, &event).code, ERROR_OK);
        }
        reader_close(reader);
        return check;
}

static uint64_t events_of(const struct bytes *bytes, unsigned cpu)
{
        struct reader *reader = stream_open(bytes);
        struct event event;
        uint64_t events = 0;

        while (reader_next(reader, &event))
                events += event.cpu == cpu;
        reader_close(reader);
        return events;
}

static void whatever_is_missing_nothing_is_called_wrong([[maybe_unused]] void **state)
{
        static const uint64_t counts[] = { 1, 2, 5, 17, 60 };
        struct bytes bytes = { 0 };

        stream_record(&bytes, work);
        assert_passes(&bytes);
        for (struct loss loss = { 0 }; loss.cpu < 2; loss.cpu++) {
                const uint64_t events = events_of(&bytes, loss.cpu);

                for (size_t i = 0; i < sizeof counts / sizeof *counts; i++) {
                        loss.count = counts[i];
                        for (loss.first = 1; loss.first + loss.count < events; loss.first++) {
                                struct check *check = check_without(&bytes, &loss);

                                if (check_findings(check))
                                        fail_msg("%lu events of cpu %u from %lu on: %s", (unsigned long)loss.count,
                                                 loss.cpu, (unsigned long)loss.first, check_finding(check, 0)->words);
                                check_destroy(check);
                        }
                }
        }
        bytes_free(&bytes);
}

/* --- the rest --------------------------------------------------------------------------------------------- */

/* The number on its cpu of the n-th event of a type that is about a tree. */
static uint64_t number_of(const struct bytes *bytes, enum trace_event type, uint64_t tree, unsigned n)
{
        struct reader *reader = stream_open(bytes);
        struct event event = { 0 };

        while (reader_next(reader, &event))
                if (event.type == type && event.field[0] == tree && !n--)
                        break;
        reader_close(reader);
        return event.cpu_number;
}

/* An operation of the other tree is missing, on cpu 1. All of tree 1 is judged, and nothing more of the other one. */
static void what_a_loss_has_not_touched_is_still_checked([[maybe_unused]] void **state)
{
        struct bytes bytes = { 0 };
        struct check *check;
        struct loss loss = { .cpu = 1 };
        uint64_t all, other;

        stream_record(&bytes, work);
        other = other_tree.id;
        loss.first = number_of(&bytes, EVENT_tree_begin, other, 2);
        loss.count = number_of(&bytes, EVENT_tree_end, other, 2) + 1 - loss.first;
        check = check_without(&bytes, &(struct loss){ 0 });
        all = check_totals(check).operations;
        check_destroy(check);
        check = check_without(&bytes, &loss);
        assert_int_equal(check_findings(check), 0);
        assert_int_equal(check_totals(check).operations, all - 10);     /* of the other tree's 12 */
        assert_int_equal(model_tree_knowledge(check_model(check), model_tree(check_model(check), play_tree()->id)),
                         KNOWN_NOW);
        check_destroy(check);
        bytes_free(&bytes);
}

/* A colour is wrong in tree 1, long after the loss and long before the next keyframe. */
static void a_fault_after_a_loss_is_found([[maybe_unused]] void **state)
{
        struct bytes bytes = { 0 };
        struct recorded recorded = { 0 };
        struct loss loss = { .cpu = 1 };
        struct check *check;
        size_t at;

        stream_record(&bytes, work);
        stream_take_apart(&recorded, &bytes);
        at = recorded_nth(&recorded, EVENT_tree_end, 0);
        do {
                at = recorded_next(&recorded, EVENT_tree_colour, at + 1);
        } while (recorded.event[at].field[EVENT_FIELD(tree_colour, tree)] != play_tree()->id);
        recorded_drop(&recorded, at);
        stream_put_together(&bytes, &recorded);
        loss.first = number_of(&bytes, EVENT_tree_begin, other_tree.id, 0);
        loss.count = 2;
        check = check_without(&bytes, &loss);
        assert_int_equal(check_findings(check), 1);
        assert_int_equal(check_finding(check, 0)->tree, play_tree()->id);
        check_destroy(check);
        recorded_free(&recorded);
        bytes_free(&bytes);
}

/* --- categories that are switched off unseen -------------------------------------------------------------- */

enum { NO_LOCKS = ((1 << CATEGORY_COUNT) - 1) & ~(1 << CATEGORY_lock) };

/* From one position to another events of a category are not sent, and two events say so; or one, if to the end. */
static void switch_off(struct recorded *recorded, enum category category, size_t from, size_t to)
{
        const char *name = category_table[category].name;
        struct recorded_event chosen = { .type = EVENT_categories_chosen, .field = { NO_LOCKS } };

        if (to < recorded->count)
                recorded_insert(recorded, to, &chosen);
        for (size_t at = to; at-- > from;)
                if (strcmp(event_table[recorded->event[at].type].category, name) == 0)
                        recorded_drop(recorded, at);
        chosen.field[0] &= ~(uint64_t)(1 << category);
        recorded_insert(recorded, from, &chosen);
}

/* The event that says so is missing, alone or with some around it. */
static void assert_not_missed(const struct bytes *bytes, const char *what, uint64_t off)
{
        for (uint64_t around = 0; around < 3 && around < off; around++) {
                const struct loss loss = { .cpu = 0, .first = off - around, .count = 1 + 2 * around };
                struct check *check = check_without(bytes, &loss);

                if (check_findings(check))
                        fail_msg("%s, from event %lu of cpu 0 on: %s", what, (unsigned long)off,
                                 check_finding(check, 0)->words);
                check_destroy(check);
        }
}

static uint64_t number_of_chosen(const struct bytes *bytes)
{
        struct reader *reader = stream_open(bytes);
        struct event event = { 0 };

        while (reader_next(reader, &event) && event.type != EVENT_categories_chosen)
                continue;
        reader_close(reader);
        return event.cpu_number;
}

/*
 * The next position where cpu 0 is at work, so that no other cpu is in the middle of an operation; or the end. The
 * clock of this encoder stands still within a tree operation, whose end must be sent: the kernel's starts it again.
 */
static size_t at_work(const struct recorded *recorded, size_t at, enum category off)
{
        for (; at < recorded->count; at++) {
                const struct recorded_event *before = &recorded->event[at - 1], *next = &recorded->event[at];

                if (!before->cpu && !next->cpu && (off != CATEGORY_tree || before->type == EVENT_tree_end))
                        return at;
        }
        return recorded->count;
}

static void what_is_switched_off_unseen_is_not_missed([[maybe_unused]] void **state)
{
        static const enum category off[] = { CATEGORY_region, CATEGORY_space, CATEGORY_tree, CATEGORY_visit, CATEGORY_memory };
        struct bytes whole = { 0 }, bytes = { 0 };
        struct recorded recorded = { 0 };
        size_t events;

        stream_record(&whole, work);
        stream_take_apart(&recorded, &whole);
        events = recorded.count;
        for (size_t i = 0; i < sizeof off / sizeof *off; i++) {
                for (size_t at = 20; at + 60 < events; at += 7) {
                        for (size_t length = 10; length < events; length *= 3) {
                                size_t from;

                                stream_take_apart(&recorded, &whole);
                                from = at_work(&recorded, at, off[i]);
                                switch_off(&recorded, off[i], from, at_work(&recorded, from + length, off[i]));
                                stream_put_together(&bytes, &recorded);
                                assert_not_missed(&bytes, category_table[off[i]].name, number_of_chosen(&bytes));
                        }
                }
        }
        recorded_free(&recorded);
        bytes_free(&bytes);
        bytes_free(&whole);
}

/* --- frames and blocks ------------------------------------------------------------------------------------ */

static void use_memory(void)
{
        for (uintptr_t frame = 1; frame <= 4; frame++) {
                trace_frame_allocated(frame * PAGE_SIZE, PURPOSE_TEST);
                trace_kmalloc_allocated(0x8000 + frame * 64, 64, PURPOSE_TEST);
        }
        trace_clock(1, 1);
        trace_frame_freed(1 * PAGE_SIZE);
        trace_frame_allocated(2 * PAGE_SIZE, PURPOSE_TEST);
        trace_kmalloc_freed(0x8000 + 1 * 64);
        trace_kmalloc_allocated(0x8000 + 2 * 64, 64, PURPOSE_TEST);
}

static void a_little_of_nothing(void)
{
        trace_clock(1, 1);
}

static void frame_is_used_twice(void)
{
        use_memory();
        trace_frame_allocated(2 * PAGE_SIZE, PURPOSE_TEST);
}

static void frame_is_freed_twice(void)
{
        use_memory();
        trace_frame_freed(1 * PAGE_SIZE);
}

static struct check *check_memory_run(void (*body)(void))
{
        struct bytes bytes = { 0 };
        struct check *check;

        stream_record(&bytes, body);
        check = check_without(&bytes, &(struct loss){ .first = number_of(&bytes, EVENT_clock, 1, 0), .count = 1 });
        bytes_free(&bytes);
        return check;
}

/* Frames 3 and 4 are named by no event behind the loss, and no keyframe shows frames. */
static void frames_and_blocks_that_cannot_be_known_again_are_counted([[maybe_unused]] void **state)
{
        struct check *check = check_memory_run(use_memory);
        struct bytes bytes = { 0 };
        struct reader *reader;

        stream_record(&bytes, a_little_of_nothing);
        reader = stream_open(&bytes);
        assert_int_equal(check_findings(check), 0);
        assert_int_equal(check_finish(check, reader).code, ERROR_OK);
        assert_int_equal(check_totals(check).unknown_frames, 2);
        assert_int_equal(check_totals(check).unknown_blocks, 2);
        reader_close(reader);
        bytes_free(&bytes);
        check_destroy(check);
}

static void a_frame_that_was_named_behind_a_loss_is_known_again([[maybe_unused]] void **state)
{
        struct check *check = check_memory_run(frame_is_used_twice);

        assert_non_null(check_finding(check, 0));
        assert_non_null(strstr(check_finding(check, 0)->words, "frame 0x2000 is allocated, but is in use already"));
        check_destroy(check);
        check = check_memory_run(frame_is_freed_twice);
        assert_non_null(check_finding(check, 0));
        assert_non_null(strstr(check_finding(check, 0)->words, "frame 0x1000 is freed, but is not allocated"));
        check_destroy(check);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(whatever_is_missing_nothing_is_called_wrong),
                cmocka_unit_test(what_a_loss_has_not_touched_is_still_checked),
                cmocka_unit_test(a_fault_after_a_loss_is_found),
                cmocka_unit_test(what_is_switched_off_unseen_is_not_missed),
                cmocka_unit_test(frames_and_blocks_that_cannot_be_known_again_are_counted),
                cmocka_unit_test(a_frame_that_was_named_behind_a_loss_is_known_again),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
