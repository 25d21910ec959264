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

/* A field that is a varint: any number, enumeration or truth. A negative one takes ten bytes. Amortised O(1). */
void protobuf_number(struct protobuf *message, unsigned field, uint64_t value);

/* A field that always takes eight bytes. */
void protobuf_fixed(struct protobuf *message, unsigned field, uint64_t value);

/* A field of bytes, or of a text without its final zero. */
void protobuf_bytes(struct protobuf *message, unsigned field, const void *bytes, size_t length);
void protobuf_text(struct protobuf *message, unsigned field, const char *text);

/*
 * Between the two, everything belongs to the message in `field`. Nested ones are closed in the order opposite to
 * that in which they were opened. O(1) if what is inside is shorter than 128 bytes, else O(length).
 */
[[nodiscard]] size_t protobuf_open(struct protobuf *message, unsigned field);
void protobuf_close(struct protobuf *message, size_t opened);

/* Nothing is in it any more; the memory stays, or goes too. */
void protobuf_clear(struct protobuf *message);
void protobuf_free(struct protobuf *message);
