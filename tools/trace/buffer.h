/*
 * Bytes that are put one after the other and grow as needed. An SVG of a large tree is ten megabytes of small pieces;
 * stdio takes three times as long for them.
 *
 *      struct buffer buffer = { 0 };
 *
 *      buffer_put_text(&buffer, "<rect/>");
 *      if (buffer.failed)
 *              ... there was no memory, and some is missing ...
 *      free(buffer.bytes);
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

struct buffer {
        char *bytes;                            /* the caller frees it */
        size_t length, room;
        bool failed;
};

/* Makes room for so many bytes more; false, and `failed` is set, if there is no memory. O(1) on average a byte. */
bool buffer_grow(struct buffer *buffer, size_t length);

static inline void buffer_put(struct buffer *buffer, const char *bytes, size_t length)
{
        if (buffer->room - buffer->length < length && !buffer_grow(buffer, length))
                return;
        memcpy(buffer->bytes + buffer->length, bytes, length);
        buffer->length += length;
}

static inline void buffer_put_text(struct buffer *buffer, const char *text)
{
        buffer_put(buffer, text, strlen(text));
}

static inline void buffer_put_byte(struct buffer *buffer, char byte)
{
        buffer_put(buffer, &byte, 1);
}
