/*
 * The address space: what belongs to programs, below, and to the kernel, above.
 *
 *      0x0000000000010000      programs; the lowest addresses stay empty, so that NULL leads nowhere
 *      0x0000700000000000      their stacks (task/image.c), in a window of 2 TiB: 29 random bits
 *      0x00007ffffffff000      the end of theirs: one page short of half of all addresses
 *
 *      0xffff800000000000      the direct map: all of physical memory, from address 0 on, readable and writable
 *      0xffffc00000000000      kernel memory, handed out by the memory manager; first of all the heap
 *      0xffffffff80000000      the kernel's image (boot/kernel.ld)
 */
#pragma once

#include "arch/image.h"
#include "lib/vrange.h"

#define USER_BASE ((uintptr_t)0x10000)
#define USER_END ((uintptr_t)0x7ffffffff000)
#define USER_STACKS_BASE ((uintptr_t)0x700000000000)
#define USER_STACKS_END ((uintptr_t)0x720000000000)

#define DIRECT_MAP_BASE ((uintptr_t)0xffff800000000000)
#define DIRECT_MAP_END ((uintptr_t)0xffff808000000000)  /* 512 GiB: one table of level 3 */
#define KERNEL_MEMORY_BASE ((uintptr_t)0xffffc00000000000)
#define KERNEL_MEMORY_END ((uintptr_t)0xffffe00000000000)
