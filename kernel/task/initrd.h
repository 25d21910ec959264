/* The initial ramdisk: a cpio archive of programs and op scripts, in memory from the beginning and never changed. */
#pragma once

#include "lib/cpio.h"

extern struct cpio initrd;                      /* set once, when the machine starts */

/* Prints the names of all files. O(files). */
void initrd_list(void);
