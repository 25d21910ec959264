/*
 * What each of the five calls becomes in the script.
 */
#pragma once

#include "import/import_write.h"

/* Writes the operations for script->call. BAD_INPUT if it cannot have happened in a user's address space. */
struct error import_call(struct script *script);

/* Whether the call made pages of that range free. */
bool import_call_frees(const struct strace_call *call, struct vrange range);
