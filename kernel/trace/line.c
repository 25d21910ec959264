#include "trace/line.h"
#include "arch/clock.h"
#include "arch/this_cpu.h"
#include "arch/uart.h"
#include "arch/virtio_serial.h"
#include "lib/string.h"

/* QEMU makes a system call for each piece, as costly as encoding a thousand events: so it gets 16 KiB if possible. */
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

/*
 * Frees what a device has taken, up to a position: whole frames only. A frame ends with the only zero byte in it. So a
 * frame that was cut can always be sent again, from its beginning.
 */
static void note_sent(struct ring *ring, uint64_t position)
{
        while (position != ring->sent && ring->bytes[(position - 1) % RING_SIZE] != 0)
                position--;
        __atomic_store_n(&ring->sent, position, __ATOMIC_RELEASE);
}

/* --- what the device has ---------------------------------------------------------------------------------- */

/* A zero byte is due, which ends whatever lies on the UART's line: what follows begins with a whole frame. */
static bool uart_needs_zero;

/* What is in flight to the virtio port, the oldest first. The device takes it in that order. */
static struct flight {
        struct ring *ring;
        uint64_t end;                           /* position in the ring */
} in_flight[VIRTIO_SERIAL_IN_FLIGHT];
static uint64_t flights_begun, flights_ended;

static void note_ended_flights(void)
{
        const uint64_t sent = virtio_serial_sent();

        for (; flights_ended < sent; flights_ended++) {
                const struct flight *oldest = &in_flight[flights_ended % VIRTIO_SERIAL_IN_FLIGHT];
                note_sent(oldest->ring, oldest->end);
        }
}

/* Hands over a piece of a ring, or its beginning. Returns how many bytes the device takes: 0 if it has no room. */
static size_t hand_over(struct ring *ring, size_t length)
{
        const uint8_t *bytes = ring->bytes + ring->handed % RING_SIZE;

        if (transport == TRANSPORT_NONE)
                return length;
        if (transport == TRANSPORT_UART) {
                if (uart_needs_zero && !uart_write_some(UART_TRACE, "", 1))
                        return 0;
                uart_needs_zero = false;
                return uart_write_some(UART_TRACE, bytes, length);
        }
        if (!virtio_serial_send(bytes, length))
                return 0;
        in_flight[flights_begun++ % VIRTIO_SERIAL_IN_FLIGHT] = (struct flight){ ring, ring->handed + length };
        return length;
}

/* Returns whether all that the ring holds is with the device. What the UART takes counts as sent. */
static bool push_ring(struct ring *ring)
{
        for (uint64_t end = put_position(ring); ring->handed != end;) {
                const size_t taken = hand_over(ring, contiguous(ring->handed, end));

                if (!taken)
                        return false;
                ring->handed += taken;
                if (transport != TRANSPORT_VIRTIO)
                        note_sent(ring, ring->handed);
        }
        return true;
}

/* --- any transport ---------------------------------------------------------------------------------------- */

/* Straight to the console's UART: the console's lock, like any spinlock, would emit events. */
static void say(const char *message)
{
        uart_write(UART_CONSOLE, message, strlen(message));
}

/* The virtio device is left alone; each frame that no device has confirmed is sent again, by the UART. */
static void go_back_to_uart(void)
{
        virtio_serial_abandon();
        flights_ended = flights_begun;
        for (unsigned cpu = 0; cpu < CPUS_MOST; cpu++)
                rings[cpu].handed = rings[cpu].sent;
        uart_needs_zero = true;
        transport = TRANSPORT_UART;
}

/* The next transport that may still work takes over. */
static void give_up_transport(void)
{
        if (transport == TRANSPORT_VIRTIO) {
                say("trace: the virtio serial port does not work any more; the rest goes to the UART\n");
                go_back_to_uart();
        } else {
                say("trace: nothing takes what the trace line sends; the trace ends here\n");
                transport = TRANSPORT_NONE;
        }
}

/*
 * Hands over what lies in all rings, as far as there is room now. A ring that is not emptied comes first the next time,
 * since its last frame may be cut. The line must be held.
 */
static void push_all(void)
{
        static unsigned current;

        if (transport == TRANSPORT_VIRTIO)
                note_ended_flights();
        for (unsigned i = 0; i < CPUS_MOST && push_ring(&rings[current]); i++)
                current = (current + 1) % CPUS_MOST;
        if (transport == TRANSPORT_VIRTIO) {
                virtio_serial_notify();
                note_ended_flights();           /* QEMU has often done it by now */
                if (!virtio_serial_is_alive())
                        give_up_transport();
        }
}

static uint64_t bytes_sent(void)
{
        uint64_t sum = 0;

        for (unsigned cpu = 0; cpu < CPUS_MOST; cpu++)
                sum += rings[cpu].sent;
        return sum;
}

uint64_t line_bytes_waiting(void)
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
                if (length ? has_room(cpu, length) : !line_bytes_waiting())
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
        if (!has_room(cpu, length) && room == NEVER_WAIT)
                line_push();
        if (!has_room(cpu, length)) {
                if (room == NEVER_WAIT)
                        return false;
                hold();
                push_until_room(cpu, length);
                let_go();
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
        if (transport == TRANSPORT_UART) {
                const uint64_t since = clock_ticks();

                while (!uart_is_empty(UART_TRACE) && clock_ticks() - since < patience)
                        cpu_relax();
        }
        let_go();
}

bool line_has_input(void)
{
        return transport == TRANSPORT_VIRTIO ? virtio_serial_has_input() :
               transport == TRANSPORT_UART && uart_has_input(UART_TRACE);
}

size_t line_read(uint8_t bytes[LINE_INPUT])
{
        if (!line_has_input() || !try_hold())
                return 0;
        const size_t length = transport == TRANSPORT_VIRTIO ? virtio_serial_read(bytes)
                                                            : uart_read(UART_TRACE, bytes, LINE_INPUT);
        let_go();
        return length;
}

void line_panic(void)
{
        if (transport != TRANSPORT_NONE)
                go_back_to_uart();
        let_go();
}
