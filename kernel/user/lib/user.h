/*
 * What a program stands on: the system calls as functions, and a small C library. Errors are those of the kernel.
 *
 *      int main(const char *argument, struct file file)
 *      {
 *              uintptr_t base;
 *
 *              if (mmap(&(struct mapping){ .name = "mine", .size = 4096, .protection = PROTECT_READ }, &base).code)
 *                      return 1;
 *              printf("mapped at 0x%lx\n", base);
 *              return 0;
 *      }
 */
#pragma once

#include "lib/error.h"
#include "lib/printf.h"
#include "lib/string.h"
#include "mm/address_space.h"
#include "task/system_call.h"

/* The file named by the program's argument; of no size if there is none of that name. */
struct file {
        const char *bytes;
        size_t size;
};

/* Every program has its own. What it returns is the program's exit status. */
int main(const char *argument, struct file file);

/* --- system calls: each as in docs/system-calls.md -------------------------------------------------------- */

_Noreturn void exit(int status);
struct error write(const void *bytes, size_t size);
struct error mmap(const struct mapping *mapping, uintptr_t *base);
struct error munmap(uintptr_t address, size_t size);
struct error mprotect(uintptr_t address, size_t size, enum protection protection);
struct error resize(uintptr_t base, size_t size);

/* Fills in the first `most` regions, in address order; yields how many there are. */
struct error regions(struct region_listing *listing, size_t most, size_t *count);

/* --- the library ------------------------------------------------------------------------------------------ */

/* The kernel's own kprintf, whose text goes to console_write(): in a program, the system call. */
#define printf kprintf

/*
 * Blocks of 16 bytes and more, not zeroed, aligned to 16. Small ones are cut from regions of 64 KiB; a large one has a
 * region to itself, which goes when the block does. NULL if there is no memory.
 */
void *malloc(size_t size);

/* NULL is fine. */
void free(void *block);
