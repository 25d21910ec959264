/* What kernel memory is allocated for. */
#pragma once

#include "lib/vocabulary/enumerator.h"

/* What the memory is used for. */
#define PURPOSES(X)                                                                                                 \
        X(PURPOSE_ANY, any, "no particular purpose")                                                                \
        X(PURPOSE_REGION, region, "a struct region, or its node in a list, in the first kernel of the labs")        \
        X(PURPOSE_SPACE, space, "a struct address_space")                                                           \
        X(PURPOSE_PAGE_TABLE, page_table, "a page table")                                                           \
        X(PURPOSE_HEAP, heap, "a page of kmalloc's heap")                                                           \
        X(PURPOSE_KERNEL_REGION, kernel_region, "a page of a region of kernel memory")                              \
        X(PURPOSE_USER_PAGE, user_page, "a page of a process")                                                      \
        X(PURPOSE_TASK, task, "a process or a thread")                                                              \
        X(PURPOSE_OBJECT, object, "memory that address spaces share")                                               \
        X(PURPOSE_PIPE, pipe, "a pipe")                                                                             \
        X(PURPOSE_TEST, test, "a test case")                                                                        \
        X(PURPOSE_FREE_RANGE, free_range, "a free range of a virtual range allocator, in the early kernels of the labs")

enum purpose { PURPOSES(ENUMERATOR) };
