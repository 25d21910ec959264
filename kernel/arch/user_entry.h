/* The one place where the kernel reads and writes user memory. */
#pragma once

#include <stddef.h>

/*
 * Copies n bytes; one of the two ends is user memory. Returns how many bytes were not copied: 0, unless a page fault at
 * user memory could not be resolved. O(n), and the page faults.
 *
 * The trap handler recognises such a fault by the address of its instruction, user_copy_access. If it cannot resolve
 * the fault, it changes the frame's rip to user_copy_failed, where the function returns early.
 */
size_t user_copy(void *to, const void *from, size_t n);

extern const char user_copy_access[], user_copy_failed[];
