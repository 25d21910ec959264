/* What kernel memory is allocated for. */
#pragma once

/* What the memory is used for. */
#define PURPOSES(X)                                                                                                 \
        X(ANY, any, "no particular purpose")                                                                        \
        X(REGION, region, "a struct region, or its node in a list, in the first kernel of the labs")                \
        X(SPACE, space, "a struct address_space")                                                                   \
        X(PAGE_TABLE, page_table, "a page table")                                                                   \
        X(HEAP, heap, "a page of kmalloc's heap")                                                                   \
        X(KERNEL_REGION, kernel_region, "a page of a region of kernel memory")                                      \
        X(USER_PAGE, user_page, "a page of a process")                                                              \
        X(TASK, task, "a process or a thread")                                                                      \
        X(OBJECT, object, "memory that address spaces share")                                                       \
        X(PIPE, pipe, "a pipe")                                                                                     \
        X(TEST, test, "a test case")                                                                                \
        X(FREE_RANGE, free_range, "a free range of a virtual range allocator, in the early kernels of the labs")

#define PURPOSE_ENUMERATOR(symbol, name, meaning) PURPOSE_##symbol,
enum purpose { PURPOSES(PURPOSE_ENUMERATOR) };
