#include "perfetto_protobuf.h"

#include <stdlib.h>
#include <string.h>

enum wire_type { WIRE_NUMBER = 0, WIRE_FIXED = 1, WIRE_LENGTH = 2 };

enum { VARINT_MAX = 10 };

/* Makes room for `size` bytes more at the end. NULL if there is no memory. */
static uint8_t *grow(struct protobuf *message, size_t size)
{
        size_t room = 2 * (message->length + size) + 256;
        uint8_t *grown = realloc(message->at, room);

        if (!grown) {
                message->failed = true;
                return NULL;
        }
        message->at = grown;
        message->room = room;
        return message->at + message->length;
}

/* Where `size` bytes more fit at the end, or NULL. */
static inline uint8_t *reserve(struct protobuf *message, size_t size)
{
        if (message->failed)
                return NULL;
        if (size > message->room - message->length)
                return grow(message, size);
        return message->at + message->length;
}

static inline size_t put_varint(uint8_t *out, uint64_t value)
{
        size_t used = 0;

        for (; value >= 0x80; value >>= 7)
                out[used++] = (uint8_t)(value | 0x80);
        out[used++] = (uint8_t)value;
        return used;
}

static void add_varint(struct protobuf *message, uint64_t value)
{
        uint8_t *out = reserve(message, VARINT_MAX);

        if (out)
                message->length += put_varint(out, value);
}

static uint64_t key_of(unsigned field, enum wire_type type)
{
        return (uint64_t)field << 3 | type;
}

void protobuf_number(struct protobuf *message, unsigned field, uint64_t value)
{
        uint8_t *out = reserve(message, 2 * VARINT_MAX);
        size_t used;

        if (!out)
                return;
        used = put_varint(out, key_of(field, WIRE_NUMBER));
        used += put_varint(out + used, value);
        message->length += used;
}

void protobuf_fixed(struct protobuf *message, unsigned field, uint64_t value)
{
        uint8_t *out;

        add_varint(message, key_of(field, WIRE_FIXED));
        out = reserve(message, sizeof value);
        if (!out)
                return;
        for (size_t i = 0; i < sizeof value; i++)
                out[i] = (uint8_t)(value >> 8 * i);
        message->length += sizeof value;
}

void protobuf_bytes(struct protobuf *message, unsigned field, const void *bytes, size_t length)
{
        uint8_t *out = reserve(message, 2 * VARINT_MAX + length);
        size_t used;

        if (!out)
                return;
        used = put_varint(out, key_of(field, WIRE_LENGTH));
        used += put_varint(out + used, length);
        if (length)
                memcpy(out + used, bytes, length);
        message->length += used + length;
}

void protobuf_text(struct protobuf *message, unsigned field, const char *text)
{
        protobuf_bytes(message, field, text, strlen(text));
}

/* One byte is reserved for the length, which is enough for most messages. */
size_t protobuf_open(struct protobuf *message, unsigned field)
{
        uint8_t *out = reserve(message, VARINT_MAX + 1);
        size_t used;

        if (!out)
                return message->length;
        used = put_varint(out, key_of(field, WIRE_LENGTH));
        out[used] = 0;
        message->length += used + 1;
        return message->length;
}

/* A length that needs more than the one byte moves what is inside. */
void protobuf_close(struct protobuf *message, size_t opened)
{
        uint8_t varint[VARINT_MAX];
        size_t inside = message->length - opened, used = put_varint(varint, inside);

        if (message->failed)
                return;
        if (used == 1) {
                message->at[opened - 1] = varint[0];
                return;
        }
        if (!reserve(message, used - 1))
                return;
        memmove(message->at + opened - 1 + used, message->at + opened, inside);
        memcpy(message->at + opened - 1, varint, used);
        message->length += used - 1;
}

void protobuf_clear(struct protobuf *message)
{
        message->length = 0;
}

void protobuf_free(struct protobuf *message)
{
        free(message->at);
        *message = (struct protobuf){ 0 };
}
