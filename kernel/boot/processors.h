/*
 * What the firmware's tables say about the processors: those of ACPI (its specification 6.4, sections 5.2.5 to 5.2.8
 * and 5.2.12), or, where these name none, the older MP table (Intel's MultiProcessor Specification 1.4, chapter 4; none
 * of its default configurations, which have no table). Nothing in them is trusted: a table with a wrong length,
 * checksum or pointer is treated as absent.
 */
#pragma once

#include "arch/this_cpu.h"

struct processors {
        uintptr_t local_apic;                   /* the physical address of every processor's own */
        unsigned count;                         /* as many as there are; of those, the first CPUS_MOST are named */
        uint32_t apic_id[CPUS_MOST];
};

/*
 * Which processors can be started, the one that runs among them. ACPI's root pointer is a physical address, or 0 if the
 * loader gave none: then it is searched for. Without tables the result is empty. The direct map is complete.
 */
struct processors processors_find(uintptr_t acpi_root);
