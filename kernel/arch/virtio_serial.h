/*
 * A virtio serial port: the fast trace line. QEMU calls it virtserialport; it carries bytes both ways and, unlike
 * QEMU's virtconsole, loses none when the reader is slow.
 *
 * What is sent is not copied: the device reads it where it is, and the caller must leave it alone until it is sent.
 * Buffers are sent in the order in which they were given.
 *
 *      virtio_serial_send(bytes, n)        up to VIRTIO_SERIAL_IN_FLIGHT times
 *      virtio_serial_notify()              the device begins
 *      ... virtio_serial_sent() ...        how many of these buffers have been sent
 *
 * Calls must not overlap. A device that misbehaves is reset, which ends its access to memory;
 * from then on virtio_serial_is_alive() is false and the other calls do nothing. O(1), but for starting.
 */
#pragma once

#include "arch/virtio.h"

enum { VIRTIO_SERIAL_IN_FLIGHT = VIRTQUEUE_SIZE };

/* The port's name, by which it is found among the ports of the device: -device virtserialport,name=... */
#define VIRTIO_SERIAL_NAME "understory.trace"

/* Finds the device and opens its port of that name. False if there is none. `map` as for virtio_find(). */
bool virtio_serial_start(void *(*map)(uintptr_t physical));

/*
 * Whether the device still works: nothing wrong was seen, and it was not reset and does not ask to be. One read of a
 * register.
 */
bool virtio_serial_is_alive(void);

/* False if as many buffers as there may be are in flight: look again after virtio_serial_sent() has grown. */
bool virtio_serial_send(const void *bytes, size_t length);

/* Notifies the device of all buffers that were added since the last call. */
void virtio_serial_notify(void);

/* How many buffers the device has sent since it was started. */
uint64_t virtio_serial_sent(void);

/* Whether the host has sent something. It only looks at memory, and calls may overlap with others. */
bool virtio_serial_has_input(void);

/*
 * Copies bytes that the host has sent, as many as the device has put into one buffer, and returns how many: 0 if there
 * are none now. Call it until it returns 0.
 */
enum { VIRTIO_SERIAL_INPUT = 256 };
size_t virtio_serial_read(uint8_t bytes[VIRTIO_SERIAL_INPUT]);

/* Resets the device, whatever it is in the middle of. Safe in a panic: it is one write to a register. */
void virtio_serial_abandon(void);

/* For tests, which break them: the device, and the queue by which it is sent to. */
struct virtio_device *virtio_serial_device(void);
struct virtqueue *virtio_serial_queue(void);
