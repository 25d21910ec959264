/*
 * What a source file may not contain, found before a compiler sees it: bytes that are no text, and directives that say that
 * a line is from another file, `#line 1 "x"' or `# 1 "x"'. Such a line would hide what follows it from the check behind the
 * preprocessor (labs/grade/build), which believes what the preprocessor says about where a line is from.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

enum { SOURCE_SIZE_MAX = 256 << 10 };

/* Whether a file of `length` bytes is fine. If not, false and what is wrong, with the line. O(length). */
bool source_is_fine(const char *name, const char *text, size_t length, char *words, size_t room);
