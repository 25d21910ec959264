/*
 * Small blocks come in classes of powers of two, each with a list of free blocks. A block has a header that says how
 * large it is, and, while it is free, which block is next:
 *
 *      | size | next | block ...
 */
#include "user/lib/lock.h"

enum { SMALLEST = 32, CLASSES = 8, ARENA_SIZE = 16 * PAGE_SIZE };      /* 32 bytes to 4 KiB, header included */

struct header {
        size_t size;                    /* with the header; of a large block, whole pages */
        struct header *next;            /* of a free block */
};

static struct lock lock;                /* guards the lists */
static struct header *free_blocks[CLASSES];

static bool new_region(const char *name, size_t size, void **out)
{
        const struct mapping mapping = { .name = name, .size = size, .protection = PROTECT_READ_WRITE };
        uintptr_t base;

        if (mmap(&mapping, &base).code)
                return false;
        *out = (void *)base;
        return true;
}

/* Cuts a fresh region into blocks of one class, the lowest to be given first. */
static bool refill(unsigned class, size_t size)
{
        void *arena;

        if (!new_region("heap", ARENA_SIZE, &arena))
                return false;
        for (size_t at = ARENA_SIZE; at >= size; at -= size) {
                struct header *header = (void *)((char *)arena + at - size);

                *header = (struct header){ size, free_blocks[class] };
                free_blocks[class] = header;
        }
        return true;
}

static void *allocate_large(size_t size)
{
        void *block;
        size_t whole;

        if (!vrange_round_up(&whole, size) || !new_region("large block", whole, &block))
                return NULL;
        *(struct header *)block = (struct header){ .size = whole };
        return (struct header *)block + 1;
}

static unsigned class_of(size_t whole)
{
        unsigned class = 0;

        while (class < CLASSES && (size_t)SMALLEST << class < whole)
                class++;
        return class;
}

void *malloc(size_t size)
{
        struct header *header = NULL;
        unsigned class;
        size_t whole;

        if (__builtin_add_overflow(size, sizeof *header, &whole))
                return NULL;
        class = class_of(whole);
        if (class == CLASSES)
                return allocate_large(whole);
        lock_acquire(&lock);
        if (free_blocks[class] || refill(class, (size_t)SMALLEST << class)) {
                header = free_blocks[class];
                free_blocks[class] = header->next;
        }
        lock_release(&lock);
        return header ? header + 1 : NULL;
}

void free(void *block)
{
        struct header *header;
        unsigned class;

        if (!block)
                return;
        header = (struct header *)block - 1;
        class = class_of(header->size);
        if (class == CLASSES) {
                error_ignore(munmap((uintptr_t)header, header->size));
                return;
        }
        lock_acquire(&lock);
        header->next = free_blocks[class];
        free_blocks[class] = header;
        lock_release(&lock);
}
