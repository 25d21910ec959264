/*
 * What is typed at the console: bytes as they come, none of them shown or changed, kept until somebody reads them.
 */
#pragma once

#include "lib/error.h"

#include <stddef.h>

/* To be called now and then by one processor: takes what has come in, and wakes who waits for it. */
void console_poll(void);

/* Waits for at least one byte. INTERRUPTED. */
struct error console_read(void *bytes, size_t most, size_t *count);
