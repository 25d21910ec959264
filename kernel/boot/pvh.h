/*
 * What a PVH loader hands over: the layout is Xen's, as in its public/arch-x86/hvm/start_info.h. Addresses are
 * physical.
 */
#pragma once

#include <stdint.h>

#define PVH_MAGIC ((uint32_t)0x336ec578)

enum { PVH_MEMORY_USABLE = 1 };

struct pvh_start_info {
        uint32_t magic;
        uint32_t version;               /* 1 has a memory map */
        uint32_t flags;
        uint32_t module_count;
        uint64_t modules;
        uint64_t command_line;
        uint64_t acpi;
        uint64_t memory_map;
        uint32_t memory_map_entries;
        uint32_t reserved;
};

struct pvh_module {
        uint64_t base;
        uint64_t size;
        uint64_t command_line;
        uint64_t reserved;
};

struct pvh_memory {
        uint64_t base;
        uint64_t size;
        uint32_t type;
        uint32_t reserved;
};
