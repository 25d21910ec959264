/*
 * Blocks lie in runs of frames. Behind its header a run holds many blocks of one class, or one large one:
 *
 *      [ header | block | block | block | ... ]                one frame
 *      [ header | one large block ........................ ]   as many frames as it takes
 *
 * A block's header is found by rounding its address down to a frame. Which blocks are live is kept in the header alone,
 * so a freed block is not written to, and freeing one twice shows. The lock guards all headers.
 */
#include "mm/kmalloc.h"
#include "lib/assert.h"
#include "lib/string.h"
#include "mm/direct_map.h"
#include "mm/frames.h"
#include "sync/spinlock.h"
#include "trace/trace.h"

enum { HEADER_SIZE = 64, LIVE_BITS = 64, LIVE_WORDS = 4 };

/* Sizes of blocks. Above the last one a block has a run of its own; from 64 on all are multiples of 64. */
static const uint16_t class_size[] = { 16, 32, 64, 128, 192, 256, 384, 512, 768, 1024, 1984 };
enum { CLASSES = sizeof class_size / sizeof *class_size, LARGE = CLASSES };

#define RUN_MARK ((uint64_t)0x6b6d616c6c6f6321)         /* not what one finds by accident */

struct run {
        uint64_t mark;
        struct run *next;                       /* among the runs of its class that have room */
        uint32_t class;
        uint32_t count;                         /* live blocks; of a large block, its frames */
        uint64_t live[LIVE_WORDS];
};
_Static_assert(sizeof(struct run) <= HEADER_SIZE, "a run's header leaves its blocks aligned");

static struct spinlock kmalloc_lock = SPINLOCK(LOCK_KMALLOC);
static struct run *with_room[CLASSES] GUARDED_BY(kmalloc_lock);
static struct kmalloc_count live GUARDED_BY(kmalloc_lock);

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

static struct run *run_create(uint32_t class, size_t frames)
{
        uintptr_t frame;
        struct run *run;

        if (frames_allocate(frames, PURPOSE_HEAP, &frame).code)
                return NULL;
        run = direct_map(frame);
        *run = (struct run){ .mark = RUN_MARK, .class = class };
        return run;
}

static void *block_at(struct run *run, uint32_t index)
{
        return (char *)run + HEADER_SIZE + index * (run->class == LARGE ? 0 : class_size[run->class]);
}

static uint32_t take_free_index(struct run *run)
{
        uint32_t word = 0, bit;

        while (!~run->live[word])
                word++;
        bit = (uint32_t)__builtin_ctzll(~run->live[word]);
        run->live[word] |= (uint64_t)1 << bit;
        return word * LIVE_BITS + bit;
}

/* --- giving ----------------------------------------------------------------------------------------------- */

static size_t block_size(const struct run *run)
{
        return run->class == LARGE ? run->count * PAGE_SIZE : class_size[run->class];
}

static void *announce(struct run *run, void *block, size_t size, enum purpose purpose) REQUIRES(kmalloc_lock)
{
        live.blocks++;
        live.bytes += block_size(run);
        trace_kmalloc_allocated((uintptr_t)block, size, purpose);
        return block;
}

static void *allocate_small_locked(uint32_t class, size_t size, enum purpose purpose) REQUIRES(kmalloc_lock)
{
        struct run *run = with_room[class];
        void *block;

        if (!run) {
                run = run_create(class, 1);
                if (!run)
                        return NULL;
                link(run);
        }
        block = block_at(run, take_free_index(run));
        if (++run->count == capacity(class))
                unlink(run);
        return announce(run, block, size, purpose);
}

static void *allocate_small(uint32_t class, size_t size, enum purpose purpose)
{
        void *block = LOCKED(&kmalloc_lock, allocate_small_locked(class, size, purpose));

        return block ? memset(block, 0, class_size[class]) : NULL;
}

static void *allocate_large(size_t size, enum purpose purpose)
{
        size_t frames;
        struct run *run;

        if (__builtin_add_overflow(size, HEADER_SIZE, &frames) || !vrange_round_up(&frames, frames) ||
            frames / PAGE_SIZE > UINT32_MAX)
                return NULL;
        frames /= PAGE_SIZE;
        run = run_create(LARGE, frames);
        if (!run)
                return NULL;
        run->count = (uint32_t)frames;
        return LOCKED(&kmalloc_lock, announce(run, block_at(run, 0), size, purpose));
}

void *kmalloc(size_t size, enum purpose purpose)
{
        uint32_t class = 0;

        if (!allowance_take(ALLOWANCE_BLOCKS))
                return NULL;
        while (class < CLASSES && class_size[class] < size)
                class++;
        return class == LARGE ? allocate_large(size, purpose) : allocate_small(class, size, purpose);
}

/* --- taking back ------------------------------------------------------------------------------------------ */

/* The run a block lies in. Nothing is read before its frame is known to be one of ours. */
static struct run *run_of(void *block)
{
        uintptr_t frame = direct_map_physical(block) & ~(PAGE_SIZE - 1);
        struct run *run = direct_map(frame);

        assert(frame_is_used(frame) && run->mark == RUN_MARK, "%p is no block of kmalloc's", block);
        return run;
}

/* Yields how many frames the run no longer needs. */
static size_t free_small(struct run *run, void *block) REQUIRES(kmalloc_lock)
{
        size_t offset = (size_t)((char *)block - (char *)block_at(run, 0));
        size_t index = offset / class_size[run->class];
        uint64_t bit = (uint64_t)1 << index % LIVE_BITS;

        assert(offset % class_size[run->class] == 0 && index < capacity(run->class), "%p is inside a block", block);
        assert(run->live[index / LIVE_BITS] & bit, "%p is freed already", block);
        run->live[index / LIVE_BITS] &= ~bit;
        if (run->count-- == capacity(run->class))
                link(run);
        if (run->count)
                return 0;
        unlink(run);
        return 1;
}

static size_t free_large(const struct run *run, const void *block)
{
        assert(block == (const char *)run + HEADER_SIZE, "%p is inside a block", block);
        return run->count;
}

static void free_locked(struct run *run, void *block) REQUIRES(kmalloc_lock)
{
        size_t frames;

        live.blocks--;
        live.bytes -= block_size(run);
        frames = run->class == LARGE ? free_large(run, block) : free_small(run, block);
        trace_kmalloc_freed((uintptr_t)block);
        if (frames) {
                run->mark = 0;
                frames_free(direct_map_physical(run), frames);
        }
}

void kfree(void *block)
{
        if (block)
                WITH_LOCK(&kmalloc_lock, free_locked(run_of(block), block));
}

struct kmalloc_count kmalloc_live(void)
{
        return LOCKED(&kmalloc_lock, live);
}
