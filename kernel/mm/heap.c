#include "mm/heap.h"
#include "mm/memory_manager.h"

enum { HEAP_PAGES = 1 << 17 };

static struct region region;

/*
 * Pages are numbered from the start of the heap. Those below `used_once` have had a frame at some time; the ones of
 * them that have none now are on the stack. The lock of kmalloc guards all of this.
 */
static uint32_t used_once;
static uint32_t stack[HEAP_PAGES];
static uint32_t stack_depth;

struct error heap_init(void)
{
        region_init(&region, "heap", PROTECT_READ | PROTECT_WRITE);
        return memory_manager_reserve(&region, (size_t)HEAP_PAGES * PAGE_SIZE);
}

struct error heap_grow(uintptr_t *page)
{
        const uint32_t number = stack_depth ? stack[stack_depth - 1] : used_once;
        if (number == HEAP_PAGES)
                return FAIL(NO_MEMORY);

        const uintptr_t address = region_range(&region).base + number * PAGE_SIZE;
        TRY(memory_manager_back(&region, address));
        if (stack_depth)
                stack_depth--;
        else
                used_once++;
        *page = address;
        return SUCCESS;
}

void heap_shrink(uintptr_t page)
{
        memory_manager_unback(page);
        stack[stack_depth] = (uint32_t)((page - region_range(&region).base) / PAGE_SIZE);
        stack_depth++;
}
