/*
 * The format of x86_64 page tables: four levels of 512 entries, and what the bits of an entry mean.
 *
 *      63       47     39 38     30 29     21 20     12 11        0
 *      |  sign  | level 4 | level 3 | level 2 | level 1 |  offset |      an address
 *
 * An entry of level 1 is a page; one of level 2 with PAGE_LARGE set is a page of 2 MiB; the rest are tables.
 */
#pragma once

#include <stdint.h>

typedef uint64_t page_entry;

enum { PAGE_TABLE_ENTRIES = 512, PAGE_TABLE_LEVELS = 4 };

#define PAGE_PRESENT ((page_entry)1 << 0)
#define PAGE_WRITE ((page_entry)1 << 1)
#define PAGE_USER ((page_entry)1 << 2)                 /* for programs too */
#define PAGE_UNCACHED ((page_entry)3 << 3)             /* for the registers of devices */
#define PAGE_LARGE ((page_entry)1 << 7)
#define PAGE_NO_EXECUTE ((page_entry)1 << 63)
#define PAGE_FRAME ((page_entry)0x000ffffffffff000)     /* the physical address in an entry */

#define LARGE_PAGE_SIZE ((uint64_t)2 << 20)

/* The index of the entry for an address in its table at level 1 to 4, and how many bytes one entry there maps. O(1). */
static inline unsigned page_entry_index(uintptr_t address, int level)
{
        return address >> (3 + 9 * level) & (PAGE_TABLE_ENTRIES - 1);
}

static inline uint64_t page_entry_span(int level)
{
        return (uint64_t)1 << (3 + 9 * level);
}
