/*
 * The heap is one region of kernel memory, reserved once: 512 MiB of addresses without frames. It grows by one page
 * that gets a frame, and shrinks by one that loses it. A region for each page would not do: a struct region is a block,
 * so growing would need what it is to provide.
 *
 * Blocks lie in slabs. A slab is a page of the heap; behind its header it holds blocks of one class:
 *
 *      [ header | block | block | block | ... ]
 *
 * A block's header is found by rounding its address down to a page. Which blocks are live is kept in the header alone,
 * so a freed block is not written to, and freeing one twice shows. The lock guards all headers.
 *
 * A slab without live blocks is empty. Of each class one empty slab stays, as a spare: else a block that is allocated
 * and freed again and again, with no other of its class, would make a page and take it away each time, which takes a
 * shootdown. The spares go when memory runs out, and when kmalloc_trim() is called.
 */
#include "mm/kmalloc.h"
#include "lib/assert.h"
#include "lib/list.h"
#include "lib/string.h"
#include "mm/frames.h"
#include "mm/memory_manager.h"
#include "mm/page_table.h"
#include "trace/trace.h"

enum { HEADER_SIZE = 64, LIVE_BITS = 64, LIVE_WORDS = 4 };

/* Sizes of blocks: from 64 on all are multiples of 64. Of the largest, two fill a page. */
static const uint16_t class_size[] = { 16, 32, 64, 128, 192, 256, 384, 512, 768, 1024, KMALLOC_MOST };
enum { CLASSES = sizeof class_size / sizeof *class_size };

#define SLAB_MAGIC ((uint64_t)0x6b6d616c6c6f6321)       /* not what one finds by accident */

struct slab {
        uint64_t magic;
        struct list_node node;                  /* among the slabs of its class that have room */
        uint32_t class;
        uint32_t count;                         /* live blocks */
        uint64_t live[LIVE_WORDS];
};
_Static_assert(sizeof(struct slab) <= HEADER_SIZE, "a slab's header leaves its blocks aligned");

bool (*kmalloc_request_hook)(void);

static struct spinlock kmalloc_lock = SPINLOCK(LOCK_KMALLOC);
static struct list with_room[CLASSES] GUARDED_BY(kmalloc_lock);
static struct kmalloc_count live GUARDED_BY(kmalloc_lock);
static struct slab *spare[CLASSES] GUARDED_BY(kmalloc_lock);     /* an empty slab, in the list too; NULL: none */

/* --- the heap --------------------------------------------------------------------------------------------- */

enum { HEAP_PAGES = 1 << 17 };

static struct region heap;

/*
 * Pages are numbered from the start of the heap. Those below `used_once` have had a frame at some time; the ones of
 * them that have none now are on the stack.
 */
static uint32_t used_once GUARDED_BY(kmalloc_lock);
static uint32_t stack[HEAP_PAGES] GUARDED_BY(kmalloc_lock);
static uint32_t stack_depth GUARDED_BY(kmalloc_lock);

/*
 * Backs a page of the heap that has no frame with one of zeros: the page that lost its frame last, or else the lowest
 * that never had one. NO_MEMORY if there is no frame, or no page.
 */
static struct error heap_grow(uintptr_t *page) REQUIRES(kmalloc_lock)
{
        const uint32_t number = stack_depth ? stack[stack_depth - 1] : used_once;
        if (number == HEAP_PAGES)
                return FAIL(NO_MEMORY);

        const uintptr_t address = region_range(&heap).base + number * PAGE_SIZE;
        TRY(memory_manager_back(&heap, address));
        if (stack_depth)
                stack_depth--;
        else
                used_once++;
        *page = address;
        return SUCCESS;
}

/* Gives back the frame of a page. */
static void heap_shrink(uintptr_t page) REQUIRES(kmalloc_lock)
{
        memory_manager_unback(page);
        stack[stack_depth] = (uint32_t)((page - region_range(&heap).base) / PAGE_SIZE);
        stack_depth++;
}

/* --- slabs ------------------------------------------------------------------------------------------------ */

static uint32_t capacity(uint32_t class)
{
        return (PAGE_SIZE - HEADER_SIZE) / class_size[class];
}

/* Gives back the page of an empty slab. */
static void drop_slab(struct slab *slab) REQUIRES(kmalloc_lock)
{
        list_remove(&with_room[slab->class], &slab->node);
        heap_shrink((uintptr_t)slab);
}

static size_t drop_spares(void) REQUIRES(kmalloc_lock)
{
        size_t dropped = 0;
        for (uint32_t class = 0; class < CLASSES; class++) {
                if (!spare[class])
                        continue;
                drop_slab(spare[class]);
                spare[class] = NULL;
                dropped++;
        }
        return dropped;
}

/*
 * A slab of this class that has room, an empty one only if no other has. If there is none, the heap grows; if it
 * cannot, the spares of other classes are given back for it.
 */
static struct slab *find_slab(uint32_t class) REQUIRES(kmalloc_lock)
{
        struct list_node *node = with_room[class].first;
        if (spare[class] && node == &spare[class]->node && node->next)
                node = node->next;
        if (node)
                return container_of(node, struct slab, node);

        uintptr_t page;
        struct error error = heap_grow(&page);
        if (error.code && drop_spares())
                error = heap_grow(&page);
        if (error.code)
                return NULL;
        struct slab *slab = (struct slab *)page;
        *slab = (struct slab){ .magic = SLAB_MAGIC, .class = class };
        list_insert_after(&with_room[class], NULL, &slab->node);
        return slab;
}

static char *first_block(struct slab *slab)
{
        return (char *)slab + HEADER_SIZE;
}

static uint32_t take_free_index(struct slab *slab)
{
        uint32_t word = 0;
        while (!~slab->live[word])
                word++;
        const uint32_t bit = (uint32_t)__builtin_ctzll(~slab->live[word]);
        slab->live[word] |= (uint64_t)1 << bit;
        return word * LIVE_BITS + bit;
}

/* The slab that a block lies in. Nothing is read before it is known that something is there. */
static struct slab *slab_of(const void *block)
{
        struct slab *slab = (struct slab *)((uintptr_t)block & ~(PAGE_SIZE - 1));
        struct translation translation;
        assert(page_table_translate(&kernel_page_table, (uintptr_t)slab, &translation) && slab->magic == SLAB_MAGIC,
               "%p is no block of kmalloc's", block);
        return slab;
}

static void *allocate_locked(uint32_t class, size_t size, enum purpose purpose) REQUIRES(kmalloc_lock)
{
        struct slab *slab = find_slab(class);
        if (!slab)
                return NULL;
        if (slab == spare[class])
                spare[class] = NULL;
        char *block = first_block(slab) + take_free_index(slab) * class_size[class];
        if (++slab->count == capacity(class))
                list_remove(&with_room[class], &slab->node);
        live.blocks++;
        live.bytes += class_size[class];
        trace_kmalloc_allocated((uintptr_t)block, size, purpose);
        return block;
}

void *kmalloc(size_t size, enum purpose purpose)
{
        uint32_t class = 0;
        while (class < CLASSES && class_size[class] < size)
                class++;
        if (class == CLASSES || (kmalloc_request_hook && kmalloc_request_hook()))
                return NULL;
        void *block = WITH_LOCK(&kmalloc_lock, allocate_locked(class, size, purpose));
        return block ? memset(block, 0, class_size[class]) : NULL;
}

static void free_locked(struct slab *slab, const char *block) REQUIRES(kmalloc_lock)
{
        const size_t offset = (size_t)(block - first_block(slab)), index = offset / class_size[slab->class];
        const uint64_t bit = (uint64_t)1 << index % LIVE_BITS;
        assert(offset % class_size[slab->class] == 0 && index < capacity(slab->class), "%p is inside a block",
               (const void *)block);
        assert(slab->live[index / LIVE_BITS] & bit, "%p is freed already", (const void *)block);
        slab->live[index / LIVE_BITS] &= ~bit;
        live.blocks--;
        live.bytes -= class_size[slab->class];
        trace_kmalloc_freed((uintptr_t)block);
        if (slab->count-- == capacity(slab->class))
                list_insert_after(&with_room[slab->class], NULL, &slab->node);
        if (slab->count)
                return;
        if (spare[slab->class])
                drop_slab(slab);
        else
                spare[slab->class] = slab;      /* one empty slab of each class stays */
}

void kfree(void *block)
{
        if (!block)
                return;
        spinlock_acquire(&kmalloc_lock);
        free_locked(slab_of(block), block);
        spinlock_release(&kmalloc_lock);
}

size_t kmalloc_trim(void)
{
        return WITH_LOCK(&kmalloc_lock, drop_spares());
}

/* Called when no frame is free. With one of these locks held nothing can be given back: the caller's request fails. */
static bool reclaim(void)
{
        if (spinlock_is_held(&kmalloc_lock) || spinlock_is_held(&memory_manager_lock))
                return false;
        return kmalloc_trim() > 0;
}

struct error kmalloc_init(void)
{
        frames_reclaim = reclaim;
        region_init(&heap, "heap", PROTECT_READ | PROTECT_WRITE);
        return memory_manager_reserve(&heap, (size_t)HEAP_PAGES * PAGE_SIZE);
}

struct kmalloc_count kmalloc_live(void)
{
        return WITH_LOCK(&kmalloc_lock, live);
}
