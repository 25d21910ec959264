#include "perfetto_protobuf.h"

#include <stdlib.h>
#include <string.h>

enum wire_type { WIRE_NUMBER = 0, WIRE_FIXED = 1, WIRE_LENGTH = 2 };

enum { VARINT_MAX = 10 };

/* Room for `size` bytes more at the end, or NULL. */
static uint8_t *reserve(struct protobuf *message, size_t size)
{
        size_t room = message->room;
        uint8_t *grown;

        if (message->failed)
                return NULL;
        if (size > room - message->length) {
                room = 2 * (message->length + size) + 256;
                grown = realloc(message->at, room);
                message->failed = !grown;
                if (!grown)
                        return NULL;
                message->at = grown;
                message->room = room;
        }
        return message->at + message->length;
}

static size_t put_varint(uint8_t *out, uint64_t value)
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

static void add_key(struct protobuf *message, unsigned field, enum wire_type type)
{
        add_varint(message, (uint64_t)field << 3 | type);
}

void protobuf_number(struct protobuf *message, unsigned field, uint64_t value)
{
        add_key(message, field, WIRE_NUMBER);
        add_varint(message, value);
}

void protobuf_fixed(struct protobuf *message, unsigned field, uint64_t value)
{
        uint8_t *out;

        add_key(message, field, WIRE_FIXED);
        out = reserve(message, sizeof value);
        if (!out)
                return;
        for (size_t i = 0; i < sizeof value; i++)
                out[i] = (uint8_t)(value >> 8 * i);
        message->length += sizeof value;
}

void protobuf_bytes(struct protobuf *message, unsigned field, const void *bytes, size_t length)
{
        uint8_t *out;

        add_key(message, field, WIRE_LENGTH);
        add_varint(message, length);
        out = reserve(message, length);
        if (!out || !length)
                return;
        memcpy(out, bytes, length);
        message->length += length;
}

void protobuf_text(struct protobuf *message, unsigned field, const char *text)
{
        protobuf_bytes(message, field, text, strlen(text));
}

/* One byte is set aside for the length, which is enough for most messages. */
size_t protobuf_open(struct protobuf *message, unsigned field)
{
        add_key(message, field, WIRE_LENGTH);
        add_varint(message, 0);
        return message->length;
}

/* A length that needs more than the one byte moves what is inside. */
void protobuf_close(struct protobuf *message, size_t opened)
{
        uint8_t varint[VARINT_MAX];
        size_t inside = message->length - opened, used = put_varint(varint, inside);

        if (!reserve(message, used - 1))
                return;
        if (used > 1)
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
