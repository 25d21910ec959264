#include "trace/kernel_trace.h"
#include "arch/clock.h"
#include "arch/this_cpu.h"
#include "lib/printf.h"
#include "lib/string.h"
#include "trace/choice.h"
#include "trace/frame.h"
#include "trace/gate.h"
#include "trace/line.h"
#include "trace/stream.h"

static struct stream streams[CPUS_MOST] = { [0 ... CPUS_MOST - 1] = { .gate_at = UINT64_MAX } };
static char build[32];
static struct stream_facts facts = { .build = build, .cpus = CPUS_MOST };
static enum line_room room;
static bool started;

/* Where an encoder's finished frames go. A keyframe waits for room in either mode. Commands are read as often. */
static bool write_frame(struct stream *stream, const void *bytes, size_t length)
{
        const bool is_taken = line_put(stream->cpu, bytes, length, stream->holds_keyframe ? WAIT_FOR_ROOM : room);

        if (line_has_input())
                gate_serve(stream->cpu);
        return is_taken;
}

void trace_send_note(unsigned cpu, uint8_t body[TRACE_NOTE_ROOM], size_t length)
{
        uint8_t encoded[TRACE_NOTE_ROOM];

        line_put(cpu, encoded, frame_encode(encoded, body, length), room);
}

enum category {
#define CATEGORY(name, text) CATEGORY_##name,
#include "trace/events.def"
        CATEGORY_COUNT
};

static const uint8_t category_of[EVENT_COUNT] = {
#define EVENT(name, category, ...) [EVENT_##name] = CATEGORY_##category,
#include "trace/events.def"
};

static const char *const category_name[] = {
#define CATEGORY(name, text) #name,
#include "trace/events.def"
};

/* Sets of categories. Those that are wanted are chosen, and the trace says so, just before the next event. */
enum { ALL_BUT_LOCKS = (1 << CATEGORY_COUNT) - 1 - (1 << CATEGORY_lock) };
static uint32_t chosen = ALL_BUT_LOCKS, wanted = ALL_BUT_LOCKS;

/* 0 if there is none of this name. */
static uint32_t category_bit(const char *name, size_t length)
{
        for (size_t i = 0; i < sizeof category_name / sizeof *category_name; i++) {
                if (strlen(category_name[i]) == length && !strncmp(category_name[i], name, length))
                        return (uint32_t)1 << i;
        }
        return 0;
}

bool trace_choose(const char *categories)
{
        uint32_t changed = wanted;
        for (const char *word = categories, *end; *word; word = *end ? end + 1 : end) {
                end = strchr(word, ',') ? strchr(word, ',') : word + strlen(word);
                const char *name = word + (*word == '+' || *word == '-');
                const uint32_t bit = category_bit(name, (size_t)(end - name));
                if (!bit)
                        return false;
                changed = *word == '-' ? changed & ~bit : changed | bit;
        }
        wanted = changed;
        return true;
}

bool trace_has_locks(void)
{
        return started && chosen >> CATEGORY_lock & 1;
}

uint64_t trace_ticks_without_emitting(void)
{
        return clock_ticks() - this_cpu()->emit_ticks;
}

static void emit_categories(uint32_t categories)
{
        struct stream *stream = &streams[this_cpu_index()];

        stream_emit(stream, EVENT_categories_chosen, &(uint64_t){ categories });
        stream->holds_keyframe = true;
}

/*
 * Another processor may send an event by the old choice, or leave one out, until it sees the new one. So meanwhile only
 * those of both are promised.
 */
static __attribute__((noinline)) void take_choice(void)
{
        static bool is_changing;

        if (__atomic_test_and_set(&is_changing, __ATOMIC_ACQUIRE))
                return;
        const uint32_t next = wanted;
        emit_categories(chosen & next);
        __atomic_store_n(&chosen, next, __ATOMIC_SEQ_CST);
        emit_categories(next);
        __atomic_clear(&is_changing, __ATOMIC_RELEASE);
}

void trace_show_categories(void)
{
        emit_categories(chosen);
}

void trace_emit(enum trace_event event, const uint64_t *fields)
{
        if (!started)
                return;
        if (chosen != wanted)
                take_choice();
        struct stream *stream = &streams[this_cpu_index()];

        if (!(chosen >> category_of[event] & 1)) {
                /* The operation's end may not be sent, either; and what is left of it comes after the choice. */
                stream->in_operation &= category_of[event] != CATEGORY_tree && category_of[event] != CATEGORY_region;
                choice_point();
                return;
        }
        const bool measure = trace_has_locks();
        const uint64_t start = measure ? clock_ticks() : 0;

        stream_emit(stream, event, fields);
        if (category_of[event] == CATEGORY_stream)
                stream->holds_keyframe = true;
        if (stream->number >= stream->gate_at)
                gate_after_event(stream->cpu, event, fields);
        choice_point();
        if (measure)
                this_cpu()->emit_ticks += clock_ticks() - start;
}

void error_raised(struct error error)
{
        trace_error_raised((enum error_code)error.code, error.file, error.line);
}

void trace_tick(void)
{
        if (!started)
                return;
        stream_tick(&streams[this_cpu_index()]);
        line_push();
}

void trace_send_header_if_requested(void)
{
        if (gate_take_request(COMMAND_HEADER))
                stream_send_header(&streams[this_cpu_index()], &facts);
}

void trace_drain(void)
{
        trace_tick();
        if (started)
                line_drain();
}

uint64_t trace_event_number(void)
{
        return streams[this_cpu_index()].number;
}

struct stream *trace_stream(unsigned cpu)
{
        return &streams[cpu];
}

bool trace_has_room(void)
{
        return room == WAIT_FOR_ROOM || !line_bytes_waiting();
}

uint64_t trace_event_total(void)
{
        uint64_t sum = 0;

        for (unsigned cpu = 0; cpu < CPUS_MOST; cpu++)
                sum += streams[cpu].number;
        return sum;
}

void trace_start(const void *code, size_t size, enum trace_mode mode)
{
        const uint64_t ticks_per_second = clock_measure(clock_counter);

        if (!TRACE)
                return;
        line_begin(ticks_per_second);
        format(build, sizeof build, "understory-%08x", frame_checksum(code, size));
        for (unsigned cpu = 0; cpu < CPUS_MOST; cpu++)
                streams[cpu] = (struct stream){
                        .write = write_frame, .now = clock_next, .cpu = cpu, .gate_at = UINT64_MAX,
                };
        facts.mode = mode == TRACE_DISCARD ? "discard" : "lossless";
        facts.ticks = clock_next();
        facts.ticks_per_second = ticks_per_second;
        stream_begin(&streams[0], &facts);
        room = mode == TRACE_DISCARD ? NEVER_WAIT : WAIT_FOR_ROOM;
        started = true;
}

void trace_flush(void)
{
        for (unsigned cpu = 0; cpu < CPUS_MOST; cpu++)
                stream_flush(&streams[cpu]);
}

void trace_finish(enum verdict verdict)
{
        if (!started)
                return;
        room = WAIT_FOR_ROOM;
        trace_clock(clock_ticks(), clock_measure(clock_counter));
        trace_flush();
        uint64_t dropped = 0;
        for (unsigned cpu = 0; cpu < CPUS_MOST; cpu++)
                dropped += streams[cpu].dropped;
        trace_end(trace_event_total() + 1, dropped, verdict);          /* the end event counts itself */
        stream_flush(&streams[this_cpu_index()]);
        line_drain();
        started = false;
}

/*
 * The panic may have struck in the middle of an event, of a frame, or of handing one to the device, on any processor.
 * The line starts afresh; the events of each frame that were complete are sent, this processor's first.
 */
void trace_panic(const char *message)
{
        if (!started)
                return;
        line_panic();
        room = WAIT_FOR_ROOM;
        stream_flush(&streams[this_cpu_index()]);
        trace_panicked(message);
        trace_finish(VERDICT_FAILED);
}
