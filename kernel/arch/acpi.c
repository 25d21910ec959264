#include "arch/acpi.h"
#include "arch/page_entry.h"
#include "lib/string.h"
#include "mm/direct_map.h"
#include "mm/page_table.h"

#define LOCAL_APIC ((uintptr_t)0xfee00000)      /* where it is unless told otherwise */

/* Where things are in the root pointer; in any table; in the table of APICs, and in its entries of each type. */
enum { ROOT_REVISION = 15, ROOT_SHORT_LIST = 16, ROOT_SIZE_SHORT = 20, ROOT_LONG_LIST = 24, ROOT_SIZE_LONG = 36 };
enum { TABLE_LENGTH = 4, TABLE_BODY = 36, TABLE_MOST = 1 << 20 };
enum { APICS_ADDRESS = 36, APICS_ENTRIES = 44 };
enum { ENTRY_TYPE = 0, ENTRY_LENGTH = 1, ENTRY_LEAST = 2 };
enum { LOCAL_APIC_TYPE = 0, LOCAL_APIC_ID = 3, LOCAL_APIC_FLAGS = 4, LOCAL_APIC_SIZE = 8, LOCAL_APIC_NO_ID = 0xff };
enum { ADDRESS_TYPE = 5, ADDRESS_VALUE = 4, ADDRESS_SIZE = 12 };
enum { X2APIC_TYPE = 9, X2APIC_ID = 4, X2APIC_FLAGS = 8, X2APIC_SIZE = 16 };
enum { FLAG_ENABLED = 1 };

static uint64_t number(const uint8_t *bytes, size_t size)
{
        uint64_t value = 0;

        memcpy(&value, bytes, size);
        return value;
}

/* `size` bytes of physical memory, if the direct map shows them; it shows 2 MiB at a time. NULL if not. */
static const uint8_t *find(uintptr_t physical, size_t size)
{
        struct translation behind;
        struct vrange range;

        if (!physical || !vrange_make(&range, physical, size) || range.end > DIRECT_MAP_END - DIRECT_MAP_BASE ||
            !page_table_translate(&kernel_page_table, DIRECT_MAP_BASE + range.base, &behind) ||
            !page_table_translate(&kernel_page_table, DIRECT_MAP_BASE + range.end - 1, &behind))
                return NULL;
        return direct_map(physical);
}

/* All bytes of what ACPI keeps add up to 0. */
static bool adds_up(const uint8_t *bytes, size_t size)
{
        uint8_t sum = 0;

        for (size_t i = 0; i < size; i++)
                sum += bytes[i];
        return sum == 0;
}

static const uint8_t *find_table(uintptr_t physical, const char *signature, size_t *size)
{
        const uint8_t *table = find(physical, TABLE_BODY);

        if (!table || memcmp(table, signature, 4))
                return NULL;
        *size = number(table + TABLE_LENGTH, 4);
        if (*size < TABLE_BODY || *size > TABLE_MOST || !find(physical, *size))
                return NULL;
        return adds_up(table, *size) ? table : NULL;
}

/* The table of APICs, if a list names it, by addresses of 4 bytes or of 8. */
static const uint8_t *find_listed(uintptr_t physical, const char *signature, size_t address_size, size_t *size)
{
        const uint8_t *found = NULL, *list = find_table(physical, signature, size);
        const size_t end = list ? *size : 0;

        for (size_t at = TABLE_BODY; !found && at + address_size <= end; at += address_size)
                found = find_table(number(list + at, address_size), "APIC", size);
        return found;
}

static const uint8_t *root_at(uintptr_t physical)
{
        const uint8_t *root = find(physical, ROOT_SIZE_SHORT);

        return root && !memcmp(root, "RSD PTR ", 8) && adds_up(root, ROOT_SIZE_SHORT) ? root : NULL;
}

static const uint8_t *find_apics(uintptr_t root_pointer, size_t *size)
{
        const uint8_t *root = root_at(root_pointer), *found = NULL;

        for (uintptr_t physical = 0xe0000; !root && physical < 0x100000; physical += 16)
                root = root_at(physical);
        if (root && root[ROOT_REVISION] >= 2 && adds_up(root, ROOT_SIZE_LONG))
                found = find_listed(number(root + ROOT_LONG_LIST, 8), "XSDT", 8, size);
        if (root && !found)
                found = find_listed(number(root + ROOT_SHORT_LIST, 4), "RSDT", 4, size);
        return found;
}

static void add(struct processors *out, uint32_t id, uint32_t flags)
{
        if (!(flags & FLAG_ENABLED))
                return;
        if (out->count < CPUS_MOST)
                out->apic_id[out->count] = id;
        out->count++;
}

static void read_entry(const uint8_t *entry, size_t size, struct processors *out)
{
        if (entry[ENTRY_TYPE] == LOCAL_APIC_TYPE && size >= LOCAL_APIC_SIZE && entry[LOCAL_APIC_ID] != LOCAL_APIC_NO_ID)
                add(out, entry[LOCAL_APIC_ID], entry[LOCAL_APIC_FLAGS]);
        else if (entry[ENTRY_TYPE] == X2APIC_TYPE && size >= X2APIC_SIZE)
                add(out, (uint32_t)number(entry + X2APIC_ID, 4), entry[X2APIC_FLAGS]);
        else if (entry[ENTRY_TYPE] == ADDRESS_TYPE && size >= ADDRESS_SIZE)
                out->local_apic = number(entry + ADDRESS_VALUE, 8);
}

struct processors acpi_processors(uintptr_t root_pointer)
{
        struct processors out = { .local_apic = LOCAL_APIC };
        size_t size, length;
        const uint8_t *apics = find_apics(root_pointer, &size);

        if (!apics || size < APICS_ENTRIES)
                return out;
        out.local_apic = number(apics + APICS_ADDRESS, 4);
        for (size_t at = APICS_ENTRIES; at + ENTRY_LEAST <= size; at += length) {
                length = apics[at + ENTRY_LENGTH];
                if (length < ENTRY_LEAST || length > size - at)
                        break;
                read_entry(apics + at, length, &out);
        }
        return out;
}
