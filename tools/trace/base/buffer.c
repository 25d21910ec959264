#include "base/buffer.h"

#include <stdlib.h>

enum { FIRST_ROOM = 1 << 14, DIGITS_MAX = 20 };

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

/* The digits are found from the last to the first. */
void buffer_put_number(struct buffer *buffer, uint64_t number)
{
        char digits[DIGITS_MAX];
        size_t first = DIGITS_MAX;

        do {
                digits[--first] = (char)('0' + number % 10);
                number /= 10;
        } while (number);
        buffer_put(buffer, digits + first, DIGITS_MAX - first);
}

void buffer_put_hexadecimal(struct buffer *buffer, uint64_t number)
{
        char digits[DIGITS_MAX];
        size_t first = DIGITS_MAX;

        do {
                digits[--first] = "0123456789abcdef"[number % 16];
                number /= 16;
        } while (number);
        digits[--first] = 'x';
        digits[--first] = '0';
        buffer_put(buffer, digits + first, DIGITS_MAX - first);
}

void buffer_pad(struct buffer *buffer, size_t from, size_t width)
{
        while (!buffer->failed && buffer->length - from < width)
                buffer_put_byte(buffer, ' ');
}
