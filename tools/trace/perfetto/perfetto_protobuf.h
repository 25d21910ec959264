/*
 * A writer of protobuf messages, as small as one can be: numbers, bytes, texts, and messages within messages.
 *
 *      size_t packet = protobuf_open(&message, 1);             field 1 is a message ...
 *      protobuf_number(&message, 8, 1000);                     ... whose field 8 is 1000
 *      protobuf_text(&message, 2, "heap");                     ... and whose field 2 is a text
 *      protobuf_close(&message, packet);
 *
 * A message gathers in memory and is written out by whoever owns it. If there is no memory left, `failed` is set
 * and whatever is added from then on is lost, so one look at the end is enough.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct protobuf {
        uint8_t *at;
        size_t length, room;
        bool failed;
};

enum protobuf_wire_type { WIRE_NUMBER = 0, WIRE_FIXED = 1, WIRE_LENGTH = 2 };

enum { VARINT_MAX = 10 };                       /* bytes */

/* Makes room for `size` bytes more at the end, and says where they go. NULL if there is no memory. */
uint8_t *protobuf_grow(struct protobuf *message, size_t size);

static inline uint8_t *protobuf_reserve(struct protobuf *message, size_t size)
{
        if (size > message->room - message->length)
                return protobuf_grow(message, size);
        return message->at + message->length;
}

/* Seven bits a byte, the lowest first; says how many bytes that takes. */
static inline size_t protobuf_put_varint(uint8_t *out, uint64_t value)
{
        size_t used = 0;

        for (; value >= 0x80; value >>= 7)
                out[used++] = (uint8_t)(value | 0x80);
        out[used++] = (uint8_t)value;
        return used;
}

static inline uint64_t protobuf_key(unsigned field, enum protobuf_wire_type type)
{
        return (uint64_t)field << 3 | type;
}

/* A field that is a varint: any number, enumeration or truth. A negative one takes ten bytes. Amortised O(1). */
static inline void protobuf_number(struct protobuf *message, unsigned field, uint64_t value)
{
        uint8_t *out = protobuf_reserve(message, 2 * VARINT_MAX);
        size_t used;

        if (!out)
                return;
        used = protobuf_put_varint(out, protobuf_key(field, WIRE_NUMBER));
        used += protobuf_put_varint(out + used, value);
        message->length += used;
}

/* A field that always takes eight bytes. */
void protobuf_fixed(struct protobuf *message, unsigned field, uint64_t value);

/* A field of bytes, or of a text without its final zero. */
void protobuf_bytes(struct protobuf *message, unsigned field, const void *bytes, size_t length);
void protobuf_text(struct protobuf *message, unsigned field, const char *text);

/*
 * Between the two, everything belongs to the message in `field`. Nested ones are closed in the order opposite to
 * that in which they were opened. O(1) if what is inside is shorter than 128 bytes, else O(length).
 */
[[nodiscard]] static inline size_t protobuf_open(struct protobuf *message, unsigned field)
{
        uint8_t *out = protobuf_reserve(message, VARINT_MAX + 1);
        size_t used;

        if (!out)
                return 0;
        used = protobuf_put_varint(out, protobuf_key(field, WIRE_LENGTH));
        out[used] = 0;                          /* one byte is kept for the length, which is enough for most messages */
        message->length += used + 1;
        return message->length;
}

/* A length that needs more than the one byte moves what is inside. */
void protobuf_close_long(struct protobuf *message, size_t opened);

static inline void protobuf_close(struct protobuf *message, size_t opened)
{
        size_t inside = message->length - opened;

        if (inside < 0x80 && !message->failed)
                message->at[opened - 1] = (uint8_t)inside;
        else
                protobuf_close_long(message, opened);
}

/* Nothing is in it any more; the memory stays, or goes too. */
void protobuf_clear(struct protobuf *message);
void protobuf_free(struct protobuf *message);
