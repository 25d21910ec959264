/*
 * A stream that was damaged on its way: never a crash, never silence, and nothing is called wrong that is only unknown.
 *
 *      test_damage                     some positions of a small stream, some random damages of one of 64 KiB
 *      test_damage N [PART PARTS]      every position, and N random damages; or one of several parts of that, for a
 *                                      processor each
 *
 * Each damage has a seed of its own, its number, whatever the part: so one that fails can be looked at by itself.
 */
#include "support_run.h"

#include <inttypes.h>
#include <stdio.h>

static uint64_t position_step = 61;             /* how many positions of the small stream are damaged: one of so many */
static uint64_t random_damages = 150;
static uint64_t part, parts = 1;                /* the damages of this run: those whose number leaves this rest */

/* --- streams ---------------------------------------------------------------------------------------------- */

static void work_on_two_cpus(uint64_t operations)
{
        struct region *region[24] = { 0 };
        struct rng rng;

        rng_seed(&rng, 11);
        for (uint64_t i = 0; i < operations; i++) {
                struct region **at = &region[rng_below(&rng, 24)];

                play_on((unsigned)rng_below(&rng, 2));
                if (*at)
                        play_remove(*at);
                *at = *at ? NULL : play_place(1 + rng_below(&rng, 5));
                if (i % 128 == 127)
                        keyframe_send();
        }
}

static void a_little(void)
{
        work_on_two_cpus(20);
}

static void much(void)
{
        work_on_two_cpus(1100);
}

/* --- damage ----------------------------------------------------------------------------------------------- */

enum damage { FLIP, DROP, DOUBLE, DAMAGES };

/* The stream with the byte at a position damaged; its bits are flipped by a mask that is not 0. */
static void damage(struct bytes *out, const struct bytes *from, size_t position, enum damage kind, uint8_t mask)
{
        const uint8_t flipped = from->at[position] ^ mask;

        out->length = 0;
        if (position || kind == DOUBLE)
                bytes_add(out, from->at, position + (kind == DOUBLE));
        if (kind == FLIP)
                bytes_add(out, &flipped, 1);
        bytes_add(out, from->at + position + (kind != DOUBLE), from->length - position - (kind != DOUBLE));
}

/* Whether the damage shows. A byte between frames that comes or goes loses nothing: then the whole stream passes. */
static void judge(const struct bytes *damaged, uint64_t events, const char *what)
{
        struct source source;
        struct reader *reader;
        struct check *check;
        struct event event;

        assert_int_equal(source_of_memory(damaged->at, damaged->length, &source).code, ERROR_OK);
        if (reader_open_source(source, "damaged", &reader).code)
                return;                         /* the header cannot be read, and a message says so */
        assert_int_equal(check_create(EVERY_EVENT_COUNTS, &check).code, ERROR_OK);
        while (reader_next(reader, &event))
                assert_int_equal(check_event(check, &event).code, ERROR_OK);
        assert_int_equal(check_finish(check, reader).code, ERROR_OK);
        for (size_t i = 0; check_finding(check, i); i++)
                if (!is_about_loss(check_finding(check, i)))
                        fail_msg("%s: %s", what, check_finding(check, i)->words);
        if (!check_findings(check) && reader_totals(reader).events != events)
                fail_msg("%s: %" PRIu64 " of %" PRIu64 " events are there, and nothing is said", what,
                         reader_totals(reader).events, events);
        reader_close(reader);
        check_destroy(check);
}

static uint64_t events_of(const struct bytes *bytes)
{
        struct reader *reader = stream_open(bytes);
        struct event event;
        uint64_t events = 0;

        while (reader_next(reader, &event))
                events++;
        reader_close(reader);
        return events;
}

static void a_byte_that_is_damaged_anywhere_shows([[maybe_unused]] void **state)
{
        static const char *const kind_name[] = { "flipped", "dropped", "doubled" };
        struct bytes stream = { 0 }, damaged = { 0 };
        uint64_t events;
        char what[64];

        stream_record(&stream, a_little);
        assert_passes(&stream);
        events = events_of(&stream);
        for (size_t position = part * position_step; position < stream.length; position += parts * position_step) {
                for (enum damage kind = FLIP; kind < DAMAGES; kind++) {
                        snprintf(what, sizeof what, "byte %zu %s", position, kind_name[kind]);
                        damage(&damaged, &stream, position, kind, (uint8_t)(1 << position % 8));
                        judge(&damaged, events, what);
                }
        }
        bytes_free(&stream);
        bytes_free(&damaged);
}

/* One to four bytes at once: a part of the stream, or bytes far from each other. */
static void damage_at_random(struct bytes *damaged, const struct bytes *stream, struct rng *rng)
{
        struct bytes before = { 0 };
        uint64_t count = 1 + rng_below(rng, 4);

        bytes_add(&before, stream->at, stream->length);
        while (count--) {
                damage(damaged, &before, rng_below(rng, before.length), (enum damage)rng_below(rng, DAMAGES),
                       (uint8_t)(1 + rng_below(rng, 255)));
                before.length = 0;
                bytes_add(&before, damaged->at, damaged->length);
        }
        bytes_free(&before);
}

/* A part of the stream never arrives. */
static void leave_out_at_random(struct bytes *damaged, const struct bytes *stream, struct rng *rng)
{
        size_t length = 1 + rng_below(rng, stream->length / 8);
        size_t position = rng_below(rng, stream->length - length);

        damaged->length = 0;
        bytes_add(damaged, stream->at, position);
        bytes_add(damaged, stream->at + position + length, stream->length - position - length);
}

static void bytes_that_are_damaged_at_random_show([[maybe_unused]] void **state)
{
        struct bytes stream = { 0 }, damaged = { 0 };
        uint64_t events;
        struct rng rng;
        char what[64];

        stream_record(&stream, much);
        assert_true(stream.length >= 64 << 10);
        assert_passes(&stream);
        events = events_of(&stream);
        for (uint64_t i = part; i < random_damages; i += parts) {
                rng_seed(&rng, i);
                if (i % 4)
                        damage_at_random(&damaged, &stream, &rng);
                else
                        leave_out_at_random(&damaged, &stream, &rng);
                snprintf(what, sizeof what, "damage %" PRIu64, i);
                judge(&damaged, events, what);
        }
        bytes_free(&stream);
        bytes_free(&damaged);
}

int main(int argc, char **argv)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(a_byte_that_is_damaged_anywhere_shows),
                cmocka_unit_test(bytes_that_are_damaged_at_random_show),
        };

        if (argc > 1) {
                position_step = 1;
                random_damages = strtoull(argv[1], NULL, 10);
        }
        if (argc > 3) {
                part = strtoull(argv[2], NULL, 10);
                parts = strtoull(argv[3], NULL, 10);
        }
        return cmocka_run_group_tests(tests, NULL, NULL);
}
