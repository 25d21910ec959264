#include "perfetto/perfetto_protobuf.h"

#include <stdlib.h>
#include <string.h>

/* A message that failed has no room, and is never given any again. */
uint8_t *protobuf_grow(struct protobuf *message, size_t size)
{
        size_t room = 2 * (message->length + size) + 256;
        uint8_t *grown = message->failed ? NULL : realloc(message->at, room);

        if (!grown) {
                message->failed = true;
                message->length = message->room = 0;
                return NULL;
        }
        message->at = grown;
        message->room = room;
        return message->at + message->length;
}

static void add_varint(struct protobuf *message, uint64_t value)
{
        uint8_t *out = protobuf_reserve(message, VARINT_MAX);

        if (out)
                message->length += protobuf_put_varint(out, value);
}

void protobuf_fixed(struct protobuf *message, unsigned field, uint64_t value)
{
        uint8_t *out;

        add_varint(message, protobuf_key(field, WIRE_FIXED));
        out = protobuf_reserve(message, sizeof value);
        if (!out)
                return;
        for (size_t i = 0; i < sizeof value; i++)
                out[i] = (uint8_t)(value >> 8 * i);
        message->length += sizeof value;
}

void protobuf_bytes(struct protobuf *message, unsigned field, const void *bytes, size_t length)
{
        uint8_t *out = protobuf_reserve(message, 2 * VARINT_MAX + length);
        size_t used;

        if (!out)
                return;
        used = protobuf_put_varint(out, protobuf_key(field, WIRE_LENGTH));
        used += protobuf_put_varint(out + used, length);
        if (length)
                memcpy(out + used, bytes, length);
        message->length += used + length;
}

void protobuf_text(struct protobuf *message, unsigned field, const char *text)
{
        protobuf_bytes(message, field, text, strlen(text));
}

void protobuf_close_long(struct protobuf *message, size_t opened)
{
        uint8_t varint[VARINT_MAX];
        size_t inside = message->length - opened, used = protobuf_put_varint(varint, inside);

        if (message->failed || !protobuf_reserve(message, used - 1))
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
