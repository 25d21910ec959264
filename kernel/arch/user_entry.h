/*
 * The way between ring 0 and ring 3, and the one place where the kernel touches user memory.
 *
 * A program is like a function that the kernel calls: user_enter() returns when somebody, in a trap of that program,
 * calls user_leave(). The traps in between use the same stack, above what user_enter() left on it.
 *
 *      user_enter(&registers)
 *              ... ring 3 ... trap -> trap_handle() ... back to ring 3 ...
 *              ... ring 3 ... trap -> trap_handle() -> user_leave()
 *      user_enter() returns
 */
#pragma once

#include <stddef.h>

struct trap_frame;

/* Goes to ring 3 with these registers, in the page table in use. */
void user_enter(const struct trap_frame *registers);

_Noreturn void user_leave(void);

/*
 * Copies bytes when one of the two ends is user memory, which SMAP lets pass nowhere else. Returns how many bytes were
 * not copied: 0, unless a page fault at user memory could not be resolved. The trap handler knows such a fault by its
 * instruction, user_copy_access, and has the call return early by going on at user_copy_failed.
 */
size_t user_copy(void *to, const void *from, size_t n);

extern const char user_copy_access[], user_copy_failed[];
