#include "mm/frames.h"
#include "lib/assert.h"
#include "lib/bitmap.h"
#include "lib/string.h"
#include "mm/direct_map.h"
#include "mm/fault_injection.h"
#include "sync/spinlock.h"
#include "trace/trace.h"

/* What is known of each frame that is not free. While a frame is free, its entry means nothing. */
struct frame {
        uint32_t owners;
        uint32_t note;
};

static struct spinlock frames_lock = SPINLOCK(LOCK_FRAMES);
static struct bitmap free_frames GUARDED_BY(frames_lock);

/* Set once, by frames_init(); both lie in the direct map. An owner count is guarded by the lock, a note is not. */
static struct frame *entries;
static size_t limit;                    /* frames numbered below this have an entry */
static size_t total;                    /* how many are not reserved */

static bool (*reclaim)(void);

void frames_set_reclaim(bool (*function)(void))
{
        reclaim = function;
}

static uint32_t *owners_of(size_t frame) REQUIRES(frames_lock)
{
        return &entries[frame].owners;
}

static size_t round_up(uintptr_t address)
{
        return address / PAGE_SIZE + (address % PAGE_SIZE != 0);
}

/* A range of memory that nobody needs, above the image, below the end of what the direct map shows by now. */
static struct error find_room(const struct vrange *memory, size_t count, struct vrange initrd, size_t size,
                              struct vrange *out)
{
        const struct vrange image = { 0, image_physical(kernel_image_end) }, shown = { 0, DIRECT_MAP_AT_BOOT };
        for (size_t i = 0; i < count; i++) {
                const struct vrange usable = vrange_intersection(memory[i], shown);
                uintptr_t base = usable.base > image.end ? usable.base : image.end;
                if (vrange_make(out, round_up(base) * PAGE_SIZE, size) && vrange_overlaps(*out, initrd))
                        base = initrd.end;
                if (vrange_make(out, round_up(base) * PAGE_SIZE, size) && vrange_contains_range(usable, *out))
                        return SUCCESS;
        }
        return FAIL(BAD_INPUT);
}

/* The frames that lie in a range as a whole are free. */
static void add_memory(struct vrange memory) REQUIRES(frames_lock)
{
        const size_t first = round_up(memory.base), end = memory.end / PAGE_SIZE;
        bitmap_add_range(&free_frames, first, end < limit ? end : limit);
}

/* No frame that a range touches is free. */
static void reserve(struct vrange memory) REQUIRES(frames_lock)
{
        for (size_t frame = memory.base / PAGE_SIZE; frame < round_up(memory.end) && frame < limit; frame++) {
                if (bitmap_has(&free_frames, frame))
                        bitmap_remove(&free_frames, frame);
        }
}

/*
 * Only what is reserved needs an entry by now; a free frame gets its own when it is allocated. No other processor runs
 * yet, so this does without the lock, which it would hold for long.
 */
struct error frames_init(const struct vrange *memory, size_t count, struct vrange initrd) NO_LOCK_ANALYSIS
{
        const uintptr_t most = DIRECT_MAP_END - DIRECT_MAP_BASE;
        struct vrange room;
        uintptr_t end = 0;
        for (size_t i = 0; i < count; i++) {
                if (memory[i].end > end)
                        end = memory[i].end;
        }
        limit = (end < most ? end : most) / PAGE_SIZE;
        const size_t entries_size = limit * sizeof *entries;
        TRY(find_room(memory, count, initrd, entries_size + BITMAP_WORDS(limit) * sizeof(uint64_t), &room));
        entries = direct_map(room.base);
        bitmap_init(&free_frames, limit, direct_map(room.base + entries_size));
        for (size_t i = 0; i < count; i++)
                add_memory(memory[i]);
        reserve((struct vrange){ 0, image_physical(kernel_image_end) });
        reserve(initrd);
        reserve(room);
        for (size_t frame = 0; bitmap_next_missing(&free_frames, &frame); frame++)
                entries[frame] = (struct frame){ .owners = 1 };
        total = free_frames.count;
        return SUCCESS;
}

static bool allocate_locked(enum purpose purpose, uintptr_t *out) REQUIRES(frames_lock)
{
        size_t frame;
        if (!bitmap_lowest(&free_frames, &frame))
                return false;
        bitmap_remove(&free_frames, frame);
        entries[frame] = (struct frame){ .owners = 1 };
        *out = frame * PAGE_SIZE;
        trace_frame_allocated(*out, purpose);
        return true;
}

static bool try_to_allocate(enum purpose purpose, uintptr_t *out)
{
        spinlock_acquire(&frames_lock);
        const bool done = allocate_locked(purpose, out);
        spinlock_release(&frames_lock);
        return done;
}

struct error frame_allocate(enum purpose purpose, uintptr_t *out)
{
        if (fault_injection_strikes(INJECT_INTO_FRAMES))
                return FAIL(NO_MEMORY);
        bool done = try_to_allocate(purpose, out);
        if (!done && reclaim && reclaim())
                done = try_to_allocate(purpose, out);
        if (!done)
                return FAIL(NO_MEMORY);
        memset(direct_map(*out), 0, PAGE_SIZE);
        return SUCCESS;
}

/* 0 if an address names no frame, or one that is free. */
static uint32_t count_owners(uintptr_t frame) REQUIRES(frames_lock)
{
        const size_t number = frame / PAGE_SIZE;
        if (frame % PAGE_SIZE || number >= limit || bitmap_has(&free_frames, number))
                return 0;
        return *owners_of(number);
}

unsigned frame_shares(uintptr_t frame)
{
        spinlock_acquire(&frames_lock);
        const uint32_t owners = count_owners(frame);
        spinlock_release(&frames_lock);
        return owners;
}

void frame_share(uintptr_t frame)
{
        spinlock_acquire(&frames_lock);
        assert(count_owners(frame), "frame 0x%lx is nobody's", frame);
        ++*owners_of(frame / PAGE_SIZE);
        spinlock_release(&frames_lock);
}

void frame_free(uintptr_t frame)
{
        spinlock_acquire(&frames_lock);
        assert(count_owners(frame), "frame 0x%lx is nobody's", frame);
        if (--*owners_of(frame / PAGE_SIZE) == 0) {
                bitmap_add(&free_frames, frame / PAGE_SIZE);
                trace_frame_freed(frame);
        }
        spinlock_release(&frames_lock);
}

uint32_t *frame_note(uintptr_t frame)
{
        assert(frame % PAGE_SIZE == 0 && frame / PAGE_SIZE < limit, "0x%lx is no frame", frame);
        return &entries[frame / PAGE_SIZE].note;
}

size_t frames_total(void)
{
        return total;
}

size_t frames_free_count(void)
{
        spinlock_acquire(&frames_lock);
        const size_t count = free_frames.count;
        spinlock_release(&frames_lock);
        return count;
}
