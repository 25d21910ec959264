#include "import/import_calls_internal.h"

#include "lib/vocabulary.h"

#include "base/format.h"

#include <inttypes.h>

/*
 * PROT_GROWSDOWN: from where the first region begins that the range meets, above its base or below. Parts of a region
 * that are alike belong together.
 */
static void grow_down(const struct script *script, struct vrange *range)
{
        const struct mapping *first, *below;
        struct vrange part;

        if (!import_space_next(&script->space, *range, PAGES_MAPPED, &part))
                return;
        range->base = part.base;
        first = below = import_space_find(&script->space, part.base);
        while (below && below->grows_down && below->protection == first->protection) {
                range->base = below->range.base;
                below = import_space_find(&script->space, range->base - 1);
        }
}

/* The first part of a range that may not have this protection; the range's end if there is none that is known. */
static uintptr_t first_refusing(const struct script *script, struct vrange range)
{
        struct vrange part;

        while (import_space_next(&script->space, range, PAGES_MAPPED, &part)) {
                const struct mapping *mapping = import_space_find(&script->space, part.base);

                if (mapping->is_segment && script->call->protection & ~mapping->protection & PROTECT_WRITE)
                        return part.base;
                range.base = part.end;
        }
        return range.end;
}

/*
 * The pages that mprotect had changed when it failed: those below a hole (ENOMEM), below a segment that is attached to
 * be read, or below a region that the program was started with and that has rules of its own.
 */
static struct vrange changed_before_failing(const struct script *script, struct vrange range)
{
        struct vrange changed = { range.base, range.base }, part;

        while (changed.end < range.end &&
               import_space_next(&script->space, (struct vrange){ changed.end, range.end }, PAGES_MAPPED, &part) &&
               part.base == changed.end)
                changed.end = part.end;
        if (import_failed_with(script->call, "EACCES"))
                changed.end = first_refusing(script, changed);
        return changed.end < range.end ? changed : (struct vrange){ range.base, range.base };
}

/* Linux protects what it can before it finds that the rest is not mapped, or must not have this protection. */
struct error import_refuse_mprotect(struct script *script)
{
        const struct strace_call *call = script->call;
        struct vrange range, part;

        if (import_failed_with(call, "EINVAL") && import_is_bad_range(call)) {
                script_operation(script, "EINVAL", "protect 0x%" PRIx64 " %" PRIu64 "! %s -> bad_argument",
                                 call->address, call->size, format_protection(call->protection));
                return SUCCESS;
        }
        if ((import_failed_with(call, "EINVAL") && call->grows_down) || !user_pages(call->address, call->size, &range)) {
                script_leave_out(script, "failed on Linux");
                return SUCCESS;
        }
        if (call->grows_down)
                grow_down(script, &range);
        if (import_failed_with(call, "ENOMEM") && import_space_next(&script->space, range, PAGES_FREE, &part))
                script_operation(script, "ENOMEM", "protect 0x%" PRIxPTR " %s %s -> not_found", range.base,
                                 script_size(vrange_size(range)), format_protection(call->protection));
        else
                script_leave_out(script, "failed on Linux");
        range = changed_before_failing(script, range);
        while (!vrange_is_empty(range) && import_space_next(&script->space, range, PAGES_MAPPED, &part)) {
                TRY(script_protect(script, part, call->protection));
                range.base = part.end;
        }
        return SUCCESS;
}

struct error import_take_mprotect(struct script *script)
{
        const struct strace_call *call = script->call;
        const unsigned writable = PROTECT_READ | PROTECT_WRITE;
        unsigned earlier = call->protection == writable ? PROTECT_READ : writable;
        struct vrange range;
        struct error fault;

        if (!call->size) {
                script_leave_out(script, "of nothing does nothing");
                return SUCCESS;
        }
        if (!import_pages_of(script, call->address, call->size, &range, &fault))
                return fault;
        if (call->grows_down)
                grow_down(script, &range);
        TRY(script_infer(script, range, earlier));
        TRY(script_notice_mapped(script, range, earlier));
        return script_protect(script, range, call->protection);
}
