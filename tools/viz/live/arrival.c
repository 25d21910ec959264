#include "live/arrival.h"
#include "base/error_message.h"
#include "base/format.h"
#include "live/written_file.h"
#include "stream/compression.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

enum { PIECE = 64 << 10, PIECES_AT_ONCE = 64, HEADER_MOST = 1 << 20, STALLED_SECONDS = 2, MAGIC = 4 };

struct arrival {
        const char *name;
        bool is_file;                           /* that another process writes; else a pipe or a socket */
        bool is_plain;                          /* a file that is no compressed one: it is looked at where it is */
        int from;                               /* -1: nothing more comes from there */
        bool has_ended;                         /* and all that came is taken */
        int watch;                              /* of a file; -1: none */
        struct source source;                   /* of what is kept: `from`, decompressed if it must be; no `read`: none yet */
        uint8_t first[MAGIC];                   /* read before it was known whether the bytes are compressed */
        size_t first_size, first_used;
        FILE *kept;                             /* all that has arrived; NULL: `is_plain` */
        uint64_t bytes;
        time_t last;                            /* when something arrived, or when it was opened */
        char words[96];
};

/* --- opening ---------------------------------------------------------------------------------------------- */

bool arrival_is_needed(const char *path)
{
        struct stat status;

        if (stat(path, &status))
                return false;
        return S_ISFIFO(status.st_mode) || S_ISSOCK(status.st_mode) ||
               (S_ISREG(status.st_mode) && file_is_written(path));
}

static struct error connect_to(const char *path, int *out)
{
        struct sockaddr_un address = { .sun_family = AF_UNIX };

        if (strlen(path) >= sizeof address.sun_path)
                return FAILF(BAD_ARGUMENT, "%s: the path of a socket is shorter than %zu characters", path,
                             sizeof address.sun_path);
        strcpy(address.sun_path, path);
        *out = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
        if (*out < 0 || connect(*out, (const struct sockaddr *)&address, sizeof address) < 0)
                return FAILF(IO, "%s: no process listens on this socket: %s", path, strerror(errno));
        if (fcntl(*out, F_SETFL, O_NONBLOCK) < 0)
                return FAILF(IO, "%s: %s", path, strerror(errno));
        return SUCCESS;
}

static struct error open_it(struct arrival *arrival)
{
        struct stat status;

        arrival->kept = tmpfile();
        if (!arrival->kept)
                return FAILF(IO, "a temporary file: %s", strerror(errno));
        if (!stat(arrival->name, &status) && S_ISSOCK(status.st_mode))
                return connect_to(arrival->name, &arrival->from);
        arrival->is_file = S_ISREG(status.st_mode);
        if (arrival->is_file)
                arrival->watch = file_watch(arrival->name);
        arrival->from = open(arrival->name, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
        return arrival->from < 0 ? FAILF(IO, "%s: cannot be opened: %s", arrival->name, strerror(errno)) : SUCCESS;
}

struct error arrival_open(struct arrival **out, const char *path)
{
        struct arrival *arrival = calloc(1, sizeof *arrival);
        struct error error;

        if (!arrival)
                return fail_no_memory();
        *arrival = (struct arrival){ .name = path, .from = -1, .watch = -1, .last = time(NULL) };
        error = open_it(arrival);
        if (error.code)
                arrival_close(arrival);
        else
                *out = arrival;
        return error;
}

static void end(struct arrival *arrival)
{
        if (arrival->from >= 0)
                close(arrival->from);
        if (arrival->watch >= 0)
                close(arrival->watch);
        arrival->from = arrival->watch = -1;
}

void arrival_close(struct arrival *arrival)
{
        if (!arrival)
                return;
        end(arrival);
        if (arrival->source.read)
                arrival->source.close(arrival->source.context);
        if (arrival->kept)
                fclose(arrival->kept);
        free(arrival);
}

/* --- what arrives ----------------------------------------------------------------------------------------- */

/*
 * A pipe that no process has opened for writing yet reads as one that has ended; only after some bytes is that the end.
 * A file has ended if no process writes it; what was written until then is read after that was seen.
 */
static struct error read_from(struct arrival *arrival, void *bytes, size_t size, size_t *got)
{
        const bool may_grow = arrival->is_file && file_is_written(arrival->name);
        const ssize_t result = read(arrival->from, bytes, size);

        *got = result > 0 ? (size_t)result : 0;
        if (result < 0)
                return errno == EAGAIN || errno == EINTR
                               ? SUCCESS
                               : FAILF(IO, "%s: cannot be read: %s", arrival->name, strerror(errno));
        if (!result && (arrival->is_file ? !may_grow : arrival->bytes > 0))
                end(arrival);
        if (result)
                arrival->last = time(NULL);
        arrival->bytes += *got;
        return SUCCESS;
}

/* A source's read(): what was read too early, then what arrives. Yields nothing where nothing has arrived. */
static struct error arriving_read(void *context, void *bytes, size_t size, size_t *got)
{
        struct arrival *arrival = context;
        const size_t left = arrival->first_size - arrival->first_used;

        *got = left < size ? left : size;
        if (!left)
                return arrival->from >= 0 ? read_from(arrival, bytes, size, got) : SUCCESS;
        memcpy(bytes, arrival->first + arrival->first_used, *got);
        arrival->first_used += *got;
        return SUCCESS;
}

static void close_nothing([[maybe_unused]] void *context)
{
}

/* As soon as the first bytes have arrived they say whether it is compressed. */
static struct error begin_source(struct arrival *arrival)
{
        const struct source arriving = { arrival, arriving_read, close_nothing };
        size_t got = 1;

        while (got && arrival->first_size < MAGIC && arrival->from >= 0) {
                TRY(read_from(arrival, arrival->first + arrival->first_size, MAGIC - arrival->first_size, &got));
                arrival->first_size += got;
        }
        if (arrival->first_size < MAGIC && arrival->from >= 0)
                return SUCCESS;
        if (compression_begins(arrival->first, arrival->first_size))
                return source_of_compressed_growing(arriving, arrival->name, &arrival->source);
        arrival->is_plain = arrival->is_file;
        arrival->source = arriving;
        return SUCCESS;
}

static struct error keep(struct arrival *arrival, bool *more)
{
        static char piece[PIECE];
        size_t got;

        TRY(arrival->source.read(arrival->source.context, piece, sizeof piece, &got));
        *more = got > 0;
        if (got && (fwrite(piece, 1, got, arrival->kept) != got || fflush(arrival->kept)))
                return FAILF(IO, "%s: a temporary file cannot be written: %s", arrival->name, strerror(errno));
        return SUCCESS;
}

/* A file that is looked at where it is: only how much there is of it. */
static struct error look_at_size(struct arrival *arrival)
{
        const bool may_grow = file_is_written(arrival->name);
        struct stat status;

        if (fstat(arrival->from, &status))
                return FAILF(IO, "%s: %s", arrival->name, strerror(errno));
        if ((uint64_t)status.st_size < arrival->bytes)
                return FAILF(IO, "%s: has become shorter, as if it were recorded anew: open it again", arrival->name);
        if ((uint64_t)status.st_size > arrival->bytes)
                arrival->last = time(NULL);
        else if (!may_grow)
                end(arrival);
        arrival->bytes = (uint64_t)status.st_size;
        return SUCCESS;
}

static struct error take_all(struct arrival *arrival)
{
        bool more = true;

        file_watch_forget(arrival->watch);
        if (!arrival->source.read)
                TRY(begin_source(arrival));
        if (arrival->is_plain)
                TRY(look_at_size(arrival));
        for (unsigned i = 0; i < PIECES_AT_ONCE && more && arrival->source.read && !arrival->is_plain; i++)
                TRY(keep(arrival, &more));
        arrival->has_ended = arrival->from < 0 && (arrival->is_plain || !more);
        return SUCCESS;
}

struct error arrival_update(struct arrival *arrival, struct timeline *timeline)
{
        if (arrival->has_ended)
                return SUCCESS;
        TRY(take_all(arrival));
        if (arrival->has_ended)
                timeline_finish(timeline);
        return SUCCESS;
}

bool arrival_has_ended(const struct arrival *arrival)
{
        return arrival->has_ended;
}

int arrival_descriptor(const struct arrival *arrival)
{
        return arrival->is_file ? arrival->watch : arrival->from;
}

const char *arrival_words(const struct arrival *arrival)
{
        struct arrival *writable = (struct arrival *)arrival;
        const long seconds = (long)(time(NULL) - arrival->last);

        if (arrival->has_ended)
                snprintf(writable->words, sizeof writable->words, "complete");
        else if (seconds >= STALLED_SECONDS)
                snprintf(writable->words, sizeof writable->words, "nothing for %ld s", seconds);
        else
                snprintf(writable->words, sizeof writable->words, "arrives: %s", format_about(arrival->bytes));
        return arrival->words;
}

/* --- as a recording --------------------------------------------------------------------------------------- */

/* Reads what is kept, from its beginning on; yields nothing where nothing more has arrived. */
static struct error kept_read(void *context, void *bytes, size_t size, size_t *got)
{
        const ssize_t result = read(*(int *)context, bytes, size);

        if (result < 0)
                return FAILF(IO, "a temporary file cannot be read: %s", strerror(errno));
        *got = (size_t)result;
        return SUCCESS;
}

static void kept_close(void *context)
{
        close(*(int *)context);
        free(context);
}

static struct error source_of_kept(const struct arrival *arrival, struct source *out)
{
        int *descriptor = malloc(sizeof *descriptor);
        char path[64];

        if (!descriptor)
                return fail_no_memory();
        snprintf(path, sizeof path, "/proc/self/fd/%d", fileno(arrival->kept));
        *descriptor = open(path, O_RDONLY | O_CLOEXEC);
        if (*descriptor < 0) {
                free(descriptor);
                return FAILF(IO, "a temporary file: %s", strerror(errno));
        }
        *out = (struct source){ descriptor, kept_read, kept_close };
        return SUCCESS;
}

static struct error open_timeline(const struct arrival *arrival, struct timeline **out, size_t memory)
{
        struct source source;

        if (arrival->is_plain)
                return timeline_open_growing(out, arrival->name, memory);
        TRY(source_of_kept(arrival, &source));
        return timeline_open_source(out, source, arrival->name, memory);
}

static void wait_for_more(const struct arrival *arrival)
{
        struct pollfd waited = { .fd = arrival_descriptor(arrival), .events = POLLIN };
        const struct timespec nap = { .tv_nsec = 20000000 };

        poll(&waited, 1, 1000);
        if (!(waited.revents & POLLIN))
                nanosleep(&nap, NULL);          /* the other side has hung up, or is not there yet */
}

struct error arrival_timeline(struct arrival *arrival, struct timeline **out, size_t memory)
{
        uint64_t tried = 0;
        bool has_said = false;

        for (;;) {
                struct error error;

                TRY(take_all(arrival));
                if (arrival->source.read && (arrival->bytes != tried || arrival->has_ended)) {
                        tried = arrival->bytes;
                        error = open_timeline(arrival, out, memory);
                        if (!error.code && arrival->has_ended)
                                timeline_finish(*out);
                        if (!error.code || arrival->has_ended || arrival->bytes > HEADER_MOST)
                                return error;
                }
                if (!has_said)
                        fprintf(stderr, "regionviz live: waits for the beginning of %s (Ctrl-C ends)\n", arrival->name);
                has_said = true;
                wait_for_more(arrival);
        }
}
