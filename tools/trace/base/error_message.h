/*
 * Why something failed, in words, for the person who ran the tool.
 *
 * A struct error has the kind of failure; the message says what failed, where, and what to do. Each thread has one
 * message, kept beside the error: the newest replaces the one before.
 *
 *      if (fd < 0)
 *              return FAILF(IO, "%s: %s", path, strerror(errno));
 *      ...
 *      if (reader_open(path, &reader).code)
 *              fprintf(stderr, "regiontrace: %s\n", error_message());
 */
#pragma once

#include "lib/error.h"

#include <stddef.h>

#define FAILF(symbol, ...) (error_message_set(__VA_ARGS__), FAIL(symbol))

[[gnu::format(printf, 1, 2)]] void error_message_set(const char *format, ...);

/* The newest message; never NULL. */
const char *error_message(void);

/* FAILF(NO_MEMORY, ...) in the same words everywhere. */
struct error fail_no_memory(void);
/* The words from now on. They must stay valid. */
void error_message_for_no_memory(const char *no_memory);

/*
 * Replaces control characters and bytes that are not UTF-8 by '?', in place, so that the text can be printed on a
 * terminal, in a picture and in JSON. The reader calls this for every text of a stream.
 */
void text_make_printable(char *text, size_t length);
