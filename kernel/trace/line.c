#include "trace/line.h"
#include "arch/clock.h"
#include "arch/cpu.h"
#include "arch/this_cpu.h"
#include "arch/uart.h"
#include "arch/virtio_serial.h"
#include "lib/string.h"

/* A device's system call costs as much as encoding a thousand events: so it gets 16 KiB at a time where it can. */
enum { RING_SIZE = 64 << 10, WORTH_PUSHING = 16 << 10 };
enum { PATIENCE_SECONDS = 10 };

/* Positions count bytes since the start; a byte's place in the ring is its position modulo the size. */
struct ring {
        uint64_t put;                           /* written by the owner alone */
        uint64_t handed, sent;                  /* written by the processor that holds the line */
        uint8_t bytes[RING_SIZE];
} __attribute__((aligned(64)));

static struct ring rings[CPUS_MOST];
static enum line_transport transport = TRANSPORT_UART;
static uint64_t patience = UINT64_MAX;         /* in ticks; unknown before line_begin() */

/* No spinlock: those emit events themselves. */
static bool line_is_held;

static bool try_hold(void)
{
        return !__atomic_exchange_n(&line_is_held, true, __ATOMIC_ACQUIRE);
}

static void hold(void)
{
        while (!try_hold())
                cpu_relax();
}

static void let_go(void)
{
        __atomic_store_n(&line_is_held, false, __ATOMIC_RELEASE);
}

/* How many bytes from one position to another lie together, up to the ring's end. */
static size_t contiguous(uint64_t from, uint64_t to)
{
        const size_t until_end = RING_SIZE - from % RING_SIZE;

        return to - from < until_end ? to - from : until_end;
}

static uint64_t put_position(const struct ring *ring)
{
        return __atomic_load_n(&ring->put, __ATOMIC_ACQUIRE);
}

static void set_sent(struct ring *ring, uint64_t position)
{
        __atomic_store_n(&ring->sent, position, __ATOMIC_RELEASE);
}

/* --- the UART --------------------------------------------------------------------------------------------- */

/* False if the UART takes nothing. */
static bool push_to_uart(struct ring *ring)
{
        const uint64_t end = put_position(ring);

        while (ring->sent != end) {
                const size_t length = contiguous(ring->sent, end);

                if (!uart_write(UART_TRACE, ring->bytes + ring->sent % RING_SIZE, length))
                        return false;
                ring->handed = ring->sent + length;
                set_sent(ring, ring->handed);
        }
        return true;
}

/* --- the virtio port -------------------------------------------------------------------------------------- */

/* Whose bytes are in flight, the oldest first. The device takes them in that order. */
static struct {
        struct ring *ring;
        size_t length;
} in_flight[VIRTIO_SERIAL_IN_FLIGHT];
static unsigned flights_begun, flights_ended;
static uint64_t bytes_ended;                    /* of all flights that have */

static void note_what_was_sent(void)
{
        const uint64_t sent = virtio_serial_sent();

        while (flights_ended != flights_begun) {
                const unsigned oldest = flights_ended % VIRTIO_SERIAL_IN_FLIGHT;

                if (bytes_ended + in_flight[oldest].length > sent)
                        return;
                bytes_ended += in_flight[oldest].length;
                set_sent(in_flight[oldest].ring, in_flight[oldest].ring->sent + in_flight[oldest].length);
                flights_ended++;
        }
}

static void push_to_virtio(struct ring *ring)
{
        const uint64_t end = put_position(ring);

        while (ring->handed != end && flights_begun - flights_ended < VIRTIO_SERIAL_IN_FLIGHT) {
                const size_t length = contiguous(ring->handed, end);

                if (!virtio_serial_send(ring->bytes + ring->handed % RING_SIZE, length))
                        return;
                in_flight[flights_begun % VIRTIO_SERIAL_IN_FLIGHT].ring = ring;
                in_flight[flights_begun % VIRTIO_SERIAL_IN_FLIGHT].length = length;
                flights_begun++;
                ring->handed += length;
        }
}

/* What has not been sent must be handed over again, on another transport. */
static void forget_flights(void)
{
        flights_ended = flights_begun;
        for (unsigned cpu = 0; cpu < CPUS_MOST; cpu++)
                rings[cpu].handed = rings[cpu].sent;
}

/* --- any transport ---------------------------------------------------------------------------------------- */

/* Straight to the console's UART: its lock, like any spinlock, would emit events. */
static void say(const char *message)
{
        uart_write(UART_CONSOLE, message, strlen(message));
}

/* The next transport that may still work takes over. */
static void give_up_transport(void)
{
        if (transport == TRANSPORT_VIRTIO) {
                say("trace: the virtio serial port does not work any more; the rest goes to the UART\n");
                virtio_serial_abandon();
                forget_flights();
                transport = TRANSPORT_UART;
                uart_write(UART_TRACE, "", 1);  /* ends whatever frame the device left half sent */
        } else {
                say("trace: nobody takes what the trace line sends; the trace ends here\n");
                transport = TRANSPORT_NONE;
        }
}

static void push_all_to_virtio(void)
{
        note_what_was_sent();
        for (unsigned cpu = 0; cpu < CPUS_MOST; cpu++)
                push_to_virtio(&rings[cpu]);
        virtio_serial_notify();
        note_what_was_sent();
        if (!virtio_serial_works())
                give_up_transport();
}

static void push_all_to_uart(void)
{
        for (unsigned cpu = 0; cpu < CPUS_MOST; cpu++) {
                if (!push_to_uart(&rings[cpu])) {
                        give_up_transport();
                        return;
                }
        }
}

static void throw_all_away(void)
{
        for (unsigned cpu = 0; cpu < CPUS_MOST; cpu++) {
                rings[cpu].handed = put_position(&rings[cpu]);
                set_sent(&rings[cpu], rings[cpu].handed);
        }
}

/* Hands over what lies in all rings, as far as there is room now. The line must be held. */
static void push_all(void)
{
        switch (transport) {
        case TRANSPORT_VIRTIO:
                push_all_to_virtio();
                break;
        case TRANSPORT_UART:
                push_all_to_uart();
                break;
        case TRANSPORT_NONE:
                throw_all_away();
                break;
        }
}

static uint64_t bytes_sent(void)
{
        uint64_t sum = 0;

        for (unsigned cpu = 0; cpu < CPUS_MOST; cpu++)
                sum += rings[cpu].sent;
        return sum;
}

/* Bytes that lie in all rings and are not sent. */
static uint64_t bytes_waiting(void)
{
        uint64_t sum = 0;

        for (unsigned cpu = 0; cpu < CPUS_MOST; cpu++)
                sum += put_position(&rings[cpu]);
        return sum - bytes_sent();
}

static bool has_room(unsigned cpu, size_t length)
{
        const struct ring *ring = &rings[cpu];

        return RING_SIZE - (ring->put - __atomic_load_n(&ring->sent, __ATOMIC_ACQUIRE)) >= length;
}

/*
 * Pushes until this processor's ring has room for `length` bytes, or, if that is 0, until all rings are empty. A
 * transport that takes nothing for too long is given up; then the next one is tried, and the last one takes everything.
 * The line must be held.
 */
static void push_until_room(unsigned cpu, size_t length)
{
        uint64_t last = bytes_sent(), since = clock_ticks();

        for (;;) {
                push_all();
                if (length ? has_room(cpu, length) : !bytes_waiting())
                        return;
                cpu_relax();
                if (bytes_sent() != last) {
                        last = bytes_sent();
                        since = clock_ticks();
                } else if (clock_ticks() - since > patience) {
                        give_up_transport();
                        since = clock_ticks();
                }
        }
}

/* --- what the rest of the kernel calls -------------------------------------------------------------------- */

void line_begin(uint64_t ticks_per_second)
{
        patience = ticks_per_second * PATIENCE_SECONDS;
}

bool line_start_virtio(void *(*map)(uintptr_t physical))
{
        if (!virtio_serial_start(map))
                return false;
        if (bytes_sent())               /* some of the stream went out there: all that was put before now follows it */
                line_drain();
        transport = TRANSPORT_VIRTIO;
        return true;
}

enum line_transport line_transport(void)
{
        return transport;
}

static void copy_into(struct ring *ring, const uint8_t *bytes, size_t length)
{
        const size_t first = contiguous(ring->put, ring->put + length);

        memcpy(ring->bytes + ring->put % RING_SIZE, bytes, first);
        memcpy(ring->bytes, bytes + first, length - first);
        __atomic_store_n(&ring->put, ring->put + length, __ATOMIC_RELEASE);
}

bool line_put(unsigned cpu, const void *frame, size_t length, enum line_room room)
{
        struct ring *ring = &rings[cpu];

        if (transport == TRANSPORT_NONE)
                return false;
        if (!has_room(cpu, length)) {
                if (room == NEVER_WAIT) {
                        line_push();
                        if (!has_room(cpu, length))
                                return false;
                } else {
                        hold();
                        push_until_room(cpu, length);
                        let_go();
                }
        }
        copy_into(ring, frame, length);
        if (ring->put - ring->handed >= WORTH_PUSHING)
                line_push();
        return true;
}

void line_push(void)
{
        if (!try_hold())
                return;
        push_all();
        let_go();
}

void line_drain(void)
{
        hold();
        push_until_room(0, 0);
        if (transport == TRANSPORT_UART)
                uart_drain(UART_TRACE);
        let_go();
}

void line_panic(void)
{
        line_is_held = true;
        if (transport == TRANSPORT_VIRTIO) {
                virtio_serial_abandon();        /* what it has confirmed since we last looked is sent again: no harm */
                forget_flights();
                transport = TRANSPORT_UART;
        }
        if (transport == TRANSPORT_UART)
                uart_write(UART_TRACE, "", 1);  /* ends whatever lies on the line */
        let_go();
}
