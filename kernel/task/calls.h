/*
 * The functions behind the system calls, one for each word of SYSTEM_CALLS, by theme in call_process.c, call_memory.c
 * and call_file.c. Each gets the caller's three words, and yields a value. Programs' pointers are followed with no lock
 * held.
 */
#pragma once

#include "lib/error.h"
#include "lib/vocabulary/system_call.h"

#define CALL(name)                                                                                                  \
        struct error call_##name([[maybe_unused]] const uint64_t word[3], [[maybe_unused]] uint64_t *value)

#define X(symbol, name, meaning) CALL(name);
SYSTEM_CALLS(X)
#undef X
