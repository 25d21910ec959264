#include "history/history_store.h"
#include "base/error_message.h"
#include "stream/compression.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { PIECE = 1 << 16 };

/* --- opening ---------------------------------------------------------------------------------------------- */

/* A file without a name, in the folder for temporary files. */
static struct error open_temporary(int *out)
{
        const char *folder = getenv("TMPDIR");

        *out = open(folder && *folder ? folder : "/tmp", O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
        if (*out < 0)
                return FAILF(IO, "%s: a temporary file cannot be made there: %s", folder && *folder ? folder : "/tmp",
                             strerror(errno));
        return SUCCESS;
}

struct error history_store_open_source(struct history_store *store, struct source source, bool grows)
{
        *store = (struct history_store){ .from = source, .grows = grows };
        struct error error = open_temporary(&store->descriptor);

        if (error.code)
                source.close(source.context);
        return error;
}

/* Whether the path is a file whose bytes are the stream's own. */
static bool is_plain_file(const char *path)
{
        unsigned char bytes[4];
        struct stat status;
        ssize_t got;
        int descriptor;

        if (strcmp(path, "-") == 0 || stat(path, &status) != 0 || !S_ISREG(status.st_mode))
                return false;
        descriptor = open(path, O_RDONLY | O_CLOEXEC);
        got = descriptor < 0 ? 0 : read(descriptor, bytes, sizeof bytes);
        if (descriptor >= 0)
                close(descriptor);
        return got <= 0 || !compression_begins(bytes, (size_t)got);
}

struct error history_store_open(struct history_store *store, const char *path, bool grows)
{
        struct source source;
        bool more;

        if (!is_plain_file(path)) {
                TRY(source_open(path, &source));
                return history_store_open_source(store, source, grows);
        }
        *store = (struct history_store){ .descriptor = open(path, O_RDONLY | O_CLOEXEC), .grows = grows };
        if (store->descriptor < 0)
                return FAILF(IO, "%s: cannot be opened: %s", path, strerror(errno));
        return history_store_grow(store, &more);
}

void history_store_close(struct history_store *store)
{
        if (store->from.read)
                store->from.close(store->from.context);
        close(store->descriptor);
}

/* --- growing ---------------------------------------------------------------------------------------------- */

static struct error read_at(const struct history_store *store, void *bytes, size_t size, uint64_t offset, size_t *got)
{
        ssize_t result;

        *got = 0;
        do
                result = pread(store->descriptor, bytes, size, (off_t)offset);
        while (result < 0 && errno == EINTR);
        if (result < 0)
                return FAILF(IO, "the recording cannot be read: %s", strerror(errno));
        *got = (size_t)result;
        return SUCCESS;
}

static struct error write_at(const struct history_store *store, const char *bytes, size_t size, uint64_t offset)
{
        while (size) {
                ssize_t result = pwrite(store->descriptor, bytes, size, (off_t)offset);

                if (result < 0 && errno != EINTR)
                        return FAILF(IO, "the temporary file cannot be written: %s", strerror(errno));
                if (result > 0) {
                        bytes += result;
                        size -= (size_t)result;
                        offset += (uint64_t)result;
                }
        }
        return SUCCESS;
}

/* Keeps one more piece of what the source yields, behind all bytes so far. */
static struct error keep(struct history_store *store)
{
        char piece[PIECE];
        struct stat status;
        size_t got;

        TRY(store->from.read(store->from.context, piece, sizeof piece, &got));
        if (!got && !store->grows) {
                store->from.close(store->from.context);
                store->from = (struct source){ 0 };
        }
        if (fstat(store->descriptor, &status) < 0)
                return FAILF(IO, "the temporary file cannot be read: %s", strerror(errno));
        return write_at(store, piece, got, (uint64_t)status.st_size);
}

/* The end of the last whole frame at or before `size`: just behind the last zero byte. It is searched in one piece. */
static struct error end_of_frames(const struct history_store *store, uint64_t size, uint64_t *out)
{
        char piece[PIECE];
        uint64_t begin = size - store->size > PIECE ? size - PIECE : store->size;
        const char *zero;
        size_t got;

        TRY(read_at(store, piece, (size_t)(size - begin), begin, &got));
        zero = memrchr(piece, 0, got);
        *out = zero ? begin + (uint64_t)(zero - piece) + 1 : begin;
        return SUCCESS;
}

struct error history_store_grow(struct history_store *store, bool *more)
{
        uint64_t before = store->size;
        struct stat status;

        if (store->from.read)
                TRY(keep(store));
        if (fstat(store->descriptor, &status) < 0)
                return FAILF(IO, "the recording cannot be read: %s", strerror(errno));
        if ((uint64_t)status.st_size > before && store->grows)
                TRY(end_of_frames(store, (uint64_t)status.st_size, &store->size));
        else if (store->from.read || !before)
                store->size = (uint64_t)status.st_size;
        *more = store->size > before;
        return SUCCESS;
}

/* --- a place for a reader --------------------------------------------------------------------------------- */

static struct error place_read(void *context, void *bytes, size_t size, size_t *got)
{
        struct history_place *place = context;
        struct history_store *store = place->store;
        bool more = true;

        *got = 0;
        while (place->offset >= store->size && more)
                TRY(history_store_grow(store, &more));
        if (place->offset >= store->size)
                return SUCCESS;
        if (size > store->size - place->offset)
                size = (size_t)(store->size - place->offset);
        TRY(read_at(store, bytes, size, place->offset, got));
        place->offset += *got;
        return SUCCESS;
}

static void place_close([[maybe_unused]] void *context)
{
}

struct source history_place_source(struct history_place *place)
{
        return (struct source){ place, place_read, place_close };
}
