/*
 * The script while it is being made: its operations so far, and those that must come before them. Every operation
 * written here is carried out on the import_space too, so that the two never differ.
 */
#pragma once

#include "import/import_name.h"
#include "import/import_script.h"

/* The space that an op script has if it does not say (docs/op-scripts.md). */
#define USER_SPACE ((struct vrange){ 0x10000, 0x7ffffffff000 })

/* The pages that hold `size` bytes from `base` on; false if no user's address space has them. */
bool user_pages(uintptr_t base, size_t size, struct vrange *out);

struct script {
        struct import_faults *faults;
        FILE *operations, *before;
        struct import_space space;
        struct import_names names;
        struct import_summary *summary;
        const struct strace *strace;
        struct call_order *order;               /* see import_order.c */
        const struct strace_call *call;         /* the one being carried out */
        struct vrange heap;                     /* from where the break was first seen to where it is */
        bool heap_is_known;
};

/* Writes one operation; behind it, as a remark, the call it comes from and, if that is not NULL, `why`. */
[[gnu::format(printf, 3, 4)]]
void script_operation(struct script *script, const char *why, const char *format, ...);

/* Says in a line of its own that the call is left out, and why. */
void script_leave_out(struct script *script, const char *why);

/* "map NAME SIZE PROTECTION HOW BASE -> BASE"; `why` as for script_operation. */
struct error script_map(struct script *script, const struct mapping *new, const char *how, const char *why);
struct error script_unmap(struct script *script, struct vrange range, const char *why);
struct error script_protect(struct script *script, struct vrange range, unsigned protection);
/* Moves the end of the region that is exactly `old`. */
struct error script_resize(struct script *script, struct vrange old, size_t size);

/* Unknown pages must have been mapped from the beginning: the script maps them before all other operations. */
struct error script_infer(struct script *script, struct vrange range, unsigned protection);
/* Pages that should be free are mapped, or the reverse: a call was not captured. The script does it now. */
struct error script_notice_mapped(struct script *script, struct vrange range, unsigned protection);
struct error script_notice_free(struct script *script, struct vrange range);

/* "132K": as op scripts write sizes. Valid for the next fifteen calls. */
const char *script_size(uint64_t size);
