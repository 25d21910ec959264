/*
 * The order in which calls are applied.
 *
 * A call that strace shows in two lines took effect at some time between them. It is applied at the second line, unless
 * another call gets addresses that this call frees: then it is applied before that call.
 */
#pragma once

#include "import/import_write.h"

/* Applies all calls of script->strace. Errors of import_call(), NO_MEMORY. */
struct error import_all_calls(struct script *script);

/* Applies now those calls in progress that free pages of the range. */
struct error import_apply_early(struct script *script, struct vrange range);

/* Linux found the range free. Makes it free: by calls in progress or, if none frees it, by an inferred unmap. */
struct error import_make_room(struct script *script, struct vrange range);
