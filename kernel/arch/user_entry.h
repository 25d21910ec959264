/* The one place where the kernel touches user memory. */
#pragma once

#include <stddef.h>

/*
 * Copies bytes when one of the two ends is user memory, which SMAP lets pass nowhere else. Returns how many bytes were
 * not copied: 0, unless a page fault at user memory could not be resolved. The trap handler knows such a fault by its
 * instruction, user_copy_access, and has the call return early by going on at user_copy_failed.
 */
size_t user_copy(void *to, const void *from, size_t n);

extern const char user_copy_access[], user_copy_failed[];
