#include "arrival.h"
#include "error_message.h"
#include "format.h"

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

enum { PIECE = 64 << 10, PIECES_AT_ONCE = 64, HEADER_MOST = 1 << 20, STALLED_SECONDS = 2 };

struct arrival {
        const char *name;
        int from;                               /* -1: it has ended */
        FILE *kept;                             /* all that has arrived */
        uint64_t bytes;
        time_t last;                            /* when something arrived, or when it was opened */
        char words[96];
};

bool arrival_is_needed(const char *path)
{
        struct stat status;

        return !stat(path, &status) && (S_ISFIFO(status.st_mode) || S_ISSOCK(status.st_mode));
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
        arrival->from = open(arrival->name, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
        return arrival->from < 0 ? FAILF(IO, "%s: cannot be opened: %s", arrival->name, strerror(errno)) : SUCCESS;
}

struct error arrival_open(struct arrival **out, const char *path)
{
        struct arrival *arrival = calloc(1, sizeof *arrival);
        struct error error;

        if (!arrival)
                return fail_no_memory();
        *arrival = (struct arrival){ .name = path, .from = -1, .last = time(NULL) };
        error = open_it(arrival);
        if (error.code)
                arrival_close(arrival);
        else
                *out = arrival;
        return error;
}

void arrival_close(struct arrival *arrival)
{
        if (!arrival)
                return;
        if (arrival->from >= 0)
                close(arrival->from);
        if (arrival->kept)
                fclose(arrival->kept);
        free(arrival);
}

/* --- what arrives ----------------------------------------------------------------------------------------- */

static void end(struct arrival *arrival)
{
        close(arrival->from);
        arrival->from = -1;
}

/* A pipe that no process has opened for writing yet reads as one that has ended; only after some bytes is that the end. */
static bool is_end(const struct arrival *arrival, ssize_t got)
{
        return !got && arrival->bytes;
}

static struct error take(struct arrival *arrival, bool *more)
{
        static char piece[PIECE];
        const ssize_t got = read(arrival->from, piece, sizeof piece);

        *more = got > 0;
        if (got < 0)
                return errno == EAGAIN || errno == EINTR
                               ? SUCCESS
                               : FAILF(IO, "%s: cannot be read: %s", arrival->name, strerror(errno));
        if (is_end(arrival, got))
                end(arrival);
        if (got <= 0)
                return SUCCESS;
        arrival->bytes += (uint64_t)got;
        arrival->last = time(NULL);
        if (fwrite(piece, 1, (size_t)got, arrival->kept) != (size_t)got || fflush(arrival->kept))
                return FAILF(IO, "%s: a temporary file cannot be written: %s", arrival->name, strerror(errno));
        return SUCCESS;
}

static struct error take_all(struct arrival *arrival)
{
        bool more = true;

        for (unsigned i = 0; i < PIECES_AT_ONCE && more && arrival->from >= 0; i++)
                TRY(take(arrival, &more));
        return SUCCESS;
}

struct error arrival_update(struct arrival *arrival, struct timeline *timeline)
{
        if (arrival->from < 0)
                return SUCCESS;
        TRY(take_all(arrival));
        if (arrival->from < 0)
                timeline_finish(timeline);
        return SUCCESS;
}

int arrival_descriptor(const struct arrival *arrival)
{
        return arrival->from;
}

const char *arrival_words(const struct arrival *arrival)
{
        struct arrival *writable = (struct arrival *)arrival;
        const long seconds = (long)(time(NULL) - arrival->last);

        if (arrival->from < 0)
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

static void wait_for_more(const struct arrival *arrival)
{
        struct pollfd waited = { .fd = arrival->from, .events = POLLIN };
        const struct timespec nap = { .tv_nsec = 20000000 };

        poll(&waited, 1, 1000);
        if (!(waited.revents & POLLIN))
                nanosleep(&nap, NULL);          /* the other side has hung up, or is not there yet */
}

struct error arrival_timeline(struct arrival *arrival, struct timeline **out, size_t memory)
{
        uint64_t tried = UINT64_MAX;
        bool has_said = false;

        for (;;) {
                struct source source;
                struct error error;

                TRY(take_all(arrival));
                if (arrival->bytes != tried && arrival->bytes) {
                        tried = arrival->bytes;
                        TRY(source_of_kept(arrival, &source));
                        error = timeline_open_source(out, source, arrival->name, memory);
                        if (!error.code && arrival->from < 0)
                                timeline_finish(*out);
                        if (!error.code || arrival->from < 0 || arrival->bytes > HEADER_MOST)
                                return error;
                }
                if (!has_said)
                        fprintf(stderr, "regionviz live: waits for the beginning of %s (Ctrl-C ends)\n", arrival->name);
                has_said = true;
                wait_for_more(arrival);
        }
}
