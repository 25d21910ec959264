#include "stream/source.h"
#include "base/error_message.h"
#include "stream/compression.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

struct descriptor {
        int number;
        char name[];
};

static struct error descriptor_read(void *context, void *bytes, size_t size, size_t *got)
{
        struct descriptor *descriptor = context;
        ssize_t result;

        do
                result = read(descriptor->number, bytes, size);
        while (result < 0 && errno == EINTR);
        if (result < 0)
                return FAILF(IO, "%s: cannot be read: %s", descriptor->name, strerror(errno));
        *got = (size_t)result;
        return SUCCESS;
}

static void descriptor_close(void *context)
{
        struct descriptor *descriptor = context;

        close(descriptor->number);
        free(descriptor);
}

struct error source_of_descriptor(int number, const char *name, struct source *out)
{
        size_t length = strlen(name) + 1;
        struct descriptor *descriptor = malloc(sizeof *descriptor + length);

        if (!descriptor) {
                close(number);
                return fail_no_memory();
        }
        descriptor->number = number;
        memcpy(descriptor->name, name, length);
        *out = (struct source){ descriptor, descriptor_read, descriptor_close };
        return SUCCESS;
}

static struct error connect_to(const char *path, int *out)
{
        struct sockaddr_un address = { .sun_family = AF_UNIX };
        int number;

        if (strlen(path) >= sizeof address.sun_path)
                return FAILF(BAD_ARGUMENT,
                             "%s: the path of a socket may have %zu characters at most; use a shorter one", path,
                             sizeof address.sun_path - 1);
        strcpy(address.sun_path, path);
        number = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
        if (number < 0 || connect(number, (const struct sockaddr *)&address, sizeof address) < 0) {
                int reason = errno;

                if (number >= 0)
                        close(number);
                return FAILF(IO, "%s: no process listens on this socket: %s", path, strerror(reason));
        }
        *out = number;
        return SUCCESS;
}

/* Whether a compressed recording begins where the descriptor is. Only a file can be read ahead. */
static bool is_compressed(int number)
{
        unsigned char bytes[4];
        off_t at = lseek(number, 0, SEEK_CUR);
        ssize_t got = at < 0 ? 0 : pread(number, bytes, sizeof bytes, at);

        return got > 0 && compression_begins(bytes, (size_t)got);
}

struct error source_open(const char *path, struct source *out)
{
        struct stat status;
        bool compressed;
        int number;

        if (strcmp(path, "-") == 0) {
                number = fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 0);
        } else if (stat(path, &status) == 0 && S_ISSOCK(status.st_mode)) {
                TRY(connect_to(path, &number));
        } else {
                number = open(path, O_RDONLY | O_CLOEXEC);
        }
        if (number < 0)
                return FAILF(IO, "%s: cannot be opened: %s", path, strerror(errno));
        compressed = is_compressed(number);
        TRY(source_of_descriptor(number, path, out));
        return compressed ? source_of_compressed(*out, path, out) : SUCCESS;
}

/* --- bytes in memory -------------------------------------------------------------------------------------- */

struct memory {
        const unsigned char *bytes;
        size_t left;
};

static struct error memory_read(void *context, void *bytes, size_t size, size_t *got)
{
        struct memory *memory = context;

        *got = size < memory->left ? size : memory->left;
        if (*got)
                memcpy(bytes, memory->bytes, *got);
        memory->bytes += *got;
        memory->left -= *got;
        return SUCCESS;
}

struct error source_of_memory(const void *bytes, size_t size, struct source *out)
{
        struct memory *memory = malloc(sizeof *memory);

        if (!memory)
                return fail_no_memory();
        *memory = (struct memory){ bytes, size };
        *out = (struct source){ memory, memory_read, free };
        return SUCCESS;
}
