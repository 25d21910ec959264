#include "fuzz_stream.h"
#include "base/crc32c.h"
#include "stream/frames.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static uint8_t *header;
static size_t header_length;
static uint8_t *stream;

/* --- writing frames --------------------------------------------------------------------------------------- */

struct output {
        uint8_t *at;
        size_t length;
};

/* COBS: each run of bytes without a zero goes behind its length plus one. */
static void put_frame(struct output *out, const uint8_t *body, size_t length)
{
        uint8_t whole[FRAMES_BODY_MAX + FRAMES_CHECKSUM];
        const uint32_t checksum = crc32c(body, length);
        size_t code = out->length++;

        memcpy(whole, body, length);
        for (size_t i = 0; i < FRAMES_CHECKSUM; i++)
                whole[length + i] = (uint8_t)(checksum >> 8 * i);
        for (size_t i = 0; i < length + FRAMES_CHECKSUM; i++) {
                if (whole[i])
                        out->at[out->length++] = whole[i];
                if (!whole[i] || out->length - code == 255) {
                        out->at[code] = (uint8_t)(out->length - code);
                        code = out->length++;
                }
        }
        out->at[code] = (uint8_t)(out->length - code);
        out->at[out->length++] = 0;
}

/* --- the header ------------------------------------------------------------------------------------------- */

static void fail(const char *what)
{
        fprintf(stderr, "fuzz: %s\n", what);
        exit(2);
}

void fuzz_read_header(void)
{
        static struct frames frames;
        const char *path = getenv("FUZZ_RECORDING");
        struct output out = { calloc(1, 1 << 16), 1 };
        struct source source;
        struct frame frame;
        bool more = true;

        if (!path || !out.at || source_open(path, &source).code)
                fail("FUZZ_RECORDING names no recording that can be read");
        frames_init(&frames, source);
        while (!frames_next(&frames, &frame, &more).code && more && (frame.damage || frame.body[0] == 'H'))
                if (!frame.damage && out.length < (1 << 16) - FRAMES_ENCODED_MAX)
                        put_frame(&out, frame.body, frame.length);
        source.close(source.context);
        header = out.at;
        header_length = out.length;
}

/* --- a stream --------------------------------------------------------------------------------------------- */

struct reader *fuzz_open(const uint8_t *input, size_t size)
{
        struct output out = { malloc(header_length + (size / 2 + 1) * 16 + 2 * size), header_length };
        struct reader *reader;
        struct source source;

        if (!out.at)
                return NULL;
        memcpy(out.at, header, header_length);
        while (size >= 2) {
                size_t length = (size_t)(input[0] | input[1] << 8) % (FRAMES_BODY_MAX + 1);

                length = length < size - 2 ? length : size - 2;
                put_frame(&out, input + 2, length);
                input += 2 + length;
                size -= 2 + length;
        }
        stream = out.at;
        if (!source_of_memory(stream, out.length, &source).code && !reader_open_source(source, "input", &reader).code)
                return reader;
        free(stream);
        return NULL;
}

void fuzz_close(struct reader *reader)
{
        reader_close(reader);
        free(stream);
}
