/*
 * The functions behind the system calls, one for each entry of SYSTEM_CALLS, each in the file of what it is about:
 * file.c, process.c, process_exit.c, process_group.c, process_table.c, scheduler.c; those about memory in
 * call_memory.c. Each gets the three arguments of the call and yields its value and an error, which
 * docs/system-calls.md lists.
 *
 * They run on the kernel stack of the calling thread, with no lock held: copying to and from a program's memory may
 * fault and wait for memory.
 */
#pragma once

#include "lib/vocabulary/system_call.h"
#include "task/process.h"
#include "task/scheduler.h"
#include "task/user_memory.h"

#define CALL(name)                                                                                                  \
        struct error call_##name([[maybe_unused]] const uint64_t word[3], [[maybe_unused]] uint64_t *value)

#define X(symbol, name, meaning) CALL(name);
SYSTEM_CALLS(X)
#undef X
