#include "trace/kernel_trace.h"
#include "arch/clock.h"
#include "arch/cpu.h"
#include "arch/this_cpu.h"
#include "lib/printf.h"
#include "lib/string.h"
#include "trace/choice.h"
#include "trace/line.h"
#include "trace/stream.h"

static struct stream streams[CPUS_MOST];
static enum line_room room;
static bool started;

/* Where an encoder's finished frames go. A keyframe waits for room in either mode. */
static bool write_frame(struct stream *stream, const void *bytes, size_t length)
{
        return line_put(stream->cpu, bytes, length, stream->holds_keyframe ? WAIT_FOR_ROOM : room);
}

enum category {
#define CATEGORY(name, text) CATEGORY_##name,
#include "trace/events.def"
};

static const uint8_t category_of[EVENT_COUNT] = {
#define EVENT(name, category, ...) [EVENT_##name] = CATEGORY_##category,
#include "trace/events.def"
};

static const char *const category_name[] = {
#define CATEGORY(name, text) #name,
#include "trace/events.def"
};

static uint32_t chosen = ~((uint32_t)1 << CATEGORY_lock);

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
        uint32_t wanted = chosen;
        for (const char *word = categories, *end; *word; word = *end ? end + 1 : end) {
                end = strchr(word, ',') ? strchr(word, ',') : word + strlen(word);
                const char *name = word + (*word == '+' || *word == '-');
                const uint32_t bit = category_bit(name, (size_t)(end - name));
                if (!bit)
                        return false;
                wanted = *word == '-' ? wanted & ~bit : wanted | bit;
        }
        chosen = wanted;
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

void trace_emit(enum trace_event event, const uint64_t *fields)
{
        if (!started || !(chosen >> category_of[event] & 1))
                return;
        const bool measure = trace_has_locks();
        const uint64_t start = measure ? clock_ticks() : 0;
        struct stream *stream = &streams[this_cpu_index()];

        stream_emit(stream, event, fields);
        if (category_of[event] == CATEGORY_stream)
                stream->holds_keyframe = true;
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

void trace_drain(void)
{
        if (!started)
                return;
        stream_tick(&streams[this_cpu_index()]);
        line_drain();
}

uint64_t trace_event_number(void)
{
        return streams[this_cpu_index()].number;
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
        const uint64_t ticks_per_second = clock_measure(clock_ticks);
        char build[32];

        if (!TRACE)
                return;
        line_begin(ticks_per_second);
        format(build, sizeof build, "understory-%08x", frame_checksum(code, size));
        for (unsigned cpu = 0; cpu < CPUS_MOST; cpu++)
                streams[cpu] = (struct stream){ .write = write_frame, .now = clock_ticks, .cpu = cpu };
        stream_begin(&streams[0], &(struct stream_facts){
                .build = build,
                .mode = mode == TRACE_DISCARD ? "discard" : "lossless",
                .cpus = CPUS_MOST,
                .ticks_per_second = ticks_per_second,
        });
        room = mode == TRACE_DISCARD ? NEVER_WAIT : WAIT_FOR_ROOM;
        started = true;
}

void trace_flush(void)
{
        if (!started)
                return;
        for (unsigned cpu = 0; cpu < CPUS_MOST; cpu++)
                stream_flush(&streams[cpu]);
}

void trace_finish(enum verdict verdict)
{
        if (!started)
                return;
        room = WAIT_FOR_ROOM;
        trace_clock(clock_ticks(), clock_measure(clock_ticks));
        trace_flush();
        const uint64_t events = trace_event_total() + 1;        /* the end event counts itself */
        uint64_t dropped = 0;
        for (unsigned cpu = 0; cpu < CPUS_MOST; cpu++)
                dropped += streams[cpu].dropped;
        trace_end(events, dropped, verdict);
        stream_flush(&streams[this_cpu_index()]);
        line_drain();
        started = false;
}

/*
 * The panic may have struck in the middle of an event, of a frame, or of handing one to the device, on any processor. The
 * line starts afresh; the events of each frame that were complete are sent, this processor's first.
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
