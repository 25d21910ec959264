/*
 * Ways in which a virtio serial port may misbehave, so that a test outside the machine can see that the trace goes on
 * without it, and loses nothing.
 */
#include "arch/cpu.h"
#include "arch/virtio_serial.h"
#include "lib/error.h"
#include "lib/printf.h"
#include "lib/string.h"
#include "test/test.h"
#include "trace/line.h"

/* The device claims to have used more buffers than it was given. */
static void use_too_much(void)
{
        virtio_serial_queue()->used.index += 1000;
}

/* It claims to have used a buffer that there is not. */
static void use_a_wrong_descriptor(void)
{
        struct virtqueue *queue = virtio_serial_queue();

        queue->used.ring[queue->used.index % VIRTQUEUE_SIZE].id = 0xffff;
        queue->used.index++;
}

/* It claims to have used the same buffer twice. */
static void use_twice(void)
{
        struct virtqueue *queue = virtio_serial_queue();

        const unsigned next = queue->used.index % VIRTQUEUE_SIZE;
        queue->used.ring[next] = queue->used.ring[(next - 1) % VIRTQUEUE_SIZE];
        queue->used.index++;
}

/* Two buffers are in flight, and it claims to have used the second one first. The device is not notified of them. */
static void use_out_of_order(void)
{
        struct virtqueue *queue = virtio_serial_queue();
        const unsigned oldest = queue->used.index % VIRTQUEUE_SIZE;

        virtio_serial_send("", 1);
        virtio_serial_send("", 1);
        queue->used.ring[oldest].id = (oldest + 1) % VIRTQUEUE_SIZE;
        queue->used.index++;
}

/* It has been reset, and does nothing any more. */
static void reset(void)
{
        virtio_reset(virtio_serial_device());
}

/* Nothing misbehaves: the bytes that the host sends are printed on the console, up to the end of a line. */
static void listen(void)
{
        uint8_t bytes[VIRTIO_SERIAL_INPUT];
        bool has_ended = false;

        kprintf("listening\n");
        while (!has_ended && virtio_serial_is_alive()) {
                const size_t length = virtio_serial_read(bytes);

                for (size_t i = 0; i < length; i++)
                        has_ended |= bytes[i] == '\n';
                if (length)
                        kprintf("received %.*s", (int)length, (const char *)bytes);
                cpu_relax();
        }
}

static const struct {
        const char *name;
        void (*go)(void);
} ways[] = {
        { "use-too-much", use_too_much },
        { "use-wrong", use_a_wrong_descriptor },
        { "use-twice", use_twice },
        { "use-out-of-order", use_out_of_order },
        { "reset", reset },
        { "listen", listen },
};

/* More than all rings hold. */
enum { EVENTS = 20000 };

enum verdict test_line(const char *way)
{
        for (size_t i = 0; i < sizeof ways / sizeof *ways; i++) {
                if (strcmp(ways[i].name, way))
                        continue;
                if (line_transport() != TRANSPORT_VIRTIO) {
                        kprintf("test-line=%s: there is no virtio serial port\n", way);
                        return VERDICT_FAILED;
                }
                line_drain();
                ways[i].go();
                for (int event = 0; event < EVENTS; event++)
                        error_ignore(FAIL(TIMED_OUT));
                const enum line_transport wanted = ways[i].go == listen ? TRANSPORT_VIRTIO : TRANSPORT_UART;
                return line_transport() == wanted ? VERDICT_PASSED : VERDICT_FAILED;
        }
        kprintf("test-line=%s: no such way. There are:", way);
        for (size_t i = 0; i < sizeof ways / sizeof *ways; i++)
                kprintf(" %s", ways[i].name);
        kprintf("\n");
        return VERDICT_FAILED;
}
