#include "mm/frames.h"
#include "lib/assert.h"
#include "lib/string.h"
#include "mm/allowance.h"
#include "mm/direct_map.h"
#include "sync/spinlock.h"
#include "trace/trace.h"

static struct spinlock frames_lock = SPINLOCK(LOCK_FRAMES);

static struct {
        uint32_t *shares;               /* of each frame, how many have it: 0 if it is free; in the direct map */
        size_t limit;                   /* frames numbered below this have an entry */
        size_t free_count;
        size_t lowest;                  /* no frame below this one is free */
} frames GUARDED_BY(frames_lock);

static size_t total;                    /* never changes any more */

static void set_free(size_t frame) REQUIRES(frames_lock)
{
        frames.shares[frame] = 0;
        frames.free_count++;
        if (frame < frames.lowest)
                frames.lowest = frame;
}

static void set_used(size_t frame) REQUIRES(frames_lock)
{
        frames.shares[frame] = 1;
        frames.free_count--;
}

static size_t round_up(uintptr_t address)
{
        return address / PAGE_SIZE + (address % PAGE_SIZE != 0);
}

/* Room in memory that nobody needs, above the image, below what the direct map shows by now. */
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

static void add_memory(struct vrange memory) REQUIRES(frames_lock)
{
        for (size_t frame = round_up(memory.base); frame < memory.end / PAGE_SIZE && frame < frames.limit; frame++) {
                if (frames.shares[frame])
                        set_free(frame);
        }
}

static void reserve(struct vrange memory) REQUIRES(frames_lock)
{
        for (size_t frame = memory.base / PAGE_SIZE; frame < round_up(memory.end) && frame < frames.limit; frame++) {
                if (!frames.shares[frame])
                        set_used(frame);
        }
}

static struct error init_locked(const struct vrange *memory, size_t count, struct vrange initrd) REQUIRES(frames_lock)
{
        const uintptr_t most = DIRECT_MAP_END - DIRECT_MAP_BASE;
        struct vrange room;
        uintptr_t end = 0;
        for (size_t i = 0; i < count; i++) {
                if (memory[i].end > end)
                        end = memory[i].end;
        }
        frames.limit = (end < most ? end : most) / PAGE_SIZE;
        TRY(find_room(memory, count, initrd, frames.limit * sizeof *frames.shares, &room));
        frames.shares = direct_map(room.base);
        for (size_t frame = 0; frame < frames.limit; frame++)
                frames.shares[frame] = 1;
        for (size_t i = 0; i < count; i++)
                add_memory(memory[i]);
        reserve((struct vrange){ 0, image_physical(kernel_image_end) });
        reserve(initrd);
        reserve(room);
        frames.lowest = 0;
        total = frames.free_count;
        return SUCCESS;
}

struct error frames_init(const struct vrange *memory, size_t count, struct vrange initrd)
{
        spinlock_acquire(&frames_lock);
        struct error error = init_locked(memory, count, initrd);
        spinlock_release(&frames_lock);
        return error;
}

static struct error allocate_locked(enum purpose purpose, uintptr_t *out) REQUIRES(frames_lock)
{
        size_t frame = frames.lowest;
        while (frame < frames.limit && frames.shares[frame])
                frame++;
        frames.lowest = frame;
        if (frame == frames.limit)
                return FAIL(NO_MEMORY);
        set_used(frame);
        *out = frame * PAGE_SIZE;
        trace_frame_allocated(*out, purpose);
        return SUCCESS;
}

struct error frame_allocate(enum purpose purpose, uintptr_t *out)
{
        if (!allowance_take(ALLOWANCE_FRAMES))
                return FAIL(NO_MEMORY);
        TRY(LOCKED(&frames_lock, allocate_locked(purpose, out)));
        memset(direct_map(*out), 0, PAGE_SIZE);
        return SUCCESS;
}

static uint32_t shares_of(uintptr_t frame) REQUIRES(frames_lock)
{
        return frame % PAGE_SIZE == 0 && frame / PAGE_SIZE < frames.limit ? frames.shares[frame / PAGE_SIZE] : 0;
}

unsigned frame_shares(uintptr_t frame)
{
        return LOCKED(&frames_lock, shares_of(frame));
}

void frame_share(uintptr_t frame)
{
        spinlock_acquire(&frames_lock);
        assert(shares_of(frame), "frame 0x%lx is nobody's", frame);
        frames.shares[frame / PAGE_SIZE]++;
        spinlock_release(&frames_lock);
}

void frame_free(uintptr_t frame)
{
        spinlock_acquire(&frames_lock);
        assert(shares_of(frame), "frame 0x%lx is nobody's", frame);
        if (!--frames.shares[frame / PAGE_SIZE]) {
                set_free(frame / PAGE_SIZE);
                trace_frame_freed(frame);
        }
        spinlock_release(&frames_lock);
}

size_t frames_total(void)
{
        return total;
}

size_t frames_free_count(void)
{
        return LOCKED(&frames_lock, frames.free_count);
}
