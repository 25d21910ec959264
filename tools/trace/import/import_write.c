#include "import/import_write.h"

#include "base/format.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>

static const char *const call_names[] = {
        [CALL_MMAP] = "mmap", [CALL_MUNMAP] = "munmap", [CALL_MPROTECT] = "mprotect", [CALL_MREMAP] = "mremap",
        [CALL_BRK] = "brk", [CALL_SHMAT] = "shmat", [CALL_SHMDT] = "shmdt",
};

bool user_pages(uintptr_t base, size_t size, struct vrange *out)
{
        size_t rounded;

        return vrange_round_up(&rounded, size) && rounded && vrange_make(out, base, rounded) &&
               vrange_is_page_aligned(*out) && vrange_contains_range(USER_SPACE, *out);
}

const char *script_size(uint64_t size)
{
        static char texts[16][32];
        static unsigned next;
        char *text = texts[next++ % 16];
        unsigned shift = 0;

        while (shift < 40 && size && !(size >> shift & 1023))
                shift += 10;
        snprintf(text, sizeof *texts, "%" PRIu64 "%.1s", size >> shift, &"\0KMGT"[shift / 10]);
        return text;
}

/* --- lines ---------------------------------------------------------------------------------------------------- */

enum { REMARK_COLUMN = 76 };

static void write_line(FILE *out, const struct script *script, const char *why, const char *operation)
{
        fprintf(out, "%-*s # line %lu: %s%s%s\n", REMARK_COLUMN, operation, script->call->line,
                call_names[script->call->kind], why ? ", " : "", why ? why : "");
}

void script_operation(struct script *script, const char *why, const char *format, ...)
{
        char operation[256];
        va_list arguments;

        va_start(arguments, format);
        vsnprintf(operation, sizeof operation, format, arguments);
        va_end(arguments);
        write_line(script->operations, script, why, operation);
        script->summary->operations++;
}

void script_leave_out(struct script *script, const char *why)
{
        const struct strace_call *call = script->call;

        fprintf(script->operations, "# line %lu: %s %s%s%s; left out\n", call->line, call_names[call->kind], why,
                *call->error ? ": " : "", call->error);
        script->summary->left_out++;
}

/* --- operations ----------------------------------------------------------------------------------------------- */

struct error script_map(struct script *script, const struct mapping *new, const char *how, const char *why)
{
        script_operation(script, why, "map %s %s %s %s 0x%" PRIxPTR " -> 0x%" PRIxPTR, new->name,
                         script_size(vrange_size(new->range)), format_protection(new->protection), how,
                         new->range.base, new->range.base);
        return import_space_set(&script->space, new);
}

struct error script_unmap(struct script *script, struct vrange range, const char *why)
{
        script_operation(script, why, "unmap 0x%" PRIxPTR " %s -> ok", range.base, script_size(vrange_size(range)));
        return import_space_set_free(&script->space, range);
}

struct error script_protect(struct script *script, struct vrange range, unsigned protection)
{
        script_operation(script, NULL, "protect 0x%" PRIxPTR " %s %s -> ok", range.base,
                         script_size(vrange_size(range)), format_protection(protection));
        return import_space_protect(&script->space, range, protection);
}

struct error script_resize(struct script *script, struct vrange old, size_t size)
{
        struct mapping resized = *import_space_find(&script->space, old.base);

        script_operation(script, NULL, "resize 0x%" PRIxPTR " %s -> ok", old.base, script_size(size));
        resized.range.end = old.base + size;
        if (resized.range.end < old.end)
                TRY(import_space_set_free(&script->space, (struct vrange){ resized.range.end, old.end }));
        return import_space_set(&script->space, &resized);
}

/* --- what strace did not show --------------------------------------------------------------------------------- */

/* The image lies below the heap; of the rest, the loader is the first whose pages are protected. */
static void name_inferred(struct script *script, struct mapping *new)
{
        bool is_protected = script->call->kind == CALL_MPROTECT;

        if (is_protected && script->heap_is_known && new->range.end <= script->heap.base)
                import_name_numbered(new, "image", &script->names.images);
        else if (is_protected && !script->names.loaders)
                import_name_numbered(new, "ld.so", &script->names.loaders);
        else
                import_name_numbered(new, "other", &script->names.others);
}

struct error script_infer(struct script *script, struct vrange range, unsigned protection)
{
        struct mapping new = { .protection = protection };
        char operation[256];

        while (import_space_next(&script->space, range, PAGES_UNKNOWN, &new.range)) {
                name_inferred(script, &new);
                TRY(import_space_set(&script->space, &new));
                snprintf(operation, sizeof operation, "map %s %s %s at 0x%" PRIxPTR " -> 0x%" PRIxPTR, new.name,
                         script_size(vrange_size(new.range)), format_protection(protection), new.range.base,
                         new.range.base);
                write_line(script->before, script, NULL, operation);
                script->summary->operations++;
                script->summary->inferred++;
        }
        return SUCCESS;
}

struct error script_notice_mapped(struct script *script, struct vrange range, unsigned protection)
{
        struct mapping new = { .protection = protection };

        while (import_space_next(&script->space, range, PAGES_FREE, &new.range)) {
                import_name_numbered(&new, "other", &script->names.others);
                TRY(script_map(script, &new, "at", "and it had been mapped unseen"));
                script->summary->unseen++;
        }
        return SUCCESS;
}

struct error script_notice_free(struct script *script, struct vrange range)
{
        struct vrange part;

        while (import_space_next(&script->space, range, PAGES_MAPPED, &part)) {
                TRY(script_unmap(script, part, "and it had been unmapped unseen"));
                script->summary->unseen++;
        }
        return SUCCESS;
}
