/* Frames that the tools send: a body gets its checksum, COBS and the zero byte behind it. */
#pragma once

#include <stddef.h>
#include <stdint.h>

enum { CONTROL_BODY_MAX = 4096 + 16 };          /* the longest path, and what stands before it */
enum { CONTROL_FRAME_MAX = CONTROL_BODY_MAX + 4 + CONTROL_BODY_MAX / 254 + 3 };

/* Returns the length of the frame. `length` is at most CONTROL_BODY_MAX. */
size_t control_frame(uint8_t out[CONTROL_FRAME_MAX], const void *body, size_t length);
