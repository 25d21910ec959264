#include "mm/heap.h"
#include "lib/bitmap.h"
#include "mm/memory_manager.h"

enum { HEAP_PAGES = 1 << 18 };

static struct region region;

/* Which pages have no frame, by their number in the heap. Guarded by the lock of kmalloc. */
static struct bitmap unbacked;
static uint64_t unbacked_words[BITMAP_WORDS(HEAP_PAGES)];

struct error heap_init(void)
{
        region_init(&region, "heap", PROTECT_READ | PROTECT_WRITE);
        TRY(memory_manager_reserve(&region, (size_t)HEAP_PAGES * PAGE_SIZE));
        bitmap_init(&unbacked, HEAP_PAGES, unbacked_words);
        bitmap_add_range(&unbacked, 0, HEAP_PAGES);
        return SUCCESS;
}

struct error heap_grow(uintptr_t *page)
{
        size_t number;
        if (!bitmap_lowest(&unbacked, &number))
                return FAIL(NO_MEMORY);
        const uintptr_t address = region_range(&region).base + number * PAGE_SIZE;
        TRY(memory_manager_back(&region, address));
        bitmap_remove(&unbacked, number);
        *page = address;
        return SUCCESS;
}

void heap_shrink(uintptr_t page)
{
        memory_manager_unback(page);
        bitmap_add(&unbacked, (page - region_range(&region).base) / PAGE_SIZE);
}
