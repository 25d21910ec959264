/*
 * The reader brings the events of several cpus into one order, whatever order their frames arrive in. With a folder as
 * argument this tests nothing, and leaves a recording of four cpus there for other tests.
 */
#include "support_stream.h"

#include <stdio.h>

enum { CPUS = 4, STEPS = 4000, LATE_CPU = 2, LATE_STEP = 1500 };

/* What was emitted, in the order of the format: by time, then by cpu, and each cpu's in its own order. */
struct emitted {
        uint64_t ticks, number, serial;
        unsigned cpu;
        bool in_operation, seen;
};

static struct emitted emitted[STEPS * 8];
static size_t emissions;

/* The line: frames as they went out, each with the cpu that sent it. */
static struct {
        struct bytes bytes;
        unsigned cpu;
} frame[STEPS * 8];
static size_t frames;
static unsigned sender;
static struct stream line[CPUS];
static uint64_t now;

static uint64_t read_clock(void)
{
        return now;
}

static bool send_frame(struct stream *, const void *bytes, size_t length)
{
        frame[frames].bytes = (struct bytes){ 0 };
        frame[frames].cpu = sender;
        bytes_add(&frame[frames++].bytes, bytes, length);
        return true;
}

static void forget_frames(void)
{
        while (frames)
                bytes_free(&frame[--frames].bytes);
}

static void emit(unsigned cpu, enum trace_event type, const uint64_t *fields, uint64_t serial)
{
        struct stream *stream = &line[cpu];
        bool in_operation = stream->in_operation;

        sender = cpu;
        stream_emit(stream, type, fields);
        emitted[emissions++] = (struct emitted){
                .ticks = stream->ticks, .number = stream->number, .serial = serial, .cpu = cpu,
                .in_operation = in_operation || stream->in_operation,
        };
}

/* A tree operation of many events, so that it may need two frames; or a single event; or a watermark. */
static void step(unsigned cpu, struct rng *rng)
{
        uint64_t visits = rng_below(rng, 5), serial = emissions;

        switch (rng_below(rng, 8)) {
        case 0:
                emit(cpu, EVENT_tree_begin, (uint64_t[EVENT_FIELDS_MAX]){ cpu + 1, serial }, serial);
                for (uint64_t i = 0; i < visits; i++)
                        emit(cpu, EVENT_tree_draw, (uint64_t[]){ cpu + 1, emissions }, emissions);
                emit(cpu, EVENT_tree_end, (uint64_t[EVENT_FIELDS_MAX]){ cpu + 1, serial }, serial);
                break;
        case 1:
                sender = cpu;
                stream_tick(&line[cpu]);
                break;
        default:
                emit(cpu, EVENT_clock, (uint64_t[]){ serial, 7 }, serial);
        }
}

static int compare(const void *a, const void *b)
{
        const struct emitted *one = a, *other = b;

        if (one->ticks != other->ticks)
                return one->ticks < other->ticks ? -1 : 1;
        if (one->cpu != other->cpu)
                return one->cpu < other->cpu ? -1 : 1;
        return one->number < other->number ? -1 : one->number > other->number;
}

/* A cpu's first frame, which goes out before anything later happens. */
static void come_up(unsigned cpu)
{
        sender = cpu;
        now++;
        stream_tick(&line[cpu]);
        now++;
}

/* Lets four cpus emit at random, one of them from late on, often at the same time. */
static void play(uint64_t seed)
{
        struct rng rng;

        rng_seed(&rng, seed);
        forget_frames();
        emissions = 0;
        now = 1000;
        for (unsigned cpu = 0; cpu < CPUS; cpu++) {
                line[cpu] = (struct stream){ .write = send_frame, .now = read_clock, .cpu = cpu };
                if (cpu != LATE_CPU)
                        come_up(cpu);
        }
        for (size_t i = 0; i < STEPS; i++) {
                unsigned cpu = (unsigned)rng_below(&rng, CPUS);

                now += rng_below(&rng, 3) * rng_below(&rng, 3);
                if (i == LATE_STEP)
                        come_up(LATE_CPU);
                if (cpu != LATE_CPU || i > LATE_STEP)
                        step(cpu, &rng);
        }
        for (sender = 0; sender < CPUS; sender++)
                stream_flush(&line[sender]);
        qsort(emitted, emissions, sizeof emitted[0], compare);
}

static void add_header(struct bytes *out)
{
        forget_frames();
        stream_begin(&(struct stream){ .write = send_frame, .now = read_clock },
                     &(struct stream_facts){ "test", "lossless", CPUS, read_clock(), 1000000000 });
        for (size_t i = 0; i < frames; i++)
                bytes_add(out, frame[i].bytes.at, frame[i].bytes.length);
        forget_frames();
}

static void make_stream(struct bytes *out, uint64_t seed)
{
        bytes_free(out);
        add_header(out);
        play(seed);
        for (size_t i = 0; i < frames; i++)
                bytes_add(out, frame[i].bytes.at, frame[i].bytes.length);
}

static uint64_t serial_of(const struct event *event)
{
        return event->type == EVENT_clock ? event->field[0] : event->field[1];
}

/* --- the order -------------------------------------------------------------------------------------------- */

static void events_of_all_cpus_come_in_order_of_time([[maybe_unused]] void **state)
{
        for (uint64_t seed = 0; seed < 50; seed++) {
                struct bytes bytes = { 0 };
                struct reader *reader;
                struct event event;

                make_stream(&bytes, seed);
                reader = stream_open(&bytes);
                for (size_t i = 0; i < emissions; i++) {
                        assert_true(reader_next(reader, &event));
                        if (serial_of(&event) != emitted[i].serial || event.cpu != emitted[i].cpu)
                                fail_msg("seed %lu: event %zu is number %lu of cpu %u", (unsigned long)seed, i + 1,
                                         (unsigned long)event.cpu_number, event.cpu);
                        assert_int_equal(event.number, i + 1);
                        assert_int_equal(event.cpu_number, emitted[i].number);
                        assert_int_equal(event.ticks, emitted[i].ticks);
                        assert_int_equal(event.missing, 0);
                }
                assert_false(reader_next(reader, &event));
                assert_int_equal(reader_totals(reader).cpus, CPUS);
                assert_int_equal(reader_totals(reader).late, 0);
                assert_null(reader_notice(reader, 0));
                reader_close(reader);
                bytes_free(&bytes);
        }
}

static void no_operation_is_interleaved([[maybe_unused]] void **state)
{
        struct bytes bytes = { 0 };
        struct reader *reader;
        struct event event;
        unsigned busy = CPUS;
        size_t ties = 0;
        uint64_t ticks = 0;

        make_stream(&bytes, 77);
        reader = stream_open(&bytes);
        while (reader_next(reader, &event)) {
                assert_true(busy == CPUS || busy == event.cpu);
                ties += event.type == EVENT_tree_begin && event.ticks == ticks;
                ticks = event.ticks;
                if (event.type == EVENT_tree_begin)
                        busy = event.cpu;
                else if (event.type == EVENT_tree_end)
                        busy = CPUS;
        }
        assert_true(ties > 20);                 /* else this has shown nothing */
        reader_close(reader);
        bytes_free(&bytes);
}

/* --- damage ----------------------------------------------------------------------------------------------- */

static struct emitted *find(unsigned cpu, uint64_t number)
{
        for (size_t i = 0; i < emissions; i++)
                if (emitted[i].cpu == cpu && emitted[i].number == number)
                        return &emitted[i];
        return NULL;
}

/* What is given out must be what was emitted, in order, each once; and what is not must be told of. */
static void assert_sound(const struct bytes *bytes, uint64_t *given, uint64_t *missing)
{
        struct reader *reader = stream_open(bytes);
        uint64_t number[CPUS] = { 0 }, total = 0;
        struct emitted before = { 0 };
        struct event event;

        *given = *missing = 0;
        while (reader_next(reader, &event)) {
                struct emitted *right = find(event.cpu, event.cpu_number);

                assert_non_null(right);
                assert_false(right->seen);
                assert_int_equal(serial_of(&event), right->serial);
                assert_int_equal(event.ticks, right->ticks);
                assert_int_equal(event.missing, event.cpu_number - number[event.cpu] - 1);
                assert_true(compare(&before, right) < 0);
                total += event.missing + 1;
                assert_int_equal(event.number, total);
                number[event.cpu] = event.cpu_number;
                right->seen = true;
                before = *right;
                *missing += event.missing;
                ++*given;
        }
        assert_int_equal(reader_totals(reader).events, *given);
        assert_in_range(*missing, 0, reader_totals(reader).lost);
        reader_close(reader);
}

static bool is_first(size_t i)
{
        for (size_t before = 0; before < i; before++)
                if (frame[before].cpu == frame[i].cpu)
                        return false;
        return true;
}

static void frames_that_are_missing_are_gaps_of_their_cpu_alone([[maybe_unused]] void **state)
{
        for (uint64_t seed = 100; seed < 130; seed++) {
                struct bytes bytes = { 0 };
                uint64_t given, missing;
                struct rng rng;

                rng_seed(&rng, seed);
                add_header(&bytes);
                play(seed);
                for (size_t i = 0; i < frames; i++)     /* a cpu is known from its first frame on: those arrive */
                        if (is_first(i) || rng_below(&rng, 10))
                                bytes_add(&bytes, frame[i].bytes.at, frame[i].bytes.length);
                assert_sound(&bytes, &given, &missing);
                assert_true(missing > 0);
                assert_true(given > emissions / 2);
                bytes_free(&bytes);
        }
}

static void damaged_bytes_cost_their_frames_and_no_order([[maybe_unused]] void **state)
{
        for (uint64_t seed = 200; seed < 230; seed++) {
                struct bytes bytes = { 0 };
                uint64_t given, missing;
                struct rng rng;
                size_t header;

                rng_seed(&rng, seed);
                add_header(&bytes);
                header = bytes.length;
                play(seed);
                for (size_t i = 0; i < frames; i++)
                        bytes_add(&bytes, frame[i].bytes.at, frame[i].bytes.length);
                for (int flips = 0; flips < 10; flips++) {
                        size_t at = header + rng_below(&rng, bytes.length - header);

                        bytes.at[at] ^= (uint8_t)(1 + rng_below(&rng, 255));
                }
                assert_sound(&bytes, &given, &missing);
                assert_true(given > emissions / 2);
                bytes_free(&bytes);
        }
}

static void a_stream_may_be_cut_anywhere([[maybe_unused]] void **state)
{
        for (uint64_t seed = 300; seed < 330; seed++) {
                struct bytes bytes = { 0 };
                uint64_t given, missing;
                struct rng rng;
                size_t header;

                rng_seed(&rng, seed);
                add_header(&bytes);
                header = bytes.length;
                play(seed);
                for (size_t i = 0; i < frames; i++)
                        bytes_add(&bytes, frame[i].bytes.at, frame[i].bytes.length);
                bytes.length = header + rng_below(&rng, bytes.length - header);
                assert_sound(&bytes, &given, &missing);
                assert_int_equal(missing, 0);
                bytes_free(&bytes);
        }
}

static void a_frame_sent_twice_is_skipped_and_counted([[maybe_unused]] void **state)
{
        struct bytes bytes = { 0 };
        struct reader *reader;
        uint64_t given, missing;
        struct event event;
        size_t twice = 0;

        add_header(&bytes);
        play(5);
        for (size_t i = 0; i < frames; i++) {
                bytes_add(&bytes, frame[i].bytes.at, frame[i].bytes.length);
                if (i % 7 == 0) {
                        bytes_add(&bytes, frame[i].bytes.at, frame[i].bytes.length);
                        twice++;
                }
        }
        assert_sound(&bytes, &given, &missing);
        assert_int_equal(given, emissions);
        assert_int_equal(missing, 0);
        reader = stream_open(&bytes);
        while (reader_next(reader, &event))
                continue;
        assert_in_range(reader_totals(reader).repeated, twice / 2, twice);      /* the rest were watermarks */
        reader_close(reader);
        bytes_free(&bytes);
}

static int leave_recording(const char *folder)
{
        struct bytes bytes = { 0 };
        char path[4096];
        FILE *file;

        make_stream(&bytes, 1);
        snprintf(path, sizeof path, "%s/four-cpus.rtrace", folder);
        file = fopen(path, "wb");
        if (!file || fwrite(bytes.at, bytes.length, 1, file) != 1 || fclose(file)) {
                perror(path);
                return 2;
        }
        bytes_free(&bytes);
        forget_frames();
        return 0;
}

int main(int argc, char **argv)
{
        static const struct CMUnitTest tests[] = {
                cmocka_unit_test(events_of_all_cpus_come_in_order_of_time),
                cmocka_unit_test(no_operation_is_interleaved),
                cmocka_unit_test(frames_that_are_missing_are_gaps_of_their_cpu_alone),
                cmocka_unit_test(damaged_bytes_cost_their_frames_and_no_order),
                cmocka_unit_test(a_stream_may_be_cut_anywhere),
                cmocka_unit_test(a_frame_sent_twice_is_skipped_and_counted),
        };
        int failures;

        if (argc == 2)
                return leave_recording(argv[1]);
        failures = cmocka_run_group_tests(tests, NULL, NULL);
        forget_frames();
        return failures;
}
