/* A model that was saved and loaded is the same model: it saves the same bytes, then and after every later event. */
#include "base/error_message.h"
#include "model/model_save.h"
#include "stream/event_table.h"
#include "support_run.h"

#include <inttypes.h>
#include <stdio.h>

struct saved {
        uint8_t *bytes;
        size_t size;
};

static struct saved save(const struct model *model)
{
        struct saved saved;

        assert_int_equal(model_save_bytes(model, &saved.bytes, &saved.size).code, ERROR_OK);
        return saved;
}

/* The saved events in words, a line each. */
static struct error add_words(void *context, const struct event *event)
{
        const struct event_description *described = &event_table[event->type];
        char line[1000];
        int length = snprintf(line, sizeof line, "%s %s", described->name, event->text ? event->text : "");

        for (size_t i = 0; i < described->fields; i++)
                length += snprintf(line + length, sizeof line - (size_t)length,
                                   " %s=%" PRIu64, described->field[i].name,
                                   event->field[i]);
        line[length++] = '\n';
        bytes_add(context, line, (size_t)length);
        return SUCCESS;
}

/* Saved as events, which have every value as it is. */
static void assert_same_events(const struct model *model, const struct model *other)
{
        struct bytes first = { 0 }, second = { 0 };
        size_t line = 0;

        assert_int_equal(model_save(model, (struct model_sink){ &first, add_words }).code, ERROR_OK);
        assert_int_equal(model_save(other, (struct model_sink){ &second, add_words }).code, ERROR_OK);
        for (size_t i = 0; i < first.length && i < second.length && first.at[i] == second.at[i]; i++)
                if (first.at[i] == '\n')
                        line = i + 1;
        if (first.length != second.length || memcmp(first.at, second.at, first.length) != 0)
                fail_msg("saved: %.200s\nafter loading: %.200s", (char *)first.at + line, (char *)second.at + line);
        bytes_free(&first);
        bytes_free(&second);
}

static void assert_same_extent(const struct model_tree *tree, const struct model_tree *other)
{
        assert_int_equal(model_height(tree), model_height(other));
        if (!tree->root)
                return;
        assert_int_equal(model_regions_below(tree->root), tree->regions);
        assert_int_equal(model_regions_below(other->root), tree->regions);
}

static void assert_same(const struct model *model, const struct model *other)
{
        struct saved first = save(model), second = save(other);
        const struct model_tree *tree;

        assert_same_events(model, other);
        for (size_t i = 0; (tree = model_tree_at(model, i)); i++)
                assert_same_extent(tree, model_tree_at(other, i));
        assert_int_equal(first.size, second.size);
        assert_memory_equal(first.bytes, second.bytes, first.size);
        free(first.bytes);
        free(second.bytes);
}

static struct model *copy(const struct model *model)
{
        struct saved saved = save(model);
        struct model *loaded;

        if (model_load_bytes(saved.bytes, saved.size, &loaded).code)
                fail_msg("%s", error_message());
        free(saved.bytes);
        return loaded;
}

/* --- recordings ------------------------------------------------------------------------------------------- */

/* Replaces the model by its copy before every n-th event; it goes on as the one that was never saved. */
static void assert_survives(const struct bytes *bytes, uint64_t n)
{
        struct reader *reader = stream_open(bytes);
        struct model *model, *other;
        struct event event;

        assert_int_equal(model_create(&model).code, ERROR_OK);
        assert_int_equal(model_create(&other).code, ERROR_OK);
        while (reader_next(reader, &event)) {
                if (event.number % n == 0) {
                        struct model *loaded = copy(other);

                        assert_same(model, loaded);
                        model_destroy(other);
                        other = loaded;
                }
                assert_int_equal(model_apply(model, &event).code, model_apply(other, &event).code);
        }
        assert_same(model, other);
        model_destroy(model);
        model_destroy(other);
        reader_close(reader);
}

static void a_run_goes_on_from_every_event([[maybe_unused]] void **state)
{
        struct run run = run_record();

        assert_survives(&run.bytes, 1);
        assert_survives(&run.bytes, 37);
        run_free(&run);
}

static void a_run_with_missing_events_goes_on_from_every_event([[maybe_unused]] void **state)
{
        struct run run = run_record();
        uint8_t *frame = memchr(run.bytes.at + run.bytes.length * 3 / 4, 0, run.bytes.length / 4);
        uint8_t *next = memchr(frame + 1, 0, run.bytes.length / 8);

        memmove(frame, next, (size_t)(run.bytes.at + run.bytes.length - next));
        run.bytes.length -= (size_t)(next - frame);
        assert_survives(&run.bytes, 1);
        run_free(&run);
}

/* --- anything --------------------------------------------------------------------------------------------- */

enum { IDS = 6 };

/* An event of any type, about few objects, so that many of them can be carried out. */
static struct event random_event(struct rng *rng, uint64_t number)
{
        struct event event = {
                .type = (enum trace_event)(EVENT_TIME + 1 + rng_below(rng, EVENT_COUNT - 1)),
                .cpu = (unsigned)rng_below(rng, 3),
                .number = number,
                .text = rng_below(rng, 4) ? "name" : NULL,
        };
        const struct event_description *described = &event_table[event.type];

        for (size_t i = 0; i < described->fields; i++) {
                const char *type = described->field[i].type;

                if (!strcmp(type, "address"))
                        event.field[i] = rng_below(rng, 64) << 12;
                else
                        event.field[i] = rng_below(rng, IDS);
        }
        if (event.type == EVENT_keyframe_end && rng_below(rng, 2))
                event.field[0] = 0;
        if (rng_below(rng, 500) == 0)
                event.missing = 3;
        return event;
}

static void any_events_at_all_leave_a_state_that_can_be_saved([[maybe_unused]] void **state)
{
        struct rng rng;

        for (uint64_t seed = 1; seed <= 20; seed++) {
                struct model *model, *other;

                rng_seed(&rng, seed);
                assert_int_equal(model_create(&model).code, ERROR_OK);
                assert_int_equal(model_create(&other).code, ERROR_OK);
                for (uint64_t number = 10; number < 6000; number++) {
                        struct event event = random_event(&rng, number);

                        assert_int_equal(model_apply(model, &event).code, model_apply(other, &event).code);
                        if (rng_below(&rng, 100) == 0) {
                                struct model *loaded = copy(other);

                                assert_same(model, loaded);
                                model_destroy(other);
                                other = loaded;
                        }
                }
                model_destroy(model);
                model_destroy(other);
        }
}

/* --- size ------------------------------------------------------------------------------------------------- */

/* Checkpoints of large trees are kept by the dozen. */
static void a_region_takes_few_bytes([[maybe_unused]] void **state)
{
        enum { REGIONS = 20000, BYTES_EACH = 16 };
        struct event event = { .type = EVENT_tree_created, .number = 1, .field = { 1, 0x10000, 0x7ffffffff000, PROMISE_GAPS } };
        struct saved saved;
        struct model *model;

        assert_int_equal(model_create(&model).code, ERROR_OK);
        assert_int_equal(model_apply(model, &event).code, ERROR_OK);
        for (uint64_t id = 1; id <= REGIONS; id++) {
                char name[16];

                snprintf(name, sizeof name, "r%d", (int)(id % 97));
                event = (struct event){ .type = EVENT_region_created, .number = 3 * id, .field = { id }, .text = name };
                assert_int_equal(model_apply(model, &event).code, ERROR_OK);
                event = (struct event){ .type = EVENT_region_changed, .number = 3 * id + 1, .field = {
                        [EVENT_FIELD(region_changed, region)] = id,
                        [EVENT_FIELD(region_changed, base)] = id * 8 * PAGE_SIZE,
                        [EVENT_FIELD(region_changed, end)] = (id * 8 + 4) * PAGE_SIZE,
                        [EVENT_FIELD(region_changed, protection)] = PROTECT_READ,
                } };
                assert_int_equal(model_apply(model, &event).code, ERROR_OK);
                event = (struct event){ .type = EVENT_tree_link, .number = 3 * id + 2, .field = {
                        [EVENT_FIELD(tree_link, tree)] = 1,
                        [EVENT_FIELD(tree_link, region)] = id,
                        [EVENT_FIELD(tree_link, parent)] = id - 1,
                        [EVENT_FIELD(tree_link, side)] = RIGHT,
                } };
                assert_int_equal(model_apply(model, &event).code, ERROR_OK);
        }
        saved = save(model);
        assert_true(saved.size < REGIONS * BYTES_EACH);
        free(saved.bytes);
        assert_same(model, model);
        model_destroy(model);
}

/* --- damage ----------------------------------------------------------------------------------------------- */

static void damaged_bytes_are_refused_or_load_something([[maybe_unused]] void **state)
{
        struct run run = run_record();
        struct reader *reader = stream_open(&run.bytes);
        struct model *model, *loaded;
        struct saved saved;
        struct event event;
        struct rng rng;

        assert_int_equal(model_create(&model).code, ERROR_OK);
        while (reader_next(reader, &event))
                assert_int_equal(model_apply(model, &event).code, ERROR_OK);
        saved = save(model);
        rng_seed(&rng, 9);
        for (size_t i = 0; i < 2000; i++) {
                size_t at = rng_below(&rng, saved.size);
                uint8_t before = saved.bytes[at];

                saved.bytes[at] = (uint8_t)rng_below(&rng, 256);
                if (!model_load_bytes(saved.bytes, saved.size, &loaded).code)
                        model_destroy(loaded);
                saved.bytes[at] = before;
        }
        assert_int_equal(model_load_bytes(saved.bytes, saved.size - 1, &loaded).code, ERROR_BAD_INPUT);
        free(saved.bytes);
        model_destroy(model);
        reader_close(reader);
        run_free(&run);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(a_run_goes_on_from_every_event),
                cmocka_unit_test(a_run_with_missing_events_goes_on_from_every_event),
                cmocka_unit_test(any_events_at_all_leave_a_state_that_can_be_saved),
                cmocka_unit_test(a_region_takes_few_bytes),
                cmocka_unit_test(damaged_bytes_are_refused_or_load_something),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
