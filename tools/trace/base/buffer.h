/*
 * Bytes that are put one after the other and grow as needed. What tools write is made of small pieces: an SVG of a
 * large tree is ten megabytes of them, a line of `dump` has twenty; stdio takes three to five times as long for them.
 *
 *      struct buffer buffer = { 0 };
 *
 *      buffer_put_text(&buffer, "<rect/>");
 *      buffer_put_number(&buffer, 12);
 *      if (buffer.failed)
 *              ... there was no memory, and some is missing ...
 *      free(buffer.bytes);
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
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

/* A number in decimal, or in hexadecimal with 0x before it. */
void buffer_put_number(struct buffer *buffer, uint64_t number);
void buffer_put_hexadecimal(struct buffer *buffer, uint64_t number);

/* Spaces, until what was put since `from` (a former length) has so many bytes. */
void buffer_pad(struct buffer *buffer, size_t from, size_t width);
