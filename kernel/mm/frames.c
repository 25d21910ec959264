#include "mm/frames.h"
#include "lib/assert.h"
#include "lib/string.h"
#include "mm/direct_map.h"
#include "sync/spinlock.h"
#include "trace/trace.h"

struct frame {
        uint32_t owners;                /* 0: the frame is free */
        uint32_t next_free;             /* of a free frame: the number of the next, or NONE */
};

enum { NONE = 0 };                      /* frame 0 is reserved, so it is in no list */

static struct spinlock frames_lock = SPINLOCK(LOCK_FRAMES);
static uint32_t first_free GUARDED_BY(frames_lock);
static size_t free_count GUARDED_BY(frames_lock);

/* Set once, by frames_init(). The entries lie in the direct map; the lock guards them. */
static struct frame *entries;
static size_t limit;                    /* frames numbered below this have an entry */
static size_t total;                    /* how many are not reserved */

bool (*frames_reclaim)(void);
bool (*frame_request_hook)(void);

static size_t round_up(uintptr_t address)
{
        return address / PAGE_SIZE + (address % PAGE_SIZE != 0);
}

/*
 * Finds unused memory for `size` bytes: above the image, outside the ramdisk, and in what the direct map shows by now.
 */
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

/* Sets the owners of the frames numbered from `first` up to `end`, as far as they have entries. */
static void set_owners(size_t first, size_t end, uint32_t owners)
{
        for (size_t frame = first; frame < end && frame < limit; frame++)
                entries[frame].owners = owners;
}

/* Reserves every frame that a range touches, by giving it an owner that never frees it. */
static void reserve(struct vrange memory)
{
        set_owners(memory.base / PAGE_SIZE, round_up(memory.end), 1);
}

static void add_to_free(size_t frame) REQUIRES(frames_lock)
{
        entries[frame] = (struct frame){ .owners = 0, .next_free = first_free };
        first_free = (uint32_t)frame;
        free_count++;
}

/* No other processor runs yet, so this does without the lock, which it would hold for long. */
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
        TRY(find_room(memory, count, initrd, limit * sizeof *entries, &room));
        entries = direct_map(room.base);

        /* Everything is reserved, but for the frames that lie in memory as a whole and hold nothing yet. */
        set_owners(0, limit, 1);
        for (size_t i = 0; i < count; i++)
                set_owners(round_up(memory[i].base), memory[i].end / PAGE_SIZE, 0);
        reserve((struct vrange){ 0, image_physical(kernel_image_end) });
        reserve(initrd);
        reserve(room);

        /* From the highest down, so that the lowest is the first of the list. */
        for (size_t frame = limit; frame-- > 0;) {
                if (!entries[frame].owners)
                        add_to_free(frame);
        }
        total = free_count;
        return SUCCESS;
}

static bool allocate_locked(enum purpose purpose, uintptr_t *out) REQUIRES(frames_lock)
{
        const size_t frame = first_free;
        if (frame == NONE)
                return false;
        first_free = entries[frame].next_free;
        free_count--;
        entries[frame] = (struct frame){ .owners = 1 };
        *out = frame * PAGE_SIZE;
        trace_frame_allocated(*out, purpose);
        return true;
}

struct error frame_allocate(enum purpose purpose, uintptr_t *out)
{
        if (frame_request_hook && frame_request_hook())
                return FAIL(NO_MEMORY);
        bool done = WITH_LOCK(&frames_lock, allocate_locked(purpose, out));
        if (!done && frames_reclaim && frames_reclaim())
                done = WITH_LOCK(&frames_lock, allocate_locked(purpose, out));
        if (!done)
                return FAIL(NO_MEMORY);
        memset(direct_map(*out), 0, PAGE_SIZE);
        return SUCCESS;
}

/* 0 if an address names no frame, or one that is free. */
static uint32_t count_owners(uintptr_t frame) REQUIRES(frames_lock)
{
        const size_t number = frame / PAGE_SIZE;
        if (frame % PAGE_SIZE || number >= limit)
                return 0;
        return entries[number].owners;
}

unsigned frame_shares(uintptr_t frame)
{
        return WITH_LOCK(&frames_lock, count_owners(frame));
}

void frame_share(uintptr_t frame)
{
        spinlock_acquire(&frames_lock);
        assert(count_owners(frame), "frame 0x%lx has no owner", frame);
        entries[frame / PAGE_SIZE].owners++;
        spinlock_release(&frames_lock);
}

void frame_free(uintptr_t frame)
{
        spinlock_acquire(&frames_lock);
        assert(count_owners(frame), "frame 0x%lx has no owner", frame);
        entries[frame / PAGE_SIZE].owners--;
        if (entries[frame / PAGE_SIZE].owners == 0) {
                add_to_free(frame / PAGE_SIZE);
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
        return WITH_LOCK(&frames_lock, free_count);
}
