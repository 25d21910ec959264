/*
 * Blocks lie in runs. A run is a page of the heap; behind its header it holds blocks of one class:
 *
 *      [ header | block | block | block | ... ]
 *
 * A block's header is found by rounding its address down to a page. Which blocks are live is kept in the header alone,
 * so a freed block is not written to, and freeing one twice shows. The lock guards all headers.
 *
 * The heap is one reserved region of kernel memory. It grows by a page that gets a frame and shrinks by one that loses
 * it, so its addresses never have to be asked for again, which would take a struct region, which is a block.
 */
#include "mm/kmalloc.h"
#include "lib/assert.h"
#include "lib/string.h"
#include "mm/fault_injection.h"
#include "mm/memory_manager.h"
#include "mm/page_table.h"
#include "trace/trace.h"

enum { HEADER_SIZE = 64, LIVE_BITS = 64, LIVE_WORDS = 4 };

/* Sizes of blocks: from 64 on all are multiples of 64. Of the largest, two fill a page. */
static const uint16_t class_size[] = { 16, 32, 64, 128, 192, 256, 384, 512, 768, 1024, KMALLOC_MOST };
enum { CLASSES = sizeof class_size / sizeof *class_size };

#define HEAP_SIZE ((size_t)1 << 30)
#define RUN_MARK ((uint64_t)0x6b6d616c6c6f6321)         /* not what one finds by accident */

struct run {
        uint64_t mark;
        struct run *next;                       /* among the runs of its class that have room */
        uint32_t class;
        uint32_t count;                         /* live blocks */
        uint64_t live[LIVE_WORDS];
};
_Static_assert(sizeof(struct run) <= HEADER_SIZE, "a run's header leaves its blocks aligned");

static struct spinlock kmalloc_lock = SPINLOCK(LOCK_KMALLOC);
static struct run *with_room[CLASSES] GUARDED_BY(kmalloc_lock);
static struct kmalloc_count live GUARDED_BY(kmalloc_lock);
static uintptr_t lowest GUARDED_BY(kmalloc_lock);       /* no page of the heap below this one is without a frame */

static struct region heap;

struct error kmalloc_init(void)
{
        region_init(&heap, "heap", PROTECT_READ | PROTECT_WRITE);
        TRY(memory_manager_reserve(&heap, HEAP_SIZE));
        spinlock_acquire(&kmalloc_lock);
        lowest = region_range(&heap).base;
        spinlock_release(&kmalloc_lock);
        return SUCCESS;
}

static uint32_t capacity(uint32_t class)
{
        return (PAGE_SIZE - HEADER_SIZE) / class_size[class];
}

static void link(struct run *run) REQUIRES(kmalloc_lock)
{
        run->next = with_room[run->class];
        with_room[run->class] = run;
}

static void unlink(struct run *run) REQUIRES(kmalloc_lock)
{
        struct run **link = &with_room[run->class];
        while (*link != run)
                link = &(*link)->next;
        *link = run->next;
}

/* A run of this class that has room: if there is none, the heap grows. NULL if it cannot. */
static struct run *find_run(uint32_t class) REQUIRES(kmalloc_lock)
{
        uintptr_t page;
        if (with_room[class])
                return with_room[class];
        if (memory_manager_back_first(&heap, lowest, &page).code)
                return NULL;
        lowest = page + PAGE_SIZE;
        struct run *run = (struct run *)page;
        *run = (struct run){ .mark = RUN_MARK, .class = class };
        link(run);
        return run;
}

/* The heap shrinks by a run without blocks. */
static void drop_run(struct run *run) REQUIRES(kmalloc_lock)
{
        const uintptr_t page = (uintptr_t)run;
        unlink(run);
        if (page < lowest)
                lowest = page;
        memory_manager_unback(page);
}

static char *first_block(struct run *run)
{
        return (char *)run + HEADER_SIZE;
}

static uint32_t take_free_index(struct run *run)
{
        uint32_t word = 0;
        while (!~run->live[word])
                word++;
        const uint32_t bit = (uint32_t)__builtin_ctzll(~run->live[word]);
        run->live[word] |= (uint64_t)1 << bit;
        return word * LIVE_BITS + bit;
}

/* The run a block lies in. Nothing is read before it is known that something is there. */
static struct run *run_of(const void *block)
{
        struct run *run = (struct run *)((uintptr_t)block & ~(PAGE_SIZE - 1));
        struct translation behind;
        assert(page_table_translate(&kernel_page_table, (uintptr_t)run, &behind) && run->mark == RUN_MARK,
               "%p is no block of kmalloc's", block);
        return run;
}

static void *allocate_locked(uint32_t class, size_t size, enum purpose purpose) REQUIRES(kmalloc_lock)
{
        struct run *run = find_run(class);
        if (!run)
                return NULL;
        char *block = first_block(run) + take_free_index(run) * class_size[class];
        if (++run->count == capacity(class))
                unlink(run);
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
        if (class == CLASSES || fault_injection_strikes(INJECT_INTO_BLOCKS))
                return NULL;
        spinlock_acquire(&kmalloc_lock);
        void *block = allocate_locked(class, size, purpose);
        spinlock_release(&kmalloc_lock);
        return block ? memset(block, 0, class_size[class]) : NULL;
}

static void free_locked(struct run *run, const char *block) REQUIRES(kmalloc_lock)
{
        const size_t offset = (size_t)(block - first_block(run)), index = offset / class_size[run->class];
        const uint64_t bit = (uint64_t)1 << index % LIVE_BITS;
        assert(offset % class_size[run->class] == 0 && index < capacity(run->class), "%p is inside a block",
               (const void *)block);
        assert(run->live[index / LIVE_BITS] & bit, "%p is freed already", (const void *)block);
        run->live[index / LIVE_BITS] &= ~bit;
        live.blocks--;
        live.bytes -= class_size[run->class];
        trace_kmalloc_freed((uintptr_t)block);
        if (run->count-- == capacity(run->class))
                link(run);
        if (!run->count)
                drop_run(run);
}

void kfree(void *block)
{
        if (!block)
                return;
        spinlock_acquire(&kmalloc_lock);
        free_locked(run_of(block), block);
        spinlock_release(&kmalloc_lock);
}

struct kmalloc_count kmalloc_live(void)
{
        spinlock_acquire(&kmalloc_lock);
        const struct kmalloc_count count = live;
        spinlock_release(&kmalloc_lock);
        return count;
}
