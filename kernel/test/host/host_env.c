#include "host_env.h"
#include "lib/error.h"
#include "lib/printf.h"
#include "mm/frames.h"
#include "mm/keyframe.h"
#include "mm/kmalloc.h"
#include "mm/tlb.h"
#include "mm/user_pages.h"
#include "mm/vm_object.h"
#include "sync/spinlock.h"
#include "task/safe_point.h"
#include "trace/stream.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static uint64_t tick(void)
{
        static uint64_t ticks;

        return ticks += 100;
}

static struct stream stream = { .now = tick };

/*
 * Which nodes were visited, each once. One search visits few, so a list will do. Counting begins at the first reset.
 */
static struct {
        bool counting;
        uint64_t node[65536];
        size_t nodes, misaligned;
} visits;

static void note_visit(uint64_t node, enum decision decision)
{
        visits.misaligned += decision == MISALIGNED;
        for (size_t i = 0; i < visits.nodes; i++)
                if (visits.node[i] == node)
                        return;
        if (visits.nodes == sizeof visits.node / sizeof visits.node[0])
                abort();
        visits.node[visits.nodes++] = node;
}

void host_visits_reset(void)
{
        visits.counting = true;
        visits.nodes = visits.misaligned = 0;
}

size_t host_visits(enum host_visits which)
{
        return which == HOST_VISITED ? visits.nodes : visits.misaligned;
}

void trace_emit(enum trace_event event, const uint64_t *fields)
{
        if (event == EVENT_tree_visit && visits.counting)
                note_visit(fields[1], (enum decision)fields[2]);
        if (stream.write)
                stream_emit(&stream, event, fields);
}

static void (*write_bytes)(const void *bytes, size_t length);

static bool write_frame(struct stream *, const void *bytes, size_t length)
{
        write_bytes(bytes, length);
        return true;
}

void host_trace_start(void (*write)(const void *bytes, size_t length))
{
        write_bytes = write;
        stream = (struct stream){ .write = write_frame, .now = tick };
        stream_begin(&stream, &(struct stream_facts){ "host", "lossless", 1, tick(), 1000000000 });
}

uint64_t host_trace_flush(void)
{
        static uint64_t told;
        uint64_t fresh = stream.number - told;

        stream_flush(&stream);
        told = stream.number;
        return fresh;
}

void host_trace_finish(enum verdict verdict)
{
        keyframe_send();
        trace_clock(tick(), 1000000000);
        trace_end(stream.number + 1, 0, verdict);
        stream_flush(&stream);
        stream.write = NULL;
}

void error_raised(struct error error)
{
        trace_error_raised((enum error_code)error.code, error.file, error.line);
}

void console_write(const char *text, size_t length)
{
        fwrite(text, 1, length, stdout);
}

/* Scripts make these fail (test/fault_injection.h). Here no request is one for a frame. */
bool (*kmalloc_request_hook)(void), (*frame_request_hook)(void);

static uint64_t fail_at, allocations;
static size_t live;

void host_kmalloc_fail_at(uint64_t n)
{
        fail_at = n;
        allocations = 0;
}

size_t host_kmalloc_live(void)
{
        return live;
}

bool host_kmalloc_failed(void)
{
        return fail_at && allocations >= fail_at;
}

void *kmalloc(size_t size, enum purpose purpose)
{
        size_t rounded = (size + 63) & ~(size_t)63;
        void *block;

        if ((fail_at && ++allocations >= fail_at) || (kmalloc_request_hook && kmalloc_request_hook()))
                return NULL;
        block = aligned_alloc(64, rounded);
        if (!block)
                return NULL;
        memset(block, 0, rounded);
        live++;
        trace_kmalloc_allocated((uintptr_t)block, size, purpose);
        return block;
}

void kfree(void *block)
{
        if (!block)
                return;
        live--;
        trace_kmalloc_freed((uintptr_t)block);
        free(block);
}

/* Here is one processor, which finds no lock taken. */
void spinlock_acquire(struct spinlock *lock) NO_LOCK_ANALYSIS
{
        if (lock->holder)
                abort();
        lock->holder = 1;
        trace_lock_acquired(lock->class, (uintptr_t)lock, ++lock->turn);
}

void spinlock_release(struct spinlock *lock) NO_LOCK_ANALYSIS
{
        if (!lock->holder)
                abort();
        lock->holder = 0;
        trace_lock_released(lock->class, (uintptr_t)lock, lock->turn, 0);
}

bool spinlock_is_held(const struct spinlock *lock)
{
        return lock->holder;
}

/* No controller is connected here that could request anything. */
void safe_point([[maybe_unused]] enum safe_point_keyframe wanted)
{
}

/* Here nothing is behind the regions. */
struct error user_pages_create(struct page_table *out)
{
        *out = (struct page_table){ 0 };
        return SUCCESS;
}

void frame_free([[maybe_unused]] uintptr_t frame)
{
}

void user_pages_drop_step([[maybe_unused]] struct page_table *table, struct vrange *rest)
{
        rest->base = rest->end;
}

bool user_pages_protect_step([[maybe_unused]] const struct page_table *table,
                             [[maybe_unused]] const struct region *region, struct vrange *rest)
{
        rest->base = rest->end;
        return false;
}

struct error user_pages_share_step([[maybe_unused]] const struct page_table *from,
                                   [[maybe_unused]] struct page_table *to, struct vrange *rest)
{
        rest->base = rest->end;
        return SUCCESS;
}

unsigned tlb_flush([[maybe_unused]] const struct page_table *table, [[maybe_unused]] struct vrange range)
{
        return 0;
}

struct error user_pages_write([[maybe_unused]] struct page_table *table,
                              [[maybe_unused]] const struct region *region, [[maybe_unused]] uintptr_t address,
                              [[maybe_unused]] const void *bytes, [[maybe_unused]] size_t size)
{
        return SUCCESS;
}

/* An object without pages. */
struct error vm_object_create(struct vm_object **out)
{
        *out = kmalloc(sizeof **out, PURPOSE_OBJECT);
        if (!*out)
                return FAIL(NO_MEMORY);
        return SUCCESS;
}

void vm_object_destroy(struct vm_object *object)
{
        kfree(object);
}
