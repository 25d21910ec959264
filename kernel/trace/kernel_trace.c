#include "arch/clock.h"
#include "arch/uart.h"
#include "lib/error.h"
#include "trace/kernel_trace.h"
#include "trace/keyframe.h"
#include "trace/stream.h"

static void write_to_line(const void *bytes, size_t length)
{
        uart_write(UART_TRACE, bytes, length);
}

extern const char kernel_text_start[], kernel_text_end[];      /* from the linker script */

static struct stream line = { .write = write_to_line, .now = clock_ticks };
static bool started;

void trace_emit(enum trace_event event, const uint64_t *fields)
{
        if (started)
                stream_emit(&line, event, fields);
}

void error_raised(struct error error)
{
        trace_error_raised((enum error_code)error.code, error.file, error.line);
}

uint64_t trace_event_number(void)
{
        return line.number;
}

/* Names the kernel that runs: the checksum of its code. */
static const char *build_id(void)
{
        static char id[] = "understory-00000000";
        uint32_t checksum = frame_checksum((const uint8_t *)kernel_text_start, (size_t)(kernel_text_end - kernel_text_start));

        for (int i = 0; i < 8; i++)
                id[sizeof id - 2 - i] = "0123456789abcdef"[checksum >> 4 * i & 15];
        return id;
}

void trace_start(void)
{
        if (!TRACE)
                return;
        stream_begin(&line, &(struct stream_facts){
                .build = build_id(),
                .cpus = 1,
                .ticks = clock_ticks(),
                .ticks_per_second = clock_ticks_per_second(),
                .files = __start_file_names,
                .files_end = __stop_file_names,
        });
        started = true;
}

/* The end event counts itself. */
static void send_end(enum verdict verdict)
{
        trace_clock(clock_ticks(), clock_ticks_per_second());
        trace_end(line.number + 1, line.dropped, verdict);
        stream_flush(&line);
        uart_drain(UART_TRACE);
        started = false;
}

void trace_finish(enum verdict verdict)
{
        if (!started)
                return;
        keyframe_send();
        send_end(verdict);
}

/*
 * The panic may have struck in the middle of an event or of a frame's bytes: a zero byte ends whatever is on the line,
 * and the events of the frame that were complete are sent before the message.
 */
void trace_panic(const char *message)
{
        if (!started)
                return;
        line.write("", 1);
        stream_flush(&line);
        trace_panicked(message);
        send_end(VERDICT_FAILED);
}
