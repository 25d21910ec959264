/*
 * The PCI bus: finding a device, reading its configuration, and mapping its registers.
 *
 * Configuration space is reached by two I/O ports, which every PCI machine has: the address is written to one, the
 * value passes through the other. Only bus 0 is searched, where QEMU's devices and those of most small machines are.
 *
 * Nothing here takes a lock: devices are looked for while one processor runs.
 */
#pragma once

#include "lib/types.h"

/* One function of a device, as configuration space addresses it. */
struct pci_function {
        uint8_t device, function;
};

/* Offsets in configuration space. */
enum {
        PCI_VENDOR = 0x00, PCI_DEVICE = 0x02, PCI_COMMAND = 0x04, PCI_BAR = 0x10,
        PCI_CAPABILITIES = 0x34,
};

/* Bits of PCI_COMMAND. */
enum { PCI_COMMAND_MEMORY = 1 << 1, PCI_COMMAND_BUS_MASTER = 1 << 2 };

/* The size of what is read, as a mask of its bits. */
enum pci_size { PCI_8 = 0xff, PCI_16 = 0xffff, PCI_32 = 0xffffffff };

/* Reads at a multiple of the size. A function that is not there reads as all ones. O(1). */
uint32_t pci_read(struct pci_function at, uint8_t offset, enum pci_size size);

/*
 * The first function on bus 0 with this vendor and one of two device numbers. False if there is none. O(1): 256 reads.
 */
bool pci_find(uint16_t vendor, uint16_t device, uint16_t other_device, struct pci_function *found);

/*
 * Walks the list of capabilities, which a virtio device must have: pass 0 to get the offset of the first, then the last
 * offset to get the next; 0 ends the list. A list may run in a circle: give it up after PCI_CAPABILITIES_MOST, for no
 * more fit. O(1).
 */
enum { PCI_CAPABILITIES_MOST = 48 };
uint8_t pci_next_capability(struct pci_function at, uint8_t previous);

/*
 * The physical address of the memory that a base address register decodes, or 0 if it decodes none; memory access is
 * turned on. Firmware assigns these addresses; where it has not (qboot does not), the register gets the next free MiB
 * of a range that every PC leaves to devices. A register that decodes more than a MiB is not expected there. O(1).
 */
uintptr_t pci_bar_memory(struct pci_function at, unsigned bar);
