#include "import/import_calls_internal.h"

#include "base/error_message.h"
#include "base/format.h"
#include "import/import_order.h"

#include <inttypes.h>
#include <string.h>

enum { HUGE_PAGE_SIZE = 2 << 20 };

bool import_failed_with(const struct strace_call *call, const char *error)
{
        return !strcmp(call->error, error);
}

bool import_pages_of(const struct script *script, uintptr_t base, size_t size, struct vrange *out, struct error *fault)
{
        *fault = SUCCESS;
        if (user_pages(base, size, out))
                return true;
        *fault = import_fault(script->faults, script->call->line,
                              "0x%zx bytes from 0x%" PRIxPTR " on are not whole pages of a user's address space; was the "
                              "capture made on x86_64?", size, base);
        return false;
}

bool import_is_bad_range(const struct strace_call *call)
{
        struct vrange range;

        return vrange_make(&range, call->address, call->size) && (call->address % PAGE_SIZE || !call->size);
}

/* --- mmap ----------------------------------------------------------------------------------------------------- */

/* Whether an address that Linux refused is in use here, too. */
static bool is_taken(const struct script *script, const struct strace_call *call)
{
        struct vrange range;

        return user_pages(call->address, call->size, &range) &&
               import_space_next(&script->space, range, PAGES_MAPPED, &range);
}

/* A call that fails here for the same reason becomes an operation that must fail; others are left out. */
static void refuse_mmap(struct script *script)
{
        const struct strace_call *call = script->call;
        const char *protection = format_protection(call->protection);
        bool is_exact = call->flags & (LINUX_MAP_FIXED | LINUX_MAP_FIXED_NOREPLACE);

        if (import_failed_with(call, "EINVAL") && !call->size)
                script_operation(script, "EINVAL", "map refused 0! %s anywhere -> bad_argument", protection);
        else if (import_failed_with(call, "EINVAL") && is_exact && import_is_bad_range(call))
                script_operation(script, "EINVAL", "map refused %" PRIu64 "! %s at 0x%" PRIx64 " -> bad_argument",
                                 call->size, protection, call->address);
        else if (import_failed_with(call, "ENOMEM") && call->size > vrange_size(USER_SPACE) && call->size % PAGE_SIZE == 0)
                script_operation(script, "ENOMEM", "map refused %" PRIu64 "! %s anywhere -> no_memory", call->size,
                                 protection);
        else if (import_failed_with(call, "EEXIST") && is_taken(script, call))
                script_operation(script, "EEXIST", "map refused %" PRIu64 " %s at 0x%" PRIx64 " -> overlap",
                                 call->size, protection, call->address);
        else
                script_leave_out(script, "failed on Linux");
}

static struct error take_mmap(struct script *script)
{
        const struct strace_call *call = script->call;
        bool replaces = call->flags & LINUX_MAP_FIXED;
        bool is_exact = call->flags & LINUX_MAP_FIXED_NOREPLACE && call->result == call->address;
        bool hint_is_ignored = call->address && call->result != call->address;
        size_t granularity = call->flags & LINUX_MAP_HUGETLB ? HUGE_PAGE_SIZE : PAGE_SIZE;
        struct mapping new = { .protection = call->protection, .is_segment = call->kind == CALL_SHMAT,
                               .grows_down = call->flags & LINUX_MAP_GROWSDOWN };
        struct error fault;
        size_t size;

        if (__builtin_add_overflow(call->size, granularity - 1, &size))
                size = SIZE_MAX;
        if (!import_pages_of(script, call->result, size / granularity * granularity, &new.range, &fault))
                return fault;
        import_name(&new, call, import_space_find(&script->space, new.range.base), &script->names);
        if (replaces) {
                TRY(import_apply_early(script, new.range));
                return script_map(script, &new, "replace", NULL);
        }
        TRY(import_make_room(script, new.range));
        return script_map(script, &new, is_exact ? "at" : "near", hint_is_ignored ? "its hint not taken" : NULL);
}

/* --- munmap ---------------------------------------------------------------------------------------------------- */

static void refuse_munmap(struct script *script)
{
        const struct strace_call *call = script->call;

        if (import_failed_with(call, "EINVAL") && import_is_bad_range(call))
                script_operation(script, "EINVAL", "unmap 0x%" PRIx64 " %" PRIu64 "! -> bad_argument",
                                 call->address, call->size);
        else
                script_leave_out(script, "failed on Linux");
}

/* Below the lowest address of a program nothing can be mapped, so there is nothing to unmap. */
static struct error take_munmap(struct script *script)
{
        const struct strace_call *call = script->call;
        struct vrange range, part;
        struct error fault;
        size_t size;

        if (vrange_round_up(&size, call->size) && vrange_make(&range, call->address, size)) {
                part = vrange_intersection(range, USER_SPACE);
                if (vrange_is_empty(part) && vrange_is_page_aligned(range)) {
                        script_leave_out(script, "of nothing does nothing");
                        return SUCCESS;
                }
                if (!import_pages_of(script, part.base, vrange_size(part), &range, &fault))
                        return fault;
        } else if (!import_pages_of(script, call->address, call->size, &range, &fault)) {
                return fault;
        }
        TRY(script_infer(script, range, PROTECT_READ | PROTECT_WRITE));
        return script_unmap(script, range, NULL);
}

/* --- mremap --------------------------------------------------------------------------------------------------- */

static bool is_whole_region(const struct script *script, struct vrange range)
{
        const struct mapping *mapping = import_space_find(&script->space, range.base);

        return mapping && vrange_equals(mapping->range, range);
}

/* The range becomes smaller: Linux unmaps everything in its upper part. */
static struct error shrink_in_place(struct script *script, struct vrange old, struct vrange new)
{
        struct vrange tail = { new.end, old.end };

        TRY(script_infer(script, tail, PROTECT_READ | PROTECT_WRITE));
        return script_unmap(script, tail, NULL);
}

static struct error grow_in_place(struct script *script, struct vrange old, struct vrange new)
{
        struct mapping more;

        TRY(script_infer(script, old, PROTECT_READ | PROTECT_WRITE));
        TRY(script_notice_mapped(script, old, PROTECT_READ | PROTECT_WRITE));
        more = *import_space_find(&script->space, old.end - 1);
        more.range = (struct vrange){ old.end, new.end };
        TRY(import_make_room(script, more.range));
        if (is_whole_region(script, old))
                return script_resize(script, old, vrange_size(new));
        return script_map(script, &more, "at", NULL);
}

/* The new range gets the contents of the old one, part by part; if it is longer, the rest is like the last part. */
static struct error map_moved(struct script *script, struct vrange old, struct vrange new)
{
        const char *how = script->call->flags & LINUX_MREMAP_FIXED ? "replace" : "near";
        struct vrange rest = old, part;

        if (vrange_size(rest) > vrange_size(new))
                rest.end = rest.base + vrange_size(new);
        while (import_space_next(&script->space, rest, PAGES_MAPPED, &part)) {
                struct mapping moved = *import_space_find(&script->space, part.base);

                moved.range.base = new.base + (part.base - old.base);
                moved.range.end = part.end == rest.end ? new.end : new.base + (part.end - old.base);
                TRY(script_map(script, &moved, how, NULL));
                rest.base = part.end;
                if (vrange_is_empty(rest))
                        break;
        }
        return SUCCESS;
}

/* A range that does not grow may have holes; the new range has them, too. */
static struct error move(struct script *script, struct vrange old, struct vrange new)
{
        const struct strace_call *call = script->call;

        if (vrange_size(new) > vrange_size(old) || !import_space_find(&script->space, old.base)) {
                TRY(script_infer(script, old, PROTECT_READ | PROTECT_WRITE));
                TRY(script_notice_mapped(script, old, PROTECT_READ | PROTECT_WRITE));
        }
        if (call->flags & LINUX_MREMAP_FIXED)
                TRY(import_apply_early(script, new));
        else
                TRY(import_make_room(script, new));
        TRY(map_moved(script, old, new));
        if (!call->size || call->flags & LINUX_MREMAP_DONTUNMAP)
                return SUCCESS;
        return script_unmap(script, old, "from where it moved");
}

static struct error take_mremap(struct script *script)
{
        const struct strace_call *call = script->call;
        struct vrange old, new;
        struct error fault;

        if (!import_pages_of(script, call->address, call->size ? call->size : 1, &old, &fault) ||
            !import_pages_of(script, call->result, call->new_size, &new, &fault))
                return fault;
        if (call->result != call->address)
                return move(script, old, new);
        if (vrange_equals(old, new)) {
                script_leave_out(script, "to the same size does nothing");
                return SUCCESS;
        }
        return new.end < old.end ? shrink_in_place(script, old, new) : grow_in_place(script, old, new);
}

/* --- brk ------------------------------------------------------------------------------------------------------ */

static struct error grow_heap(struct script *script, uintptr_t end)
{
        struct mapping more = { .range = { script->heap.end, end }, .protection = PROTECT_READ | PROTECT_WRITE,
                                .name = "heap", .root_length = strlen("heap") };

        TRY(import_make_room(script, more.range));
        if (is_whole_region(script, script->heap) &&
            import_space_find(&script->space, script->heap.base)->protection == more.protection)
                return script_resize(script, script->heap, end - script->heap.base);
        return script_map(script, &more, "at", NULL);
}

static struct error shrink_heap(struct script *script, uintptr_t end)
{
        if (end > script->heap.base && is_whole_region(script, script->heap))
                return script_resize(script, script->heap, end - script->heap.base);
        return script_unmap(script, (struct vrange){ end, script->heap.end }, NULL);
}

/* The heap is whole pages from the first break seen; what was below it when strace began is not known. */
static struct error take_brk(struct script *script)
{
        const struct strace_call *call = script->call;
        struct vrange below;
        struct error fault;

        if (!import_pages_of(script, USER_SPACE.base, call->result - USER_SPACE.base, &below, &fault))
                return fault;
        if (!script->heap_is_known) {
                script->heap = (struct vrange){ below.end, below.end };
                script->heap_is_known = true;
        }
        if (call->address && call->result != call->address) {
                script_leave_out(script, "was refused on Linux");
                return SUCCESS;
        }
        if (below.end > script->heap.end)
                TRY(grow_heap(script, below.end));
        else if (below.end < script->heap.end)
                TRY(shrink_heap(script, below.end));
        script->heap.end = below.end;
        if (script->heap.base > below.end)
                script->heap.base = below.end;
        return SUCCESS;
}

/* --- all of them ---------------------------------------------------------------------------------------------- */

static struct error take_refused(struct script *script)
{
        switch (script->call->kind) {
        case CALL_MMAP:
                refuse_mmap(script);
                return SUCCESS;
        case CALL_MUNMAP:
                refuse_munmap(script);
                return SUCCESS;
        case CALL_MPROTECT:
                return import_refuse_mprotect(script);
        default:
                script_leave_out(script, "failed on Linux");
                return SUCCESS;
        }
}

static struct error take_successful(struct script *script)
{
        switch (script->call->kind) {
        case CALL_MMAP:
        case CALL_SHMAT:
                return take_mmap(script);
        case CALL_MUNMAP:
        case CALL_SHMDT:
                return take_munmap(script);
        case CALL_MPROTECT:
                return import_take_mprotect(script);
        case CALL_MREMAP:
                return take_mremap(script);
        case CALL_BRK:
                return take_brk(script);
        case CALL_OTHER:
                break;
        }
        return SUCCESS;
}

struct error import_call(struct script *script)
{
        if (script->call->returned)
                return call_failed(script->call) ? take_refused(script) : take_successful(script);
        script_leave_out(script, "was not seen to return");
        return SUCCESS;
}

bool import_call_frees(const struct strace_call *call, struct vrange range)
{
        struct vrange old;
        bool moves = call->kind == CALL_MREMAP && call->result != call->address &&
                     !(call->flags & LINUX_MREMAP_DONTUNMAP);

        bool unmaps = call->kind == CALL_MUNMAP || call->kind == CALL_SHMDT || moves;

        return unmaps && call->returned && !call_failed(call) &&
               user_pages(call->address, call->size, &old) && vrange_overlaps(old, range);
}
