/*
 * Small blocks of kernel memory.
 *
 * Blocks are aligned to 64 bytes if they are at least that large, else to 16. Every call is traced with its size and
 * purpose. In the host build the same two functions stand on malloc and free.
 */
#pragma once

#include "trace/vocabulary.h"

#include <stddef.h>

/* A block of at least `size` bytes, zeroed; NULL if there is no memory. */
[[nodiscard]] void *kmalloc(size_t size, enum purpose purpose);

/* Gives a block back. NULL is fine; anything that is not a live block is a panic. */
void kfree(void *block);
