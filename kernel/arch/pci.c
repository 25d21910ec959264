#include "arch/pci.h"
#include "arch/cpu.h"

enum { CONFIG_ADDRESS = 0xcf8, CONFIG_DATA = 0xcfc };
enum { ENABLE = 1u << 31 };                     /* in CONFIG_ADDRESS */
enum { DEVICES = 32, FUNCTIONS = 8, BARS = 6 };
enum { BAR_IS_IO = 1 << 0, BAR_TYPE = 3 << 1, BAR_IS_64_BIT = 2 << 1, BAR_FLAGS = 0xf };

/* --- configuration space ---------------------------------------------------------------------------------- */

static void select(struct pci_function at, uint8_t offset)
{
        port_write32(CONFIG_ADDRESS, ENABLE | (uint32_t)at.device << 11 | (uint32_t)at.function << 8 | (offset & 0xfc));
}

uint32_t pci_read(struct pci_function at, uint8_t offset, enum pci_size size)
{
        select(at, offset);
        return port_read32(CONFIG_DATA) >> (offset & 3) * 8 & size;
}

static void pci_write32(struct pci_function at, uint8_t offset, uint32_t value)
{
        select(at, offset);
        port_write32(CONFIG_DATA, value);
}

/* --- finding a device ------------------------------------------------------------------------------------- */

/* A device of one function may answer for all eight: the first of them is found then, too. */
bool pci_find(uint16_t vendor, uint16_t device, uint16_t other_device, struct pci_function *found)
{
        for (unsigned i = 0; i < DEVICES * FUNCTIONS; i++) {
                const struct pci_function at = { (uint8_t)(i / FUNCTIONS), (uint8_t)(i % FUNCTIONS) };
                const uint32_t id = pci_read(at, PCI_DEVICE, PCI_16);

                if (pci_read(at, PCI_VENDOR, PCI_16) == vendor && (id == device || id == other_device)) {
                        *found = at;
                        return true;
                }
        }
        return false;
}

uint8_t pci_next_capability(struct pci_function at, uint8_t previous)
{
        return pci_read(at, previous ? previous + 1 : PCI_CAPABILITIES, PCI_8) & 0xfc;
}

/* --- base address registers ------------------------------------------------------------------------------- */

/*
 * The addresses for registers to which the firmware has given none. They end below the I/O APIC at 0xfec00000; no PC
 * has memory there. Each register gets a MiB, aligned to its size, which is far more than a virtio device decodes.
 */
enum { FREE_BASE = 0xfe000000, FREE_END = 0xfec00000, FREE_STEP = 1 << 20 };
static uint32_t next_free = FREE_BASE;

uintptr_t pci_bar_memory(struct pci_function at, unsigned bar)
{
        const uint8_t offset = (uint8_t)(PCI_BAR + bar * 4);
        const uint32_t command = pci_read(at, PCI_COMMAND, PCI_16);     /* ones clear the status above: write zeros */
        const uint32_t low = pci_read(at, offset, PCI_32);

        if (bar >= BARS || low & BAR_IS_IO)
                return 0;
        uintptr_t base = low & ~(uint32_t)BAR_FLAGS;
        if ((low & BAR_TYPE) == BAR_IS_64_BIT && bar + 1 < BARS)
                base |= (uintptr_t)pci_read(at, offset + 4, PCI_32) << 32;
        if (!base && next_free < FREE_END) {
                pci_write32(at, offset, next_free);
                next_free += FREE_STEP;
                base = pci_read(at, offset, PCI_32) & ~(uint32_t)BAR_FLAGS;     /* 0 if there is no such register */
        }
        if (base)
                pci_write32(at, PCI_COMMAND, command | PCI_COMMAND_MEMORY | PCI_COMMAND_BUS_MASTER);
        return base;
}
