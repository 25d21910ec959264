/*
 * An image: a program of the initial ramdisk in an address space of its own, ready to begin.
 *
 * From low to high addresses: the program's segments, the file it is to work on, and, at a place drawn at random, its
 * stack between two guard pages. On top of the stack lies its argument.
 */
#pragma once

#include "lib/cpio.h"
#include "mm/address_space.h"

struct trap_frame;

struct image {
        struct address_space *space;
        uintptr_t entry, stack_top;             /* where it begins */
        uintptr_t argument;                     /* what it is given: a text, ... */
        struct vrange file;                     /* ... and a file's bytes; empty if there is none */
};

enum { IMAGE_ARGUMENT_MOST = PAGE_SIZE / 2 };

/*
 * Loads a program. It is given the argument as a text and, if a file of the ramdisk has that name, the file's bytes in
 * a region that it may read. BAD_INPUT or OVERLAP if it is not a program that can run, BAD_ARGUMENT if the argument,
 * with the zero that ends it, is longer than IMAGE_ARGUMENT_MOST, NO_MEMORY.
 */
struct error image_load(const struct cpio_file *program, const char *argument, struct image *out);

/* The registers with which it begins, a random number for its own use among them. */
struct trap_frame image_registers(const struct image *image);
