/*
 * Copying between the kernel and the memory of the calling program. The kernel never dereferences a program's pointer:
 * it checks that the range is below USER_END, and copies by user_copy() (arch/user_entry.h), which survives a page
 * fault. A page that the program may use but has not touched yet gets a frame, as if the program had touched it.
 *
 * BAD_ARGUMENT if the program may not read or write all of the range. Then a part may have been copied, and the fault
 * is in thread_current()->fault, for which user_system_call() kills the program.
 *
 * O(size), and a page fault for each page that has no frame. Must be called with no lock held: a page fault takes the
 * locks of the address space and of frames, and may wait until another process has given back memory.
 */
#pragma once

#include "lib/error.h"

struct error user_memory_read(void *to, uintptr_t from, size_t size);
struct error user_memory_write(uintptr_t to, const void *from, size_t size);

/* Copies a string and the zero that ends it, at most `room` bytes. BAD_ARGUMENT also if it is longer. */
struct error user_memory_read_text(char *to, uintptr_t from, size_t room);
