/*
 * The kernel's half of the address space.
 *
 *      0xffff800000000000      the direct map: all of physical memory, from address 0 on, readable and writable
 *      0xffffc00000000000      kernel memory, handed out by the memory manager
 *      0xffffffff80000000      the kernel's image (boot/kernel.ld)
 */
#pragma once

#include "lib/vrange.h"

#define DIRECT_MAP_BASE ((uintptr_t)0xffff800000000000)
#define DIRECT_MAP_END ((uintptr_t)0xffff808000000000)  /* 512 GiB: one table of level 3 */
#define KERNEL_MEMORY_BASE ((uintptr_t)0xffffc00000000000)
#define KERNEL_MEMORY_END ((uintptr_t)0xffffe00000000000)
#define KERNEL_BASE ((uintptr_t)0xffffffff80000000)

/* From boot/kernel.ld. */
extern const char kernel_text_start[], kernel_text_end[], kernel_image_end[];

/* The physical address of something in the kernel's image. */
static inline uintptr_t image_physical(const void *address)
{
        return (uintptr_t)address - KERNEL_BASE;
}
