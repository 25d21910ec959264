/* Where the kernel's image lies: at these addresses, and from physical address 0 on (boot/kernel.ld). */
#pragma once

#include <stdint.h>

#define KERNEL_BASE ((uintptr_t)0xffffffff80000000)

/* From boot/kernel.ld. */
extern const char kernel_text_start[], kernel_text_end[], kernel_image_end[];

/* The physical address of something in the kernel's image, as a device needs it. O(1). */
static inline uintptr_t image_physical(const void *address)
{
        return (uintptr_t)address - KERNEL_BASE;
}
