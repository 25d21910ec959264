#include "arch/pci.h"
#include "arch/cpu.h"

enum { CONFIG_ADDRESS = 0xcf8, CONFIG_DATA = 0xcfc };
enum { ENABLE = 1u << 31 };                     /* in CONFIG_ADDRESS */
enum { DEVICES = 32, FUNCTIONS = 8, BARS = 6 };
enum { STATUS_HAS_CAPABILITIES = 1 << 4 };
enum { BAR_IS_IO = 1 << 0, BAR_TYPE = 3 << 1, BAR_IS_64_BIT = 2 << 1, BAR_FLAGS = 0xf };

/* --- configuration space ---------------------------------------------------------------------------------- */

static void select(struct pci_function at, uint8_t offset)
{
        port_write32(CONFIG_ADDRESS, ENABLE | (uint32_t)at.device << 11 | (uint32_t)at.function << 8 | (offset & 0xfc));
}

uint32_t pci_read32(struct pci_function at, uint8_t offset)
{
        select(at, offset);
        return port_read32(CONFIG_DATA);
}

static uint16_t pci_read16(struct pci_function at, uint8_t offset)
{
        return (uint16_t)(pci_read32(at, offset) >> (offset & 2) * 8);
}

uint8_t pci_read8(struct pci_function at, uint8_t offset)
{
        return (uint8_t)(pci_read32(at, offset) >> (offset & 3) * 8);
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
                const uint16_t id = pci_read16(at, PCI_DEVICE);

                if (pci_read16(at, PCI_VENDOR) == vendor && (id == device || id == other_device)) {
                        *found = at;
                        return true;
                }
        }
        return false;
}

uint8_t pci_next_capability(struct pci_function at, uint8_t previous)
{
        if (previous)
                return pci_read8(at, previous + 1) & 0xfc;
        return pci_read16(at, PCI_STATUS) & STATUS_HAS_CAPABILITIES ? pci_read8(at, PCI_CAPABILITIES) & 0xfc : 0;
}

/* --- base address registers ------------------------------------------------------------------------------- */

/* Below the I/O APIC at 0xfec00000; no PC has memory there. */
static uintptr_t next_free = 0xfe000000;
static const uintptr_t free_end = 0xfec00000;

/* How much memory a register decodes: the bits of its address that cannot be set, plus one. */
static uint32_t bar_size(struct pci_function at, uint8_t offset)
{
        const uint32_t before = pci_read32(at, offset);
        uint32_t writable;

        pci_write32(at, offset, ~0u);
        writable = pci_read32(at, offset) & ~(uint32_t)BAR_FLAGS;
        pci_write32(at, offset, before);
        return writable ? ~writable + 1 : 0;
}

/* Returns 0 if there is no room. */
static uintptr_t assign(struct pci_function at, uint8_t offset, uint32_t size)
{
        const uintptr_t base = (next_free + size - 1) & ~((uintptr_t)size - 1);

        if (!size || base + size > free_end)
                return 0;
        next_free = base + size;
        pci_write32(at, offset, (uint32_t)base);
        return base;
}

uintptr_t pci_bar_memory(struct pci_function at, unsigned bar)
{
        const uint8_t offset = (uint8_t)(PCI_BAR + bar * 4);
        const uint32_t command = pci_read16(at, PCI_COMMAND);   /* ones clear the status above it: write zeros */
        uint32_t low;
        uintptr_t base;

        if (bar >= BARS)
                return 0;
        low = pci_read32(at, offset);
        if (low & BAR_IS_IO)
                return 0;
        base = low & ~(uint32_t)BAR_FLAGS;
        if ((low & BAR_TYPE) == BAR_IS_64_BIT && bar + 1 < BARS)
                base |= (uintptr_t)pci_read32(at, offset + 4) << 32;
        if (!base) {
                /* Its size is asked for while the device answers to no address. */
                pci_write32(at, PCI_COMMAND, command & ~(uint32_t)PCI_COMMAND_MEMORY);
                base = assign(at, offset, bar_size(at, offset));
        }
        if (base)
                pci_write32(at, PCI_COMMAND, command | PCI_COMMAND_MEMORY | PCI_COMMAND_BUS_MASTER);
        return base;
}
