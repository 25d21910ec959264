/*
 * One frame on its way out: a checksum is added, COBS takes every zero byte out, a zero byte ends it.
 * The format is in docs/trace-format.md.
 */
#pragma once

#include "lib/types.h"

enum { FRAME_BODY_MAX = 512, FRAME_CHECKSUM = 4, FRAME_MAX = FRAME_BODY_MAX + FRAME_CHECKSUM };
enum { FRAME_ENCODED_MAX = FRAME_MAX + FRAME_MAX / 254 + 2 };

/* The encoder works on eight bytes at a time, and may touch this many beyond the end of either. */
enum { FRAME_SLACK = 8 };

/* The CRC-32C of some bytes. */
uint32_t frame_checksum(const uint8_t *bytes, size_t length);

/*
 * Encodes `length` bytes of `body` (which has FRAME_CHECKSUM + FRAME_SLACK bytes of room behind them, and is written
 * to) into `out` (with room for FRAME_ENCODED_MAX + FRAME_SLACK bytes), with the zero byte that ends the frame. Returns
 * how many bytes of `out` were used. O(length).
 */
size_t frame_encode(uint8_t *out, uint8_t *body, size_t length);
