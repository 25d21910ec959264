#include "stream/compression.h"
#include "base/error_message.h"

#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <zstd.h>

bool compression_begins(const void *bytes, size_t length)
{
        static const uint8_t magic[] = { 0x28, 0xb5, 0x2f, 0xfd };

        return length >= sizeof magic && memcmp(bytes, magic, sizeof magic) == 0;
}

/* --- reading ---------------------------------------------------------------------------------------------- */

/* Hostile files may ask for a window of any size. This much is refused, as it is by the command zstd. */
enum { WINDOW_LOG_MAX = 27 };

/* What a user can do about a compressed file that is not whole; the name follows. */
#define KEEP "`zstd -dc %s > part.rtrace' keeps what comes before"

struct decompressor {
        struct source from;
        ZSTD_DStream *stream;
        ZSTD_inBuffer in;                       /* compressed bytes in `buffer` */
        bool is_inside_frame;                   /* the frame that was begun is not complete */
        bool grows;                             /* more may arrive after `from` has yielded nothing */
        bool holds_more;                        /* there was no room for all that `in` stands for */
        char *name;
        uint8_t buffer[1 << 16];
};

static void decompressor_close(void *context)
{
        struct decompressor *decompressor = context;

        decompressor->from.close(decompressor->from.context);
        ZSTD_freeDStream(decompressor->stream);
        free(decompressor->name);
        free(decompressor);
}

/* Reads more compressed bytes when all are used up. `*at_end`: there are no more. */
static struct error refill(struct decompressor *decompressor, bool *at_end)
{
        size_t got = 1;

        if (decompressor->in.pos == decompressor->in.size) {
                TRY(decompressor->from.read(decompressor->from.context, decompressor->buffer,
                                            sizeof decompressor->buffer, &got));
                decompressor->in = (ZSTD_inBuffer){ decompressor->buffer, got, 0 };
        }
        *at_end = got == 0;
        return SUCCESS;
}

static struct error decompressor_read(void *context, void *bytes, size_t size, size_t *got)
{
        struct decompressor *decompressor = context;
        ZSTD_outBuffer out = { bytes, size, 0 };
        bool at_end;
        size_t left;

        do {
                TRY(refill(decompressor, &at_end));
                if (at_end && (!decompressor->is_inside_frame || (decompressor->grows && !decompressor->holds_more)))
                        break;
                left = ZSTD_decompressStream(decompressor->stream, &out, &decompressor->in);
                if (ZSTD_isError(left))
                        return FAILF(IO, "%s: damaged: zstd says: %s; " KEEP, decompressor->name,
                                     ZSTD_getErrorName(left), decompressor->name);
                decompressor->is_inside_frame = left != 0;
                decompressor->holds_more = out.pos == out.size;
                if (at_end && out.pos == 0 && left != 0 && decompressor->grows)
                        break;
                if (at_end && out.pos == 0 && left != 0)
                        return FAILF(IO, "%s: the compressed file was cut short; " KEEP, decompressor->name,
                                     decompressor->name);
        } while (out.pos == 0);
        *got = out.pos;
        return SUCCESS;
}

static struct error open_source(struct source from, const char *name, bool grows, struct source *out)
{
        struct decompressor *decompressor = calloc(1, sizeof *decompressor);

        if (decompressor) {
                decompressor->name = strdup(name);
                decompressor->stream = ZSTD_createDStream();
        }
        if (!decompressor || !decompressor->name || !decompressor->stream) {
                from.close(from.context);
                if (decompressor) {
                        ZSTD_freeDStream(decompressor->stream);
                        free(decompressor->name);
                }
                free(decompressor);
                return fail_no_memory();
        }
        ZSTD_DCtx_setParameter(decompressor->stream, ZSTD_d_windowLogMax, WINDOW_LOG_MAX);
        decompressor->from = from;
        decompressor->grows = grows;
        *out = (struct source){ decompressor, decompressor_read, decompressor_close };
        return SUCCESS;
}

struct error source_of_compressed(struct source from, const char *name, struct source *out)
{
        return open_source(from, name, false, out);
}

struct error source_of_compressed_growing(struct source from, const char *name, struct source *out)
{
        return open_source(from, name, true, out);
}

/* --- writing ---------------------------------------------------------------------------------------------- */

struct output {
        FILE *file;
        ZSTD_CStream *stream;                   /* NULL: not compressed */
        char *path;
};

static bool has_compressed_name(const char *path)
{
        static const char ending[] = ".zst";
        size_t length = strlen(path), least = sizeof ending - 1;

        return length > least && strcmp(path + length - least, ending) == 0;
}

static void output_free(struct output *output)
{
        ZSTD_freeCStream(output->stream);
        free(output->path);
        free(output);
}

struct error output_open(const char *path, struct output **out)
{
        struct output *output = calloc(1, sizeof *output);
        struct error error;

        if (!output)
                return fail_no_memory();
        output->path = strdup(strcmp(path, "-") == 0 ? "standard output" : path);
        if (has_compressed_name(path))
                output->stream = ZSTD_createCStream();
        if (!output->path || (has_compressed_name(path) && !output->stream)) {
                output_free(output);
                return fail_no_memory();
        }
        output->file = strcmp(path, "-") == 0 ? stdout : fopen(path, "wb");
        if (!output->file) {
                error = FAILF(IO, "%s: cannot be written: %s", path, strerror(errno));
                output_free(output);
                return error;
        }
        *out = output;
        return SUCCESS;
}

static struct error write_plain(struct output *output, const void *bytes, size_t size)
{
        if (fwrite(bytes, 1, size, output->file) != size || fflush(output->file))
                return FAILF(IO, "%s: %s", output->path, strerror(errno));
        return SUCCESS;
}

/* Compresses bytes; with ZSTD_e_end, all that is still held, and the end of the frame. */
static struct error compress(struct output *output, const void *bytes, size_t size, ZSTD_EndDirective what)
{
        ZSTD_inBuffer in = { bytes, size, 0 };
        uint8_t buffer[1 << 14];
        size_t left;

        do {
                ZSTD_outBuffer out = { buffer, sizeof buffer, 0 };

                left = ZSTD_compressStream2(output->stream, &out, &in, what);
                if (ZSTD_isError(left))
                        return FAILF(IO, "%s: %s", output->path, ZSTD_getErrorName(left));
                if (out.pos)
                        TRY(write_plain(output, buffer, out.pos));
        } while (what == ZSTD_e_end ? left != 0 : in.pos < in.size);
        return SUCCESS;
}

struct error output_write(struct output *output, const void *bytes, size_t size)
{
        return output->stream ? compress(output, bytes, size, ZSTD_e_continue) : write_plain(output, bytes, size);
}

struct error output_close(struct output *output)
{
        struct error error = output->stream ? compress(output, NULL, 0, ZSTD_e_end) : SUCCESS;

        if ((output->file == stdout ? fflush(stdout) : fclose(output->file)) && !error.code)
                error = FAILF(IO, "%s: %s", output->path, strerror(errno));
        output_free(output);
        return error;
}
