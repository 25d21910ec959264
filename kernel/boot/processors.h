/*
 * What the firmware's tables of ACPI say about the processors (its specification 6.4, sections 5.2.5 to 5.2.8 and
 * 5.2.12). Nothing in them is trusted: a table with a wrong length, checksum or pointer is treated as absent.
 */
#pragma once

#include "arch/this_cpu.h"

struct processors {
        uintptr_t local_apic;                   /* the physical address of every processor's own */
        unsigned count;                         /* as many as there are; of those, the first CPUS_MOST are named */
        uint32_t apic_id[CPUS_MOST];
};

/*
 * Which processors can be started, the one that runs among them. `acpi_root` is the physical address of ACPI's root
 * pointer, or 0 if the loader gave none. Without valid tables the result names no processor. The direct map is
 * complete. O(bytes of the tables).
 */
struct processors processors_find(uintptr_t acpi_root);
