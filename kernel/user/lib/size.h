/*
 * Sizes for people: 4096 is "4K", 1536 "1.5K".
 */
#pragma once

#include <stdint.h>

enum { SIZE_TEXT_SIZE = 16 };

/* Writes a size into a buffer, and yields the buffer. What does not show in one decimal is cut. */
const char *size_text(uint64_t bytes, char text[SIZE_TEXT_SIZE]);
