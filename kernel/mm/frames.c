#include "mm/frames.h"
#include "boot/boot_info.h"
#include "lib/assert.h"
#include "lib/string.h"
#include "mm/direct_map.h"
#include "trace/trace.h"

enum { BITS = 64 };

static struct {
        uint64_t *free;                 /* a bit for each frame; in the direct map */
        size_t limit;                   /* frames numbered below this have a bit */
        size_t total, free_count;
        size_t lowest;                  /* no frame below this one is free */
        size_t requests_left;
} frames;

static bool is_free(size_t frame)
{
        return frames.free[frame / BITS] >> frame % BITS & 1;
}

static void set_free(size_t frame)
{
        frames.free[frame / BITS] |= (uint64_t)1 << frame % BITS;
        frames.free_count++;
        if (frame < frames.lowest)
                frames.lowest = frame;
}

static void set_used(size_t frame)
{
        frames.free[frame / BITS] &= ~((uint64_t)1 << frame % BITS);
        frames.free_count--;
}

/* --- which frames there are ------------------------------------------------------------------------------- */

static size_t round_up(uintptr_t address)
{
        return address / PAGE_SIZE + (address % PAGE_SIZE != 0);
}

/* Room for the bits in memory that nobody needs, above the image, below what the direct map shows by now. */
static struct error find_room(const struct boot_info *boot, size_t size, struct vrange *out)
{
        const struct vrange image = { 0, image_physical(kernel_image_end) }, shown = { 0, DIRECT_MAP_AT_BOOT };

        for (size_t i = 0; i < boot->memory_count; i++) {
                const struct vrange memory = vrange_intersection(boot->memory[i], shown);
                uintptr_t base = memory.base > image.end ? memory.base : image.end;

                if (vrange_make(out, round_up(base) * PAGE_SIZE, size) && vrange_overlaps(*out, boot->initrd))
                        base = boot->initrd.end;
                if (vrange_make(out, round_up(base) * PAGE_SIZE, size) && vrange_contains_range(memory, *out))
                        return SUCCESS;
        }
        return FAIL(BAD_INPUT);
}

static void add_memory(struct vrange memory)
{
        size_t end = memory.end / PAGE_SIZE;

        for (size_t frame = round_up(memory.base); frame < end && frame < frames.limit; frame++) {
                if (!is_free(frame))
                        set_free(frame);
        }
}

static void reserve(struct vrange memory)
{
        size_t end = round_up(memory.end);

        for (size_t frame = memory.base / PAGE_SIZE; frame < end && frame < frames.limit; frame++) {
                if (is_free(frame))
                        set_used(frame);
        }
}

struct error frames_init(const struct boot_info *boot)
{
        const uintptr_t most = DIRECT_MAP_END - DIRECT_MAP_BASE;
        struct vrange bits;
        uintptr_t end = 0;

        for (size_t i = 0; i < boot->memory_count; i++) {
                if (boot->memory[i].end > end)
                        end = boot->memory[i].end;
        }
        frames.limit = (end < most ? end : most) / PAGE_SIZE;
        TRY(find_room(boot, (frames.limit / BITS + 1) * sizeof *frames.free, &bits));
        frames.free = direct_map(bits.base);
        memset(frames.free, 0, vrange_size(bits));

        for (size_t i = 0; i < boot->memory_count; i++)
                add_memory(boot->memory[i]);
        reserve((struct vrange){ 0, image_physical(kernel_image_end) });
        reserve(boot->initrd);
        reserve(bits);
        frames.lowest = 0;
        frames.total = frames.free_count;
        frames.requests_left = FRAMES_FAIL_NEVER;
        return SUCCESS;
}

/* --- giving and taking back ------------------------------------------------------------------------------- */

static bool request_may_succeed(void)
{
        if (frames.requests_left == FRAMES_FAIL_NEVER)
                return true;
        return frames.requests_left && frames.requests_left--;
}

/*
 * The lowest `count` free frames that lie together; frames.limit if there are none. Skips what is full at a stride.
 */
static size_t find_free(size_t count)
{
        size_t found = 0;

        for (size_t frame = frames.lowest; frame < frames.limit; frame++) {
                if (!frames.free[frame / BITS] && frame % BITS == 0) {
                        found = 0;
                        frame += BITS - 1;
                } else if (!is_free(frame)) {
                        found = 0;
                } else if (++found == count) {
                        return frame + 1 - count;
                }
        }
        return frames.limit;
}

struct error frames_allocate(size_t count, enum purpose purpose, uintptr_t *out)
{
        size_t first;

        assert(count);
        if (!request_may_succeed())
                return FAIL(NO_MEMORY);
        first = find_free(count);
        if (first == frames.limit)
                return FAIL(NO_MEMORY);
        if (count == 1)
                frames.lowest = first + 1;
        for (size_t frame = first; frame < first + count; frame++) {
                set_used(frame);
                memset(direct_map(frame * PAGE_SIZE), 0, PAGE_SIZE);
                trace_frame_allocated(frame * PAGE_SIZE, purpose);
        }
        *out = first * PAGE_SIZE;
        return SUCCESS;
}

struct error frame_allocate(enum purpose purpose, uintptr_t *out)
{
        return frames_allocate(1, purpose, out);
}

bool frame_is_used(uintptr_t frame)
{
        return frame % PAGE_SIZE == 0 && frame / PAGE_SIZE < frames.limit && !is_free(frame / PAGE_SIZE);
}

void frames_free(uintptr_t first, size_t count)
{
        for (uintptr_t frame = first; frame < first + count * PAGE_SIZE; frame += PAGE_SIZE) {
                assert(frame_is_used(frame), "frame 0x%lx", frame);
                set_free(frame / PAGE_SIZE);
                trace_frame_freed(frame);
        }
}

void frame_free(uintptr_t frame)
{
        frames_free(frame, 1);
}

size_t frames_total(void)
{
        return frames.total;
}

size_t frames_free_count(void)
{
        return frames.free_count;
}

void frames_fail_after(size_t n)
{
        frames.requests_left = n;
}
