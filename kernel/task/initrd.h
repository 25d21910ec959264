/* The initial ramdisk: a cpio archive of programs and op scripts, in memory from the beginning and never changed. */
#pragma once

#include "lib/cpio.h"
#include "lib/vrange.h"

/* To be called once, with where it lies in physical memory; an empty range if there is none. O(1). */
void initrd_init(struct vrange physical);

/* Finds a file by its name. False if there is none. O(files). */
bool initrd_find(const char *name, struct cpio_file *out);

/* Prints the names of all files. O(files). */
void initrd_list(void);
