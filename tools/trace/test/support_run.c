#include "support_run.h"

static void work(void)
{
        struct region *region[40];
        struct rng rng;

        rng_seed(&rng, 3);
        for (size_t i = 0; i < 40; i++)
                region[i] = play_place(1 + rng_below(&rng, 6));
        for (size_t i = 0; i < 40; i += 1 + rng_below(&rng, 3)) {
                play_remove(region[i]);
                region[i] = NULL;
        }
        for (size_t i = 0; i < 12; i++)
                play_place(1 + rng_below(&rng, 4));
        assert_null(play_place(10000));
        assert_null(play_place_at(0x20000, 200));
        region_tree_find_containing(play_tree(), 0x12345);
        region_tree_find_containing(play_tree(), 0x10ffff);
}

struct run run_record(void)
{
        struct run run = { 0 };

        stream_record(&run.bytes, work);
        stream_take_apart(&run.recorded, &run.bytes);
        return run;
}

struct run run_copy(const struct run *run)
{
        struct run copy = { .recorded = { .count = run->recorded.count, .room = run->recorded.count } };

        copy.recorded.event = calloc(copy.recorded.room, sizeof *copy.recorded.event);
        assert_non_null(copy.recorded.event);
        memcpy(copy.recorded.event, run->recorded.event, copy.recorded.count * sizeof *copy.recorded.event);
        return copy;
}

void run_free(struct run *run)
{
        bytes_free(&run->bytes);
        recorded_free(&run->recorded);
}

/* --- checking --------------------------------------------------------------------------------------------- */

struct check *check_bytes(const struct bytes *bytes)
{
        struct reader *reader = stream_open(bytes);
        struct check *check;
        struct event event;

        assert_int_equal(check_create(EVERY_EVENT_COUNTS, &check).code, ERROR_OK);
        while (reader_next(reader, &event))
                assert_int_equal(check_event(check, &event).code, ERROR_OK);
        assert_int_equal(check_finish(check, reader).code, ERROR_OK);
        reader_close(reader);
        return check;
}

void assert_passes(const struct bytes *bytes)
{
        struct check *check = check_bytes(bytes);

        if (check_findings(check))
                fail_msg("%s", check_finding(check, 0)->words);
        check_destroy(check);
}

void assert_finds(const struct bytes *bytes, uint64_t event, const char *words)
{
        struct check *check = check_bytes(bytes);
        const struct finding *finding = check_finding(check, 0);

        if (!finding)
                fail_msg("nothing was found, but expected: %s", words);
        if (!strstr(finding->words, words))
                fail_msg("expected \"%s\" in: %s", words, finding->words);
        if (finding->event != event)
                fail_msg("expected at event %lu: %s", (unsigned long)event, finding->words);
        check_destroy(check);
}

void run_assert_finds(struct run *run, size_t position, const char *words)
{
        stream_put_together(&run->bytes, &run->recorded);
        assert_finds(&run->bytes, position + 1, words);
        run_free(run);
}

uint64_t *run_field(struct run *run, size_t position, size_t i)
{
        return &run->recorded.event[position].field[i];
}

size_t run_end_of(const struct run *run, size_t position)
{
        return recorded_next(&run->recorded, EVENT_tree_end, position);
}

bool is_about_loss(const struct finding *finding)
{
        static const char *const fine[] = {
                " missing; unknown from there", " missing, the last of a cpu", "thrown away",
                "the stream was cut short", "the counter of dropped events goes back",
        };

        for (size_t i = 0; i < sizeof fine / sizeof *fine; i++)
                if (strstr(finding->words, fine[i]))
                        return true;
        return false;
}
