/* The initial ramdisk: a cpio archive of programs and op scripts, in memory from the beginning and never changed. */
#pragma once

#include "lib/cpio.h"
#include "lib/vrange.h"

/* To be told once where it lies in physical memory; an empty range if there is none. */
void initrd_init(struct vrange physical);

bool initrd_find(const char *name, struct cpio_file *out);

/* Prints the names of all files. */
void initrd_list(void);
