/*
 * What a program's pointers point to. The kernel never follows such a pointer: it copies to and from where one
 * leads, and that may fail. A page that the program has not touched yet is filled, as if the program had touched it.
 *
 * BAD_ARGUMENT if any of it is not the program's to read or to write. What has been copied until then stays so; the
 * fault is kept in the thread that runs, which deserves to be killed for it.
 */
#pragma once

#include "lib/error.h"

#include <stddef.h>

struct error user_memory_read(void *to, uintptr_t from, size_t size);
struct error user_memory_write(uintptr_t to, const void *from, size_t size);

/* A text with the zero that ends it, in at most `room` bytes. BAD_ARGUMENT too if it is longer. */
struct error user_memory_read_text(char *to, uintptr_t from, size_t room);
