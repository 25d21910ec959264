#include "stream/frames.h"
#include "base/crc32c.h"

#include <string.h>

void frames_init(struct frames *frames, struct source source)
{
        frames->source = source;
        frames->taken = 0;
        frames->begin = frames->end = 0;
}

bool cobs_decode(uint8_t *out, size_t room, size_t *length, const uint8_t *in, size_t size)
{
        const uint8_t *end = in + size;
        size_t used = 0;

        while (in < end) {
                size_t code = *in++, copied = code - 1;

                if (code == 0 || copied > (size_t)(end - in) || copied > room - used || memchr(in, 0, copied))
                        return false;
                memcpy(out + used, in, copied);
                used += copied;
                in += copied;
                if (code < 255 && in < end) {
                        if (used == room)
                                return false;
                        out[used++] = 0;
                }
        }
        *length = used;
        return true;
}

/* Makes the buffer hold more bytes, moving what is left in it to the front. `*ended`: there were none. */
static struct error fill(struct frames *frames, bool *ended)
{
        size_t got = 0;

        memmove(frames->buffer, frames->buffer + frames->begin, frames->end - frames->begin);
        frames->end -= frames->begin;
        frames->begin = 0;
        TRY(frames->source.read(frames->source.context, frames->buffer + frames->end, FRAMES_BUFFER - frames->end,
                                &got));
        frames->end += got;
        *ended = got == 0;
        return SUCCESS;
}

static void take(struct frames *frames, size_t bytes)
{
        frames->begin += bytes;
        frames->taken += bytes;
}

static uint32_t little_endian(const uint8_t *bytes)
{
        return bytes[0] | (uint32_t)bytes[1] << 8 | (uint32_t)bytes[2] << 16 | (uint32_t)bytes[3] << 24;
}

static const char *decode(struct frame *frame, const uint8_t *bytes, size_t size)
{
        size_t length;

        if (!cobs_decode(frame->body, sizeof frame->body, &length, bytes, size))
                return "not decodable";
        if (length <= FRAMES_CHECKSUM)
                return "too short";
        length -= FRAMES_CHECKSUM;
        if (crc32c(frame->body, length) != little_endian(frame->body + length))
                return "bad checksum";
        frame->length = length;
        return NULL;
}

/* Skips a frame that is longer than the format allows, up to its zero byte or the end. */
static struct error skip_long(struct frames *frames, struct frame *frame)
{
        const uint8_t *zero;
        bool ended = false;

        frame->damage = "longer than a frame can be";
        while (!(zero = memchr(frames->buffer + frames->begin, 0, frames->end - frames->begin)) && !ended) {
                take(frames, frames->end - frames->begin);
                TRY(fill(frames, &ended));
        }
        take(frames, zero ? (size_t)(zero - (frames->buffer + frames->begin)) : frames->end - frames->begin);
        return SUCCESS;
}

struct error frames_next(struct frames *frames, struct frame *frame, bool *more)
{
        const uint8_t *start, *zero;
        bool ended = false;
        size_t size;

        for (;;) {
                start = frames->buffer + frames->begin;
                size = frames->end - frames->begin;
                zero = memchr(start, 0, size);
                if (zero)
                        size = (size_t)(zero - start);
                if (zero && size == 0)
                        take(frames, 1);        /* between frames */
                else if (zero || ended || size > FRAMES_ENCODED_MAX)
                        break;
                else
                        TRY(fill(frames, &ended));
        }
        frame->offset = frames->taken;
        frame->length = 0;
        *more = size > 0;
        if (size > FRAMES_ENCODED_MAX)
                return skip_long(frames, frame);
        frame->damage = zero ? decode(frame, start, size) : "cut off: the stream ends in the middle of it";
        take(frames, size);
        return SUCCESS;
}
