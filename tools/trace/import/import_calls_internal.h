/*
 * What import_calls.c and import_protect.c share. No other file includes this.
 */
#pragma once

#include "import/import_calls.h"

/* Whether the call failed with this error: "ENOMEM". */
bool import_failed_with(const struct strace_call *call, const char *error);

/* Whether its address and size can be written in an op script, but are accepted by no call. */
bool import_is_bad_range(const struct strace_call *call);

/* The pages of a call that succeeded. False, with a fault, if they are not in the address space of a program. */
bool import_pages_of(const struct script *script, uintptr_t base, size_t size, struct vrange *out, struct error *fault);

/* mprotect that succeeded, and that failed. */
struct error import_take_mprotect(struct script *script);
struct error import_refuse_mprotect(struct script *script);
