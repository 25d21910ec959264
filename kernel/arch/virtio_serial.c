#include "arch/virtio_serial.h"
#include "arch/cpu.h"
#include "arch/image.h"
#include "lib/string.h"

enum { FEATURE_MULTIPORT = 1 << 1 };

/*
 * The queues of a device with several ports: in and out for port 0, for control messages, for port 1, port 2, ... All
 * must be set before the device starts to work, and only then does it say which port is which: so the first few ports
 * are prepared, and ours is looked for among them. QEMU gives a virtserialport the lowest free number from 1 up; port 0
 * is left to a virtconsole.
 */
enum { CONTROL_IN = 2, CONTROL_OUT = 3, PORTS = 4 };

/* The control messages about ports. */
enum control_event {
        DEVICE_READY = 0, PORT_ADD = 1, PORT_REMOVE = 2, PORT_READY = 3, CONSOLE_PORT = 4, RESIZE = 5, PORT_OPEN = 6,
        PORT_NAME = 7,
};

struct control {
        uint32_t port;
        uint16_t event, value;
        char name[56];                          /* follows a PORT_NAME */
};

enum { CONTROL_FRONT = 8 };

/* The device reads and writes these, so they lie in the kernel's image, whose physical addresses are known. */
static struct virtqueue control_in, control_out, port_in[PORTS], port_out[PORTS];
static struct control arriving[VIRTQUEUE_SIZE], leaving;
static uint8_t input[VIRTIO_SERIAL_INPUT];

static struct virtio_device device;
static unsigned our_port;
static bool works;
static bool notify_is_due;                      /* buffers were added since the device was last notified */
static uint64_t buffers_sent;

/* How often a queue is looked at before the device is given up: far more often than any device needs. */
enum { TURNS_MOST = 1000000 };

/* Waits until the device has finished with a buffer of a queue. False if it does not, or is broken. */
static bool wait_for_one(struct virtqueue *queue, uint32_t *written)
{
        enum virtqueue_finished finished = NOTHING_FINISHED;

        for (unsigned turn = 0; turn < TURNS_MOST && finished == NOTHING_FINISHED; turn++) {
                cpu_relax();
                finished = virtqueue_finish(queue, written);
        }
        return finished == ONE_FINISHED;
}

/* --- finding the port ------------------------------------------------------------------------------------- */

static bool send_control(uint32_t port, enum control_event event, uint16_t value)
{
        uint32_t written;

        leaving = (struct control){ .port = port, .event = (uint16_t)event, .value = value };
        virtqueue_add(&control_out, image_physical(&leaving), CONTROL_FRONT, DEVICE_READS);
        virtqueue_notify(&control_out);
        return wait_for_one(&control_out, &written);
}

static void await_control(struct control *buffer)
{
        virtqueue_add(&control_in, image_physical(buffer), sizeof *buffer, DEVICE_WRITES);
}

/*
 * The device answers DEVICE_READY with a PORT_ADD for each port; a port that the driver is ready for is named. False if
 * no port has our name.
 */
static bool find_port(void)
{
        const size_t name_length = strlen(VIRTIO_SERIAL_NAME);
        uint32_t written;

        if (!send_control(0, DEVICE_READY, 1))
                return false;
        for (unsigned i = 0; wait_for_one(&control_in, &written); i++) {
                struct control *buffer = &arriving[i % VIRTQUEUE_SIZE];
                const struct control message = *buffer;

                await_control(buffer);
                virtqueue_notify(&control_in);
                const bool is_prepared = message.port > 0 && message.port < PORTS;
                const bool has_our_name = message.event == PORT_NAME && written >= CONTROL_FRONT + name_length &&
                                          !memcmp(message.name, VIRTIO_SERIAL_NAME, name_length);
                if (is_prepared && has_our_name) {
                        our_port = message.port;
                        return send_control(our_port, PORT_OPEN, 1);
                }
                if (message.event == PORT_ADD && !send_control(message.port, PORT_READY, 1))
                        return false;
        }
        return false;
}

/* Sets the queues, and lets the device work. A device with fewer ports has fewer queues. */
static bool set_queues(void)
{
        for (uint16_t port = 1; port < PORTS; port++) {
                virtio_set_queue(&device, &port_in[port], 2 * port + 2);
                virtio_set_queue(&device, &port_out[port], 2 * port + 3);
        }
        if (!virtio_set_queue(&device, &control_in, CONTROL_IN) ||
            !virtio_set_queue(&device, &control_out, CONTROL_OUT))
                return false;
        virtio_start(&device);
        for (unsigned i = 0; i < VIRTQUEUE_SIZE; i++)
                await_control(&arriving[i]);
        virtqueue_notify(&control_in);
        return true;
}

static void await_input(void)
{
        virtqueue_add(&port_in[our_port], image_physical(input), sizeof input, DEVICE_WRITES);
        virtqueue_notify(&port_in[our_port]);
}

bool virtio_serial_start(void *(*map)(uintptr_t physical))
{
        if (!virtio_find(&device, FEATURE_MULTIPORT, map))
                return false;
        works = set_queues() && find_port();
        if (works)
                await_input();
        else
                virtio_reset(&device);
        return works;
}

bool virtio_serial_is_alive(void)
{
        return works && !virtio_is_broken(&device);
}

struct virtio_device *virtio_serial_device(void)
{
        return &device;
}

struct virtqueue *virtio_serial_queue(void)
{
        return &port_out[our_port];
}

void virtio_serial_abandon(void)
{
        if (works)
                virtio_reset(&device);
        works = false;
}

/* --- sending ---------------------------------------------------------------------------------------------- */

bool virtio_serial_send(const void *bytes, size_t length)
{
        if (!works || !virtqueue_add(&port_out[our_port], image_physical(bytes), (uint32_t)length, DEVICE_READS))
                return false;
        notify_is_due = true;
        return true;
}

void virtio_serial_notify(void)
{
        if (works && notify_is_due)
                virtqueue_notify(&port_out[our_port]);
        notify_is_due = false;
}

uint64_t virtio_serial_sent(void)
{
        enum virtqueue_finished finished = NOTHING_FINISHED;
        uint32_t ignored;

        while (works && (finished = virtqueue_finish(&port_out[our_port], &ignored)) == ONE_FINISHED)
                buffers_sent++;
        if (finished == DEVICE_IS_BROKEN)
                virtio_serial_abandon();
        return buffers_sent;
}

/* --- receiving -------------------------------------------------------------------------------------------- */

bool virtio_serial_has_input(void)
{
        const struct virtqueue *queue = &port_in[our_port];

        return works && __atomic_load_n(&queue->used.index, __ATOMIC_RELAXED) != queue->used_seen;
}

size_t virtio_serial_read(uint8_t bytes[VIRTIO_SERIAL_INPUT])
{
        uint32_t length;

        if (!works || virtqueue_finish(&port_in[our_port], &length) != ONE_FINISHED)
                return 0;
        memcpy(bytes, input, length);
        await_input();
        return length;
}
