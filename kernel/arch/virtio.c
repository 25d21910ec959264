#include "arch/virtio.h"
#include "arch/image.h"
#include "arch/pci.h"

/* The kind of device that is looked for, and its numbers on PCI: since version 1.0, and before (many still have it). */
enum { KIND_CONSOLE = 3 };
enum { PCI_VENDOR_VIRTIO = 0x1af4, PCI_DEVICE_CONSOLE = 0x1040 + KIND_CONSOLE, PCI_DEVICE_OLD_CONSOLE = 0x1003 };

/* Device status. */
enum { ACKNOWLEDGE = 1, DRIVER = 2, DRIVER_OK = 4, FEATURES_OK = 8, NEEDS_RESET = 64 };

/* In the second word of features: bit 32 of all. */
enum { VERSION_1 = 1 << 0 };

/* Flags of a descriptor, and of the available ring. */
enum { DESCRIPTOR_DEVICE_WRITES = 2 };
enum { NO_INTERRUPT = 1 };

/* --- registers -------------------------------------------------------------------------------------------- */

/* Where a register is: its offset in PCI's common configuration, with its size there, and in microvm's page. */
struct register_place {
        uint8_t pci, size;
        uint16_t mmio;
};

static const struct register_place DEVICE_FEATURES_SELECT = { 0x00, 4, 0x014 };
static const struct register_place DEVICE_FEATURES = { 0x04, 4, 0x010 };
static const struct register_place DRIVER_FEATURES_SELECT = { 0x08, 4, 0x024 };
static const struct register_place DRIVER_FEATURES = { 0x0c, 4, 0x020 };
static const struct register_place STATUS = { 0x14, 1, 0x070 };
static const struct register_place QUEUE_SELECT = { 0x16, 2, 0x030 };
static const struct register_place QUEUE_SIZE_MOST = { 0x18, 2, 0x034 };
static const struct register_place QUEUE_SIZE = { 0x18, 2, 0x038 };
static const struct register_place QUEUE_ENABLE = { 0x1c, 2, 0x044 };
static const struct register_place QUEUE_DESCRIPTORS = { 0x20, 4, 0x080 };
static const struct register_place QUEUE_AVAILABLE = { 0x28, 4, 0x090 };
static const struct register_place QUEUE_USED = { 0x30, 4, 0x0a0 };

/* Where a queue's notifications are written: PCI has the queue's offset there, microvm the register itself. */
enum { PCI_QUEUE_NOTIFY = 0x1e, MMIO_QUEUE_NOTIFY = 0x050 };

/* microvm's registers are 32 bits wide, all of them. */
static uint32_t read(const struct virtio_device *device, struct register_place place)
{
        const volatile uint8_t *at = device->common + (device->is_pci ? place.pci : place.mmio);

        if (!device->is_pci || place.size == 4)
                return *(const volatile uint32_t *)at;
        return place.size == 2 ? *(const volatile uint16_t *)at : *at;
}

static void write(const struct virtio_device *device, struct register_place place, uint32_t value)
{
        volatile uint8_t *at = device->common + (device->is_pci ? place.pci : place.mmio);

        if (!device->is_pci || place.size == 4)
                *(volatile uint32_t *)at = value;
        else if (place.size == 2)
                *(volatile uint16_t *)at = (uint16_t)value;
        else
                *at = (uint8_t)value;
}

/* A 64-bit address is two registers, the low half first. */
static void write_address(const struct virtio_device *device, struct register_place low, uint64_t value)
{
        struct register_place high = low;

        high.pci += 4;
        high.mmio += 4;
        write(device, low, (uint32_t)value);
        write(device, high, (uint32_t)(value >> 32));
}

/* --- where a device may be -------------------------------------------------------------------------------- */

/* A virtio capability says which base address register leads to a structure, and where in it the structure lies. */
enum { CAPABILITY_VENDOR = 0x09 };
enum { CAPABILITY_TYPE = 3, CAPABILITY_BAR = 4, CAPABILITY_OFFSET = 8, CAPABILITY_MULTIPLIER = 16 };
enum { COMMON_CONFIGURATION = 1, NOTIFY_CONFIGURATION = 2 };

static volatile uint8_t *map_structure(const struct virtio_device *device, struct pci_function at, uint8_t capability)
{
        const uintptr_t base = pci_bar_memory(at, pci_read(at, capability + CAPABILITY_BAR, PCI_8));

        return base ? device->map(base + pci_read(at, capability + CAPABILITY_OFFSET, PCI_32)) : NULL;
}

static bool find_on_pci(struct virtio_device *device)
{
        struct pci_function at;
        uint8_t here = 0;

        if (!pci_find(PCI_VENDOR_VIRTIO, PCI_DEVICE_CONSOLE, PCI_DEVICE_OLD_CONSOLE, &at))
                return false;
        device->is_pci = true;
        for (unsigned i = 0; i < PCI_CAPABILITIES_MOST && (here = pci_next_capability(at, here)); i++) {
                const uint32_t type = pci_read(at, here + CAPABILITY_TYPE, PCI_8);

                if (pci_read(at, here, PCI_8) != CAPABILITY_VENDOR)
                        continue;
                if (type == COMMON_CONFIGURATION)
                        device->common = map_structure(device, at, here);
                if (type == NOTIFY_CONFIGURATION) {
                        device->notify = map_structure(device, at, here);
                        device->notify_multiplier = pci_read(at, here + CAPABILITY_MULTIPLIER, PCI_32);
                }
        }
        return device->common && device->notify;
}

/* QEMU's microvm has up to 24 such pages of registers, 512 bytes apart. Elsewhere nothing answers there. */
enum { MMIO_BASE = 0xfeb00000, MMIO_STEP = 0x200, MMIO_DEVICES = 24 };
enum { MMIO_MAGIC = 0x000, MMIO_VERSION = 0x004, MMIO_KIND = 0x008 };
enum { MAGIC = 0x74726976, VERSION = 2 };       /* "virt"; version 1 is from before the standard */

static bool find_on_microvm(struct virtio_device *device)
{
        volatile uint8_t *const pages = device->map(MMIO_BASE);

        for (unsigned i = 0; pages && i < MMIO_DEVICES; i++) {
                volatile uint8_t *registers = pages + i * MMIO_STEP;

                if (*(volatile uint32_t *)(registers + MMIO_MAGIC) == MAGIC &&
                    *(volatile uint32_t *)(registers + MMIO_VERSION) == VERSION &&
                    *(volatile uint32_t *)(registers + MMIO_KIND) == KIND_CONSOLE) {
                        device->is_pci = false;
                        device->common = registers;
                        device->notify = registers + MMIO_QUEUE_NOTIFY;
                        return true;
                }
        }
        return false;
}

/* --- the device as a whole -------------------------------------------------------------------------------- */

/* Accepts just these features of a word of 32. False if the device does not offer all of them. */
static bool agree_on_features(const struct virtio_device *device, unsigned word, uint32_t features)
{
        write(device, DRIVER_FEATURES_SELECT, word);
        write(device, DRIVER_FEATURES, features);
        write(device, DEVICE_FEATURES_SELECT, word);
        return (read(device, DEVICE_FEATURES) & features) == features;
}

/* Each step is written by itself, so that the device sees how far the driver has come. */
static void add_status(const struct virtio_device *device, uint8_t bit)
{
        write(device, STATUS, read(device, STATUS) | bit);
}

bool virtio_find(struct virtio_device *device, uint32_t features, void *(*map)(uintptr_t physical))
{
        *device = (struct virtio_device){ .map = map };
        if (!find_on_pci(device) && !find_on_microvm(device))
                return false;
        virtio_reset(device);
        add_status(device, ACKNOWLEDGE);
        add_status(device, DRIVER);
        if (!agree_on_features(device, 0, features) || !agree_on_features(device, 1, VERSION_1))
                return false;
        add_status(device, FEATURES_OK);
        return read(device, STATUS) & FEATURES_OK;
}

bool virtio_set_queue(struct virtio_device *device, struct virtqueue *queue, uint16_t number)
{
        *queue = (struct virtqueue){ .number = number, .available.flags = NO_INTERRUPT };
        write(device, QUEUE_SELECT, number);
        if (read(device, QUEUE_SIZE_MOST) < VIRTQUEUE_SIZE)
                return false;
        write(device, QUEUE_SIZE, VIRTQUEUE_SIZE);
        write_address(device, QUEUE_DESCRIPTORS, image_physical(queue->descriptors));
        write_address(device, QUEUE_AVAILABLE, image_physical(&queue->available));
        write_address(device, QUEUE_USED, image_physical(&queue->used));
        queue->notify = device->notify;
        queue->notify_is_wide = !device->is_pci;
        if (device->is_pci)
                queue->notify += *(volatile uint16_t *)(device->common + PCI_QUEUE_NOTIFY) * device->notify_multiplier;
        write(device, QUEUE_ENABLE, 1);
        return true;
}

void virtio_start(struct virtio_device *device)
{
        add_status(device, DRIVER_OK);
}

bool virtio_is_broken(const struct virtio_device *device)
{
        const uint32_t status = read(device, STATUS);

        return status & NEEDS_RESET || !(status & DRIVER_OK);
}

void virtio_reset(struct virtio_device *device)
{
        write(device, STATUS, 0);
}

/* --- a queue ---------------------------------------------------------------------------------------------- */

static uint16_t in_flight(const struct virtqueue *queue)
{
        return queue->available.index - queue->used_seen;
}

bool virtqueue_add(struct virtqueue *queue, uintptr_t physical, uint32_t length, enum virtio_direction direction)
{
        const uint16_t number = queue->available.index % VIRTQUEUE_SIZE;

        if (in_flight(queue) == VIRTQUEUE_SIZE)
                return false;
        queue->descriptors[number] = (struct virtqueue_descriptor){
                .address = physical,
                .length = length,
                .flags = direction == DEVICE_WRITES ? DESCRIPTOR_DEVICE_WRITES : 0,
        };
        queue->available.ring[number] = number;
        /* The device may look at any time: the entry must be complete before the index says that it is there. */
        __atomic_store_n(&queue->available.index, queue->available.index + 1, __ATOMIC_RELEASE);
        return true;
}

void virtqueue_notify(struct virtqueue *queue)
{
        __atomic_thread_fence(__ATOMIC_SEQ_CST);
        if (queue->notify_is_wide)
                *(volatile uint32_t *)queue->notify = queue->number;
        else
                *(volatile uint16_t *)queue->notify = queue->number;
}

enum virtqueue_finished virtqueue_finish(struct virtqueue *queue, uint32_t *written)
{
        const uint16_t finished = __atomic_load_n(&queue->used.index, __ATOMIC_ACQUIRE) - queue->used_seen;
        const unsigned oldest = queue->used_seen % VIRTQUEUE_SIZE;

        if (!finished)
                return NOTHING_FINISHED;
        const uint32_t id = *(volatile uint32_t *)&queue->used.ring[oldest].id;
        *written = *(volatile uint32_t *)&queue->used.ring[oldest].length;
        if (finished > in_flight(queue) || id != oldest ||
            (queue->descriptors[oldest].flags & DESCRIPTOR_DEVICE_WRITES &&
             *written > queue->descriptors[oldest].length))
                return DEVICE_IS_BROKEN;
        queue->used_seen++;
        return ONE_FINISHED;
}
