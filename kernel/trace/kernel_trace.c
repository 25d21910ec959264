#include "trace/kernel_trace.h"
#include "arch/clock.h"
#include "arch/cpu.h"
#include "arch/this_cpu.h"
#include "arch/uart.h"
#include "lib/printf.h"
#include "lib/string.h"
#include "trace/choice.h"
#include "trace/stream.h"

static struct stream streams[CPUS_MOST];
static bool started, line_is_taken;

/* One frame at a time. It is no spinlock, since those emit events themselves. */
static void write_to_line(const void *bytes, size_t length)
{
        while (__atomic_exchange_n(&line_is_taken, true, __ATOMIC_ACQUIRE))
                cpu_relax();
        uart_write(UART_TRACE, bytes, length);
        __atomic_store_n(&line_is_taken, false, __ATOMIC_RELEASE);
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

void trace_emit(enum trace_event event, const uint64_t *fields)
{
        if (!started || !(chosen >> category_of[event] & 1))
                return;
        stream_emit(&streams[this_cpu_index()], event, fields);
        choice_point();
}

void error_raised(struct error error)
{
        trace_error_raised((enum error_code)error.code, error.file, error.line);
}

void trace_tick(void)
{
        if (started)
                stream_tick(&streams[this_cpu_index()]);
}

uint64_t trace_event_number(void)
{
        return streams[this_cpu_index()].number;
}

void trace_start(const void *code, size_t size)
{
        if (!TRACE)
                return;
        char build[32];
        format(build, sizeof build, "understory-%08x", frame_checksum(code, size));
        for (unsigned cpu = 0; cpu < CPUS_MOST; cpu++)
                streams[cpu] = (struct stream){ .write = write_to_line, .now = clock_ticks, .cpu = cpu };
        stream_begin(&streams[0], build, CPUS_MOST, clock_measure(clock_ticks));
        started = true;
}

void trace_flush(void)
{
        if (!started)
                return;
        for (unsigned cpu = 0; cpu < CPUS_MOST; cpu++)
                stream_flush(&streams[cpu]);
}

static void send_end(enum verdict verdict)
{
        trace_clock(clock_ticks(), clock_measure(clock_ticks));
        trace_flush();
        uint64_t events = 1;                    /* the end event counts itself */
        for (unsigned cpu = 0; cpu < CPUS_MOST; cpu++)
                events += streams[cpu].number;
        trace_end(events, 0, verdict);
        stream_flush(&streams[this_cpu_index()]);
        uart_drain(UART_TRACE);
        started = false;
}

void trace_finish(enum verdict verdict)
{
        if (started)
                send_end(verdict);
}

/*
 * The panic may have struck in the middle of an event or of a frame's bytes, on any processor: the lock of the line is
 * broken, and a zero byte ends whatever is on it. The events of each frame that were complete are sent.
 */
void trace_panic(const char *message)
{
        if (!started)
                return;
        line_is_taken = false;
        write_to_line("", 1);
        stream_flush(&streams[this_cpu_index()]);
        trace_panicked(message);
        send_end(VERDICT_FAILED);
}
