/*
 * Small blocks come in classes of powers of two, each with a list of free blocks. A block has a header that says how
 * large it is, and, while it is free, which block is next:
 *
 *      | size | next | block ...
 */
#include "user/lib/user.h"

enum { SMALLEST = 32, CLASSES = 8, ARENA_SIZE = 16 * PAGE_SIZE };      /* 32 bytes to 4 KiB, header included */

struct header {
        size_t size;                    /* with the header; of a large block, whole pages */
        struct header *next;            /* of a free block */
};

static struct header *free_blocks[CLASSES];

static bool new_region(const char *name, size_t size, void **out)
{
        const struct mapping mapping = { .name = name, .size = size, .protection = PROTECT_READ | PROTECT_WRITE };
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

void *malloc(size_t size)
{
        struct header *header;
        unsigned class = 0;
        size_t whole;

        if (__builtin_add_overflow(size, sizeof *header, &whole))
                return NULL;
        while (class < CLASSES && (size_t)SMALLEST << class < whole)
                class++;
        if (class == CLASSES)
                return allocate_large(whole);
        if (!free_blocks[class] && !refill(class, (size_t)SMALLEST << class))
                return NULL;
        header = free_blocks[class];
        free_blocks[class] = header->next;
        return header + 1;
}

void free(void *block)
{
        struct header *header = (struct header *)block - 1;
        unsigned class = 0;

        if (!block)
                return;
        while (class < CLASSES && (size_t)SMALLEST << class < header->size)
                class++;
        if (class == CLASSES) {
                error_ignore(munmap((uintptr_t)header, header->size));
                return;
        }
        header->next = free_blocks[class];
        free_blocks[class] = header;
}
