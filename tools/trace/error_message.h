/*
 * Why something failed, in words, for the person who ran the tool.
 *
 * A struct error says which kind of failure it was; the words say what, where and what to do about it. They travel
 * beside the error, one message at a time in each thread: the newest replaces the one before.
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

/*
 * Replaces, in place, what a terminal, a picture or a JSON file must not be given: control characters and bytes that
 * are not UTF-8 become '?'. Texts from a stream go through here once, in the reader.
 */
void text_make_printable(char *text, size_t length);
