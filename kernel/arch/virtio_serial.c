#include "arch/virtio_serial.h"
#include "arch/cpu.h"
#include "arch/image.h"
#include "lib/string.h"

enum { KIND_CONSOLE = 3, FEATURE_MULTIPORT = 1 << 1 };

/*
 * The queues of a device with several ports: in and out for port 0, for control messages, for port 1, port 2, ... All
 * must be set before the device starts to work, and only then does it say which port is which: so the first few ports
 * are prepared, and ours is looked for among them. QEMU gives a virtserialport the lowest free number from 1 up.
 */
enum { CONTROL_IN = 2, CONTROL_OUT = 3, PORTS = 4 };

static uint16_t port_queue(unsigned port)
{
        return (uint16_t)(port == 0 ? 0 : 2 * port + 2);
}

/* What the two sides tell each other about ports. */
enum control_event {
        DEVICE_READY = 0, PORT_ADD = 1, PORT_REMOVE = 2, PORT_READY = 3, CONSOLE_PORT = 4, RESIZE = 5, PORT_OPEN = 6,
        PORT_NAME = 7,
};

struct control {
        uint32_t port;
        uint16_t event, value;
        char name[56];                          /* follows a PORT_NAME */
};

enum { CONTROL_FRONT = 8, INPUT_SIZE = 256 };

/* The device reads and writes these, so they lie in the kernel's image, whose physical addresses are known. */
static struct virtqueue control_in, control_out, port_in[PORTS], port_out[PORTS];
static struct control arriving[VIRTQUEUE_SIZE], leaving;
static uint8_t input[VIRTQUEUE_SIZE][INPUT_SIZE];

static struct virtio_device device;
static unsigned our_port;
static bool works;
static bool has_news;                           /* for the device, since it was last notified */
static uint64_t bytes_sent;

/* What of an input buffer has not been read yet. */
static unsigned input_number;
static uint32_t input_read, input_length;

static void give_up(void)
{
        if (works)
                virtio_reset(&device);
        works = false;
}

/* The device works while we look; where time is slow, longer than any device needs. */
enum { TURNS_MOST = 1000000 };

/* Waits until the device has finished with a buffer of a queue. False if it does not, or is broken. */
static bool wait_for_one(struct virtqueue *queue, unsigned *descriptor, uint32_t *written)
{
        for (unsigned turn = 0; turn < TURNS_MOST; turn++) {
                const enum virtqueue_finished finished = virtqueue_finish(queue, descriptor, written);

                if (finished == ONE_FINISHED)
                        return true;
                if (finished == DEVICE_IS_BROKEN)
                        return false;
                cpu_relax();
        }
        return false;
}

/* --- finding the port ------------------------------------------------------------------------------------- */

static bool tell(uint32_t port, enum control_event event, uint16_t value)
{
        unsigned descriptor;
        uint32_t written;

        leaving = (struct control){ .port = port, .event = (uint16_t)event, .value = value };
        virtqueue_add(&control_out, image_physical(&leaving), CONTROL_FRONT, DEVICE_READS);
        virtqueue_notify(&control_out);
        return wait_for_one(&control_out, &descriptor, &written);
}

/*
 * As many control messages as fit are awaited at any time, and likewise for input: so the one that has just come gives
 * the only free descriptor, and buffer and descriptor have the same number.
 */
static void await_control(unsigned number)
{
        virtqueue_add(&control_in, image_physical(&arriving[number]), sizeof arriving[number], DEVICE_WRITES);
}

/* Whether a control message names one of the prepared ports as ours. */
static bool names_our_port(const struct control *message, uint32_t written)
{
        const size_t length = strlen(VIRTIO_SERIAL_NAME);

        return message->event == PORT_NAME && message->port > 0 && message->port < PORTS &&
               written >= CONTROL_FRONT + length && !memcmp(message->name, VIRTIO_SERIAL_NAME, length);
}

/*
 * The device answers DEVICE_READY with a PORT_ADD for each port; a port that the driver is ready for is named. False if
 * no port has our name.
 */
static bool find_port(void)
{
        unsigned descriptor;
        uint32_t written;

        if (!tell(0, DEVICE_READY, 1))
                return false;
        while (wait_for_one(&control_in, &descriptor, &written)) {
                const struct control message = arriving[descriptor];

                await_control(descriptor);
                virtqueue_notify(&control_in);
                if (names_our_port(&message, written)) {
                        our_port = message.port;
                        return tell(our_port, PORT_OPEN, 1);
                }
                if (message.event == PORT_ADD && !tell(message.port, PORT_READY, 1))
                        return false;
        }
        return false;
}

static void await_input(unsigned number)
{
        virtqueue_add(&port_in[our_port], image_physical(input[number]), INPUT_SIZE, DEVICE_WRITES);
}

static bool set_queues(void)
{
        bool all = virtio_set_queue(&device, &control_in, CONTROL_IN) &&
                   virtio_set_queue(&device, &control_out, CONTROL_OUT);

        /* A device with fewer ports has fewer queues. */
        for (unsigned i = 0; i < PORTS; i++) {
                virtio_set_queue(&device, &port_in[i], port_queue(i));
                virtio_set_queue(&device, &port_out[i], port_queue(i) + 1);
        }
        return all;
}

bool virtio_serial_start(void *(*map)(uintptr_t physical))
{
        if (!virtio_find(&device, KIND_CONSOLE, FEATURE_MULTIPORT, map))
                return false;
        if (!set_queues()) {
                virtio_reset(&device);
                return false;
        }
        virtio_start(&device);
        for (unsigned i = 0; i < VIRTQUEUE_SIZE; i++)
                await_control(i);
        virtqueue_notify(&control_in);
        if (!find_port()) {
                virtio_reset(&device);
                return false;
        }
        for (unsigned i = 0; i < VIRTQUEUE_SIZE; i++)
                await_input(i);
        virtqueue_notify(&port_in[our_port]);
        works = true;
        return true;
}

bool virtio_serial_works(void)
{
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
        give_up();
}

/* --- sending ---------------------------------------------------------------------------------------------- */

bool virtio_serial_send(const void *bytes, size_t length)
{
        if (!works || virtqueue_add(&port_out[our_port], image_physical(bytes), (uint32_t)length, DEVICE_READS) < 0)
                return false;
        has_news = true;
        return true;
}

void virtio_serial_notify(void)
{
        if (works && has_news)
                virtqueue_notify(&port_out[our_port]);
        has_news = false;
}

uint64_t virtio_serial_sent(void)
{
        enum virtqueue_finished finished = NOTHING_FINISHED;
        unsigned descriptor;
        uint32_t ignored;

        while (works && (finished = virtqueue_finish(&port_out[our_port], &descriptor, &ignored)) == ONE_FINISHED)
                bytes_sent += port_out[our_port].descriptors[descriptor].length;
        if (finished == DEVICE_IS_BROKEN)
                give_up();
        return bytes_sent;
}

/* --- receiving -------------------------------------------------------------------------------------------- */

/* Makes the next buffer that has come in the one that is read. False if none has. */
static bool next_input(void)
{
        const enum virtqueue_finished finished = virtqueue_finish(&port_in[our_port], &input_number, &input_length);

        input_read = 0;
        if (finished == ONE_FINISHED)
                return true;
        input_length = 0;
        if (finished == DEVICE_IS_BROKEN)
                give_up();
        return false;
}

size_t virtio_serial_read(void *bytes, size_t n)
{
        uint8_t *out = bytes;
        size_t count = 0;

        while (works && count < n && (input_read < input_length || next_input())) {
                if (input_read < input_length)
                        out[count++] = input[input_number][input_read++];
                if (input_read == input_length) {
                        await_input(input_number);
                        virtqueue_notify(&port_in[our_port]);
                        input_read = input_length = 0;
                }
        }
        return count;
}
