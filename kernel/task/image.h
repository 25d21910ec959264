/*
 * An image: a program of the initial ramdisk in an address space of its own, ready to begin.
 *
 * From low to high addresses: the program's segments, the file it is to work on, and, at a place drawn at random, its
 * stack between two guard pages. On top of the stack lies its argument.
 */
#pragma once

#include "arch/traps.h"
#include "lib/cpio.h"
#include "mm/address_space.h"

enum { IMAGE_ARGUMENT_MOST = PAGE_SIZE / 2 };

/*
 * Its registers: rip is where it begins, rsp the top of its stack, rdi its argument, a text; rsi and rdx say where the
 * file's bytes are and how many, both 0 if there is none; rcx is a random number for its own use.
 */
struct image {
        struct address_space *space;
        struct trap_frame registers;
};

/*
 * Loads a program. It is given the argument as a text and, if a file of the ramdisk has that name, the file's bytes in
 * a region that it may read. BAD_INPUT or OVERLAP if it is not a program that can run, BAD_ARGUMENT if the argument,
 * with the zero that ends it, is longer than IMAGE_ARGUMENT_MOST, NO_MEMORY.
 */
struct error image_load(const struct cpio_file *program, const char *argument, struct image *out);
