/*
 * Formatted text, checked by the compiler.
 *
 * Understood are %s %c %d %u %x %p %%, the lengths l, ll and z, a width, "-" and "0", and a precision for %s;
 * width and precision may be "*". Anything else is copied as it stands. Every call is O(length of the text).
 */
#pragma once

#include "lib/environment.h"

#include <stdarg.h>

/* Writes text and a zero into `size` bytes (not 0), cut to fit. Returns how long, without the zero, it was uncut. */
__attribute__((format(printf, 3, 4)))
size_t format(char *buffer, size_t size, const char *pattern, ...);
size_t format_list(char *buffer, size_t size, const char *pattern, va_list arguments);

/*
 * Writes text to the console, by one console_write(): no other text comes in between. What is longer than
 * KPRINTF_MAX - 1 bytes is cut.
 */
enum { KPRINTF_MAX = 512 };
__attribute__((format(printf, 1, 2)))
void kprintf(const char *pattern, ...);
