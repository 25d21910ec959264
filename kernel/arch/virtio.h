/*
 * Virtio 1.x: devices that exchange buffers with the driver through queues in memory. A device is found on the PCI bus,
 * or at the fixed addresses where QEMU's microvm puts its virtio devices; from then on both are used alike.
 *
 * A queue is three arrays that the device reads and writes too ("split virtqueue" in the specification):
 *
 *      descriptors     where each buffer is, and whether the device reads or writes it
 *      available       driver -> device: descriptors that the device may use
 *      used            device -> driver: descriptors that the device has finished with, and how much it wrote
 *
 *      driver                            device
 *        virtqueue_add()    available ->
 *        virtqueue_notify()          ->    reads or fills the buffers
 *        virtqueue_finish()      used <-
 *
 * No interrupts are used: the driver looks. Buffers are used in a circle, and a device must finish with them in the
 * order in which they were added, as QEMU's serial ports do. What the device writes is not trusted: an index, a
 * descriptor or a length that cannot be makes virtqueue_finish() report a broken device, and nothing outside the queue
 * is read or written for it.
 *
 * Calls for one device must not overlap. Every call is O(1).
 */
#pragma once

#include "lib/types.h"

/* How many buffers a queue of ours has in flight at most. A power of two. */
enum { VIRTQUEUE_SIZE = 16 };

struct virtio_device {
        bool is_pci;
        volatile uint8_t *common;               /* PCI: the common configuration; microvm: all registers */
        volatile uint8_t *notify;
        uint32_t notify_multiplier;
        void *(*map)(uintptr_t physical);
};

struct virtqueue_descriptor {
        uint64_t address;                       /* physical */
        uint32_t length;
        uint16_t flags, next;
};

struct virtqueue {
        /* What the device sees. */
        struct virtqueue_descriptor descriptors[VIRTQUEUE_SIZE];
        struct {
                uint16_t flags, index, ring[VIRTQUEUE_SIZE];
        } available;
        struct {
                uint16_t flags, index;
                struct {
                        uint32_t id, length;
                } ring[VIRTQUEUE_SIZE];
        } used __attribute__((aligned(4)));

        /* Used by the driver alone. */
        volatile uint8_t *notify;
        bool notify_is_wide;                    /* 32 bits: microvm; 16 bits: PCI */
        uint16_t number;
        uint16_t used_seen;                     /* of used.index */
} __attribute__((aligned(16)));

enum virtio_direction { DEVICE_READS, DEVICE_WRITES };

/*
 * Finds the first virtio console, resets it, and agrees on VIRTIO_F_VERSION_1 and on those of `features` (of the low
 * 32) that it must have. False if there is no such device or it does not agree.
 *
 * `map` makes the registers at a physical address visible, uncached, with at least 16 KiB from there on, or returns
 * NULL. It may be called more than once for the same address. It looks at 256 functions of PCI and at 24 pages of
 * microvm at most.
 */
bool virtio_find(struct virtio_device *device, uint32_t features, void *(*map)(uintptr_t physical));

/* Hands the device a queue, which must lie in the kernel's image. False if it has no queue of that number or size. */
bool virtio_set_queue(struct virtio_device *device, struct virtqueue *queue, uint16_t number);

/* From now on the device works. */
void virtio_start(struct virtio_device *device);

/* Whether the device has asked to be reset, or was reset by something else: it does nothing any more. */
bool virtio_is_broken(const struct virtio_device *device);

/* Stops the device: it no longer touches memory. */
void virtio_reset(struct virtio_device *device);

/*
 * Makes a buffer available to the device. False if VIRTQUEUE_SIZE are in flight. The buffer belongs to the device until
 * virtqueue_finish() has returned ONE_FINISHED for it and for each one before.
 */
bool virtqueue_add(struct virtqueue *queue, uintptr_t physical, uint32_t length, enum virtio_direction direction);

/* Notifies the device that there is something new. */
void virtqueue_notify(struct virtqueue *queue);

enum virtqueue_finished { NOTHING_FINISHED, ONE_FINISHED, DEVICE_IS_BROKEN };

/* Takes back the oldest buffer in flight, if the device has finished with it: how many bytes the device wrote there. */
enum virtqueue_finished virtqueue_finish(struct virtqueue *queue, uint32_t *written);
