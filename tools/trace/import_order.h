/*
 * In which order the calls are carried out.
 *
 * A call that strace shows in two lines took effect somewhere between. It is carried out at the second one, unless
 * another call was given addresses that it frees: then it must have freed them before.
 */
#pragma once

#include "import_write.h"

/* Carries out all calls of script->strace. Errors of import_call(), NO_MEMORY. */
struct error import_all_calls(struct script *script);

/* Carries out now those calls under way that free pages of the range. */
struct error import_apply_early(struct script *script, struct vrange range);

/* Linux found the range free: makes it so, by what is under way or, failing that, by what went unseen. */
struct error import_make_room(struct script *script, struct vrange range);
