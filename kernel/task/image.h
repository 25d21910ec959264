/*
 * An image: a program of the initial ramdisk in an address space of its own, ready to begin.
 *
 * From low to high addresses: the program's segments and, at a place drawn at random, its stack between two guard
 * pages. On top of the stack lie its arguments.
 */
#pragma once

#include "arch/traps.h"
#include "lib/cpio.h"
#include "mm/address_space.h"

enum { ARGUMENTS_MOST = 64, ARGUMENTS_SIZE = PAGE_SIZE / 2 };

/* The arguments of a program, the first its name: texts one behind the other, each with the zero that ends it. */
struct argument_vector {
        size_t count, size;
        char text[ARGUMENTS_SIZE];
};

/*
 * Its registers: rip is where it begins, rsp the top of its stack, rdi how many arguments there are, rsi the address of
 * an array of pointers to them, with a null pointer behind the last; r8 is a random number for its own use.
 */
struct image {
        struct address_space *space;
        struct trap_frame registers;
};

/*
 * Loads a program and its arguments. BAD_INPUT or OVERLAP if it is not a program that can run, NO_MEMORY. O(size of the
 * program).
 */
struct error image_load(const struct cpio_file *program, const struct argument_vector *arguments, struct image *out);
