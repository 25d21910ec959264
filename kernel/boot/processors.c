#include "boot/processors.h"
#include "lib/string.h"
#include "mm/direct_map.h"

/* Offsets in every table; and in the two kinds of table that list processors. */
enum { TABLE_LENGTH = 4, TABLE_BODY = 36, TABLE_MOST = 1 << 20 };
enum { LOCAL_APIC_ADDRESS = 36, ENTRIES = 44, ENTRY_TYPE = 0, ENABLED = 1 };

static uint64_t number(const uint8_t *bytes, size_t size)
{
        uint64_t value = 0;
        memcpy(&value, bytes, size);
        return value;
}

/*
 * The address of `size` bytes of physical memory that begin with a signature and whose checksum is right: their sum is
 * 0. Else NULL. The direct map shows 2 MiB at a time, and no table is larger than 1 MiB: so all of it is mapped if its
 * first byte and its last are.
 */
static const uint8_t *find_signed(uintptr_t physical, size_t size, const char *signature)
{
        const uint8_t *bytes = direct_map_find(physical, size);
        if (!bytes || memcmp(bytes, signature, strlen(signature)))
                return NULL;
        uint8_t sum = 0;
        for (size_t i = 0; i < size; i++)
                sum += bytes[i];
        return sum ? NULL : bytes;
}

/* Searches for such bytes from `base` up to `end`, at each multiple of 16 bytes. */
static const uint8_t *search(uintptr_t base, uintptr_t end, size_t size, const char *signature)
{
        const uint8_t *found = NULL;
        for (; !found && base < end; base += 16)
                found = find_signed(base, size, signature);
        return found;
}

/* The table at an address. Its length is a field of `length_size` bytes. NULL if no valid table is there. */
static const uint8_t *find_table(uintptr_t physical, const char *signature, size_t length_size)
{
        const uint8_t *table = direct_map_find(physical, TABLE_BODY);
        const size_t size = table ? number(table + TABLE_LENGTH, length_size) : 0;
        return size >= TABLE_BODY && size <= TABLE_MOST ? find_signed(physical, size, signature) : NULL;
}

/* Adds a processor, unless it is disabled or was added before. */
static void add(struct processors *out, uint32_t id, uint32_t flags)
{
        if (!(flags & ENABLED))
                return;
        for (unsigned i = 0; i < out->count && i < CPUS_MOST; i++) {
                if (out->apic_id[i] == id)
                        return;
        }
        if (out->count < CPUS_MOST)
                out->apic_id[out->count] = id;
        out->count++;
}

/* --- ACPI ------------------------------------------------------------------------------------------------- */

/* Offsets in the root pointer; and in the entries of the table of APICs (MADT), by type. */
enum { ROOT_REVISION = 15, ROOT_SHORT_LIST = 16, ROOT_SIZE_SHORT = 20, ROOT_LONG_LIST = 24, ROOT_SIZE_LONG = 36 };
enum { ENTRY_LENGTH = 1, ENTRY_LEAST = 2 };
enum { LOCAL_APIC_TYPE = 0, LOCAL_APIC_ID = 3, LOCAL_APIC_FLAGS = 4, LOCAL_APIC_SIZE = 8, LOCAL_APIC_NO_ID = 0xff };
enum { ADDRESS_TYPE = 5, ADDRESS_VALUE = 4, ADDRESS_SIZE = 12 };

/* Searches a list of tables, whose addresses have 4 bytes or 8, for the table of APICs. */
static const uint8_t *find_listed(uintptr_t physical, const char *signature, size_t address_size)
{
        const uint8_t *found = NULL, *list = find_table(physical, signature, 4);
        const size_t size = list ? number(list + TABLE_LENGTH, 4) : 0;
        for (size_t at = TABLE_BODY; !found && at + address_size <= size; at += address_size)
                found = find_table(number(list + at, address_size), "APIC", 4);
        return found;
}

static const uint8_t *find_apics(uintptr_t root_pointer)
{
        static const char signature[] = "RSD PTR ";
        const uint8_t *root = find_signed(root_pointer, ROOT_SIZE_SHORT, signature), *found = NULL;
        if (!root)
                root = search(0xe0000, 0x100000, ROOT_SIZE_SHORT, signature);
        if (root && root[ROOT_REVISION] >= 2 && find_signed(direct_map_physical(root), ROOT_SIZE_LONG, signature))
                found = find_listed(number(root + ROOT_LONG_LIST, 8), "XSDT", 8);
        if (root && !found)
                found = find_listed(number(root + ROOT_SHORT_LIST, 4), "RSDT", 4);
        return found;
}

static void read_apics(const uint8_t *table, struct processors *out)
{
        const size_t size = table ? number(table + TABLE_LENGTH, 4) : 0;
        if (size >= ENTRIES)
                out->local_apic = number(table + LOCAL_APIC_ADDRESS, 4);
        for (size_t at = ENTRIES, length; at + ENTRY_LEAST <= size; at += length) {
                length = table[at + ENTRY_LENGTH];
                if (length < ENTRY_LEAST || length > size - at)
                        return;
                const uint8_t *entry = table + at;
                if (entry[ENTRY_TYPE] == LOCAL_APIC_TYPE && length >= LOCAL_APIC_SIZE &&
                    entry[LOCAL_APIC_ID] != LOCAL_APIC_NO_ID)
                        add(out, entry[LOCAL_APIC_ID], entry[LOCAL_APIC_FLAGS]);
                else if (entry[ENTRY_TYPE] == ADDRESS_TYPE && length >= ADDRESS_SIZE)
                        out->local_apic = number(entry + ADDRESS_VALUE, 8);
        }
}

/* --- the MP table ----------------------------------------------------------------------------------------- */

/* Offsets in the pointer to the table; and in its entries. All entries have one size, except those of processors. */
enum { POINTER_TABLE = 4, POINTER_SIZE = 16 };
enum { MP_ENTRY_SIZE = 8, MP_PROCESSOR = 0, MP_PROCESSOR_SIZE = 20, MP_ID = 1, MP_FLAGS = 3 };
enum { EXTENDED_DATA_SEGMENT = 0x40e };         /* holds the address of the BIOS's data area, in units of 16 bytes */

/* The pointer lies in the first KiB of the BIOS's data area, in the last KiB of low memory, or in the BIOS itself. */
static const uint8_t *find_mp_table(void)
{
        const uint8_t *segment = direct_map_find(EXTENDED_DATA_SEGMENT, 2), *pointer = NULL;
        const uintptr_t extended = segment ? number(segment, 2) * 16 : 0;
        const struct vrange places[] = { { extended, extended + 1024 }, { 0x9fc00, 0xa0000 }, { 0xf0000, 0x100000 } };
        for (size_t i = 0; !pointer && i < sizeof places / sizeof *places; i++)
                pointer = search(places[i].base, places[i].end, POINTER_SIZE, "_MP_");
        return pointer ? find_table(number(pointer + POINTER_TABLE, 4), "PCMP", 2) : NULL;
}

/* The number of entries follows from the table's size. The count in the table is not used: QEMU's qboot leaves it 0. */
static void read_mp_table(const uint8_t *table, struct processors *out)
{
        const size_t size = table ? number(table + TABLE_LENGTH, 2) : 0;
        if (size >= ENTRIES)
                out->local_apic = number(table + LOCAL_APIC_ADDRESS, 4);
        for (size_t at = ENTRIES, length; at + MP_ENTRY_SIZE <= size; at += length) {
                length = table[at + ENTRY_TYPE] == MP_PROCESSOR ? MP_PROCESSOR_SIZE : MP_ENTRY_SIZE;
                if (table[at + ENTRY_TYPE] == MP_PROCESSOR && at + length <= size)
                        add(out, table[at + MP_ID], table[at + MP_FLAGS]);
        }
}

struct processors processors_find(uintptr_t acpi_root)
{
        struct processors out = { .local_apic = 0xfee00000 };   /* the default address */
        read_apics(find_apics(acpi_root), &out);
        if (!out.count)
                read_mp_table(find_mp_table(), &out);
        return out;
}
