/*
 * What the loader says about the machine and this run. It is checked and copied; the loader's tables are not used
 * later.
 */
#pragma once

#include "lib/vrange.h"

enum { BOOT_MEMORY_MAX = 32, BOOT_COMMAND_LINE_SIZE = 1024 };

struct boot_info {
        struct vrange memory[BOOT_MEMORY_MAX];          /* physical, usable; in no order */
        size_t memory_count;
        struct vrange initrd;                           /* physical; empty if there is none */
        uintptr_t acpi;                                 /* physical: ACPI's root pointer; 0 if the loader gave none */
        char command_line[BOOT_COMMAND_LINE_SIZE];
        bool command_line_is_cut;                       /* it was longer */
};

/*
 * Reads the start_info at a physical address, through the direct map of the first GiB. BAD_INPUT if what is there
 * is not one, if a table it names lies elsewhere, if there is no memory, or if the initial ramdisk lies outside it.
 * Stretches of memory beyond BOOT_MEMORY_MAX are left unused.
 */
struct error boot_info_read(struct boot_info *out, uintptr_t start_info);
