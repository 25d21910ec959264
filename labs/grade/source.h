/*
 * What a source file may not contain, found before a compiler sees it: bytes that are no text, inline assembly, and
 * directives that say that a line is from another file (which would hide it from the check behind the preprocessor).
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

enum { SOURCE_SIZE_MAX = 256 << 10 };

/* Whether a file of `length` bytes is fine. If not, false and what is wrong, with the line. */
bool source_is_fine(const char *name, const char *text, size_t length, char *words, size_t room);
