#include "buffer.h"

#include <stdint.h>
#include <stdlib.h>

enum { FIRST_ROOM = 1 << 14 };

bool buffer_grow(struct buffer *buffer, size_t length)
{
        size_t room = buffer->room ? buffer->room : FIRST_ROOM;
        char *bytes;

        if (buffer->failed)
                return false;
        while (room - buffer->length < length && room <= SIZE_MAX / 2)
                room *= 2;
        bytes = room - buffer->length < length ? NULL : realloc(buffer->bytes, room);
        if (!bytes) {
                buffer->failed = true;
                return false;
        }
        buffer->bytes = bytes;
        buffer->room = room;
        return true;
}
