/*
 * The names of the kernel's functions. The table is made from a first link of the kernel by lib/symbols.awk, and
 * added by a second one, which moves no code (boot/kernel.ld).
 */
#pragma once

#include "lib/types.h"

struct symbol {
        uintptr_t address;
        const char *name;
};

/* In the order of their addresses; the last one has no name and is where the code ends. */
extern const struct symbol symbol_table[];

/* The function an address lies in; NULL if it lies in none. O(symbols). */
const struct symbol *symbol_find(uintptr_t address);
