#include "boot/processors.h"
#include "lib/string.h"
#include "mm/direct_map.h"

/* Offsets in the root pointer; in every table; and in the table of APICs (MADT) and its entries, by type. */
enum { ROOT_REVISION = 15, ROOT_SHORT_LIST = 16, ROOT_SIZE_SHORT = 20, ROOT_LONG_LIST = 24, ROOT_SIZE_LONG = 36 };
enum { TABLE_LENGTH = 4, TABLE_BODY = 36, TABLE_MOST = 1 << 20 };
enum { LOCAL_APIC_ADDRESS = 36, ENTRIES = 44, ENTRY_TYPE = 0, ENTRY_LENGTH = 1, ENTRY_LEAST = 2 };
enum { LOCAL_APIC_TYPE = 0, LOCAL_APIC_ID = 3, LOCAL_APIC_FLAGS = 4, LOCAL_APIC_SIZE = 8, LOCAL_APIC_NO_ID = 0xff };
enum { ADDRESS_TYPE = 5, ADDRESS_VALUE = 4, ADDRESS_SIZE = 12 };
enum { ENABLED = 1 };

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

/* The table at an address. NULL if no valid table is there. */
static const uint8_t *find_table(uintptr_t physical, const char *signature)
{
        const uint8_t *table = direct_map_find(physical, TABLE_BODY);
        const size_t size = table ? number(table + TABLE_LENGTH, 4) : 0;
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

/* Searches a list of tables, whose addresses have 4 bytes or 8, for the table of APICs. */
static const uint8_t *find_listed(uintptr_t physical, const char *signature, size_t address_size)
{
        const uint8_t *found = NULL, *list = find_table(physical, signature);
        const size_t size = list ? number(list + TABLE_LENGTH, 4) : 0;
        for (size_t at = TABLE_BODY; !found && at + address_size <= size; at += address_size)
                found = find_table(number(list + at, address_size), "APIC");
        return found;
}

static const uint8_t *find_apics(uintptr_t root_pointer)
{
        static const char signature[] = "RSD PTR ";
        const uint8_t *root = find_signed(root_pointer, ROOT_SIZE_SHORT, signature), *found = NULL;
        if (root && root[ROOT_REVISION] >= 2 && find_signed(root_pointer, ROOT_SIZE_LONG, signature))
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

struct processors processors_find(uintptr_t acpi_root)
{
        struct processors out = { .local_apic = 0xfee00000 };   /* the default address */
        read_apics(find_apics(acpi_root), &out);
        return out;
}
