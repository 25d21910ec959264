/*
 * A stream's bytes cut into frames: from zero byte to zero byte, COBS undone, checksum verified.
 */
#pragma once

#include "stream/source.h"

#include <stdint.h>

enum {
        FRAMES_BODY_MAX = 512,                  /* a body's bytes, by the format */
        FRAMES_CHECKSUM = 4,
        FRAMES_ENCODED_MAX = FRAMES_BODY_MAX + FRAMES_CHECKSUM + (FRAMES_BODY_MAX + FRAMES_CHECKSUM) / 254 + 1,
        FRAMES_BUFFER = 1 << 16,
};

struct frames {
        struct source source;
        uint64_t taken;                         /* bytes given out so far: the offset of buffer[begin] */
        size_t begin, end;                      /* what of the buffer is not given out yet */
        uint8_t buffer[FRAMES_BUFFER];
};

struct frame {
        uint64_t offset;                        /* of its first byte in the stream */
        const char *damage;                     /* in words; NULL if it arrived well */
        size_t length;                          /* of the body; 0 if damaged */
        uint8_t body[FRAMES_BODY_MAX + FRAMES_CHECKSUM];
};

void frames_init(struct frames *frames, struct source source);

/*
 * The next frame, well or damaged; `*more` is false if the source has no more, for now or for good: it will be
 * asked again. IO and the like only if the source cannot be read.
 */
struct error frames_next(struct frames *frames, struct frame *frame, bool *more);

/*
 * Undoes COBS: each code byte n is followed by n - 1 bytes as they are and then, unless n is 255 or the input ends, a
 * zero that was taken out. False if the input is no COBS or does not fit into `room`.
 */
[[nodiscard]] bool cobs_decode(uint8_t *out, size_t room, size_t *length, const uint8_t *in, size_t size);
