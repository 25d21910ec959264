/* Frames that the tools send: a body gets its checksum, COBS and the zero byte behind it. */
#pragma once

#include "control/control.h"

#include <stddef.h>
#include <stdint.h>

enum { CONTROL_BODY_MAX = 4096 + 16 };          /* the longest path, and what stands before it */
enum { CONTROL_FRAME_MAX = CONTROL_BODY_MAX + 4 + CONTROL_BODY_MAX / 254 + 3 };

/*
 * Each command's number must be above that of every command before, also of other controllers. So the numbers begin at
 * the time of day, in microseconds: no controller sends commands that fast.
 */
uint64_t control_first_number(void);

enum { CONTROL_VARINT_MOST = 10, CONTROL_FRONT_MAX = 2 + 2 * CONTROL_VARINT_MOST };

/* Both return where the next byte goes. The front of a command takes up to CONTROL_FRONT_MAX bytes. */
uint8_t *control_put_varint(uint8_t *out, uint64_t value);
uint8_t *control_put_front(uint8_t *body, uint64_t number, enum command_kind kind);

/* Returns the length of the frame. `length` is at most CONTROL_BODY_MAX. */
size_t control_frame(uint8_t out[CONTROL_FRAME_MAX], const void *body, size_t length);
