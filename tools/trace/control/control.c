#include "control/control.h"
#include "base/crc32c.h"
#include "base/error_message.h"
#include "control/control_frame.h"
#include "control/control_internal.h"
#include "stream/frames.h"

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

enum { HELLO_SECONDS = 5, LOOKS_MOST = 100, LOOK_MILLISECONDS = 20, VERSION = 1 };

/* --- numbers ---------------------------------------------------------------------------------------------- */

static bool take_varint(const uint8_t **at, const uint8_t *end, uint64_t *out)
{
        *out = 0;
        for (unsigned shift = 0; shift < 64 && *at < end; shift += 7) {
                const uint8_t byte = *(*at)++;

                *out |= (uint64_t)(byte & 0x7f) << shift;
                if (!(byte & 0x80))
                        return true;
        }
        return false;
}

/* --- frames from the recorder ----------------------------------------------------------------------------- */

static uint32_t little_endian(const uint8_t *bytes)
{
        return bytes[0] | (uint32_t)bytes[1] << 8 | (uint32_t)bytes[2] << 16 | (uint32_t)bytes[3] << 24;
}

/* Takes the next frame out of what has arrived, if it is whole. Its body is 0 bytes long if it is damaged. */
static bool take_frame(struct control *control, uint8_t body[CONTROL_FRAME_MAX], size_t *length)
{
        uint8_t *zero = memchr(control->arrived, 0, control->length);
        size_t size, rest;

        if (!zero)
                return false;
        size = (size_t)(zero - control->arrived);
        rest = control->length - size - 1;
        if (!cobs_decode(body, CONTROL_FRAME_MAX, length, control->arrived, size) || *length <= FRAMES_CHECKSUM) {
                *length = 0;
        } else {
                *length -= FRAMES_CHECKSUM;
                if (crc32c(body, *length) != little_endian(body + *length))
                        *length = 0;
        }
        memmove(control->arrived, zero + 1, rest);
        control->length = rest;
        return true;
}

/* Takes what has arrived on the socket; does not wait. */
static struct error take_bytes(struct control *control)
{
        ssize_t got;

        if (control->ended || control->length == sizeof control->arrived)
                return SUCCESS;
        got = recv(control->socket, control->arrived + control->length, sizeof control->arrived - control->length,
                   MSG_DONTWAIT);
        if (got < 0 && errno != EAGAIN && errno != EINTR && errno != ECONNRESET)
                return FAILF(IO, "%s: cannot be read: %s", control->path, strerror(errno));
        if (got == 0 || (got < 0 && errno == ECONNRESET))
                control->ended = true;
        if (got > 0)
                control->length += (size_t)got;
        return SUCCESS;
}

static bool read_answer(const uint8_t *at, const uint8_t *end, struct control_message *out)
{
        uint64_t answer, last;

        out->kind = CONTROL_ANSWER;
        if (!take_varint(&at, end, &out->number) || !take_varint(&at, end, &answer) || !take_varint(&at, end, &last) ||
            !take_varint(&at, end, &out->carried_out) || !take_varint(&at, end, &out->refused) ||
            !take_varint(&at, end, &out->damaged))
                return false;
        out->answer = answer <= ANSWER_DAMAGED ? (enum answer)answer : ANSWER_UNKNOWN;
        return true;
}

static bool read_all_stand(const uint8_t *at, const uint8_t *end, struct control_message *out)
{
        uint64_t cpus, stand;

        out->kind = CONTROL_ALL_STAND;
        if (!take_varint(&at, end, &cpus) || cpus > CONTROL_CPUS_MAX)
                return false;
        out->cpus = (unsigned)cpus;
        for (unsigned cpu = 0; cpu < cpus; cpu++) {
                if (!take_varint(&at, end, &stand) || stand > STAND_WAITS ||
                    !take_varint(&at, end, &out->cpu[cpu].number))
                        return false;
                out->cpu[cpu].stand = (enum stand)stand;
        }
        return true;
}

struct error control_receive(struct control *control, struct control_message *out, bool *has_message)
{
        uint8_t body[CONTROL_FRAME_MAX];
        size_t length;

        *out = (struct control_message){ .kind = CONTROL_ENDED };
        *has_message = false;
        TRY(take_bytes(control));
        while (!*has_message && take_frame(control, body, &length)) {
                if (length && body[0] == 'A')
                        *has_message = read_answer(body + 1, body + length, out);
                else if (length && body[0] == 'S')
                        *has_message = read_all_stand(body + 1, body + length, out);
                else
                        continue;               /* of a kind that a later version sends */
                if (!*has_message)
                        return FAILF(BAD_INPUT, "%s: what the kernel says is not understood", control->path);
        }
        if (!*has_message && control->ended) {
                out->kind = CONTROL_ENDED;
                *has_message = true;
        }
        return SUCCESS;
}

/* --- connecting ------------------------------------------------------------------------------------------- */

/* A recorder that has just been started may not listen yet. */
static bool connect_soon(int number, const struct sockaddr_un *address)
{
        for (unsigned look = 0; connect(number, (const struct sockaddr *)address, sizeof *address) < 0; look++) {
                if (look == LOOKS_MOST || (errno != ENOENT && errno != ECONNREFUSED))
                        return false;
                nanosleep(&(struct timespec){ .tv_nsec = LOOK_MILLISECONDS * 1000000 }, NULL);
        }
        return true;
}

static struct error connect_to(struct control *control)
{
        struct sockaddr_un address = { .sun_family = AF_UNIX };

        if (strlen(control->path) >= sizeof address.sun_path)
                return FAILF(BAD_ARGUMENT, "%s: the path of a socket may have %zu characters at most", control->path,
                             sizeof address.sun_path - 1);
        strcpy(address.sun_path, control->path);
        control->socket = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
        if (control->socket < 0 || !connect_soon(control->socket, &address))
                return FAILF(NOT_FOUND, "%s: no recorder can be reached here (%s); start one with "
                             "`regiontrace record --control FOLDER'", control->path, strerror(errno));
        return SUCCESS;
}

/* The recorder says first where the recording is, or that there is a controller already. */
static struct error take_hello(struct control *control)
{
        struct pollfd watched = { control->socket, POLLIN, 0 };
        uint8_t body[CONTROL_FRAME_MAX];
        size_t length;

        while (!take_frame(control, body, &length)) {
                if (control->ended || poll(&watched, 1, HELLO_SECONDS * 1000) <= 0)
                        return FAILF(IO, "%s: the recorder does not answer", control->path);
                TRY(take_bytes(control));
        }
        if (length == 2 && body[0] == 'B')
                return FAILF(OVERLAP, "%s: another controller is connected; there may be one at a time", control->path);
        if (length < 3 || body[0] != 'R' || body[1] != VERSION)
                return FAILF(BAD_INPUT, "%s: what listens here is no recorder of this version", control->path);
        control->recording = strndup((const char *)body + 2, length - 2);
        return control->recording ? SUCCESS : fail_no_memory();
}

struct error control_connect(struct control *control, const char *path)
{
        struct stat status;
        bool is_socket = stat(path, &status) == 0 && !S_ISDIR(status.st_mode);

        if (asprintf(&control->path, "%s%s", path, is_socket ? "" : "/control") < 0) {
                control->path = NULL;
                return fail_no_memory();
        }
        TRY(connect_to(control));
        TRY(take_hello(control));
        control->number = control_first_number();
        return SUCCESS;
}

struct control *control_allocate(void)
{
        struct control *control = calloc(1, sizeof *control);

        if (control)
                control->socket = -1;
        return control;
}

struct error control_attach(const char *path, struct control **out)
{
        struct control *control = control_allocate();
        struct error error = control ? control_connect(control, path) : fail_no_memory();

        if (error.code) {
                control_close(control);
                return error;
        }
        *out = control;
        return SUCCESS;
}

void control_close(struct control *control)
{
        if (!control)
                return;
        if (control->socket >= 0)
                close(control->socket);
        control_end_child(control);
        free(control->path);
        free(control->recording);
        free(control);
}

int control_descriptor(const struct control *control)
{
        return control->socket;
}

const char *control_recording(const struct control *control)
{
        return control->recording;
}

/* --- commands --------------------------------------------------------------------------------------------- */

/* Writes the arguments. Returns the end of them; NULL with an error message if they cannot be sent. */
static uint8_t *put_arguments(uint8_t *out, const struct control_command *command)
{
        const char *categories = command->categories ? command->categories : "";
        const size_t length = strlen(categories);

        switch (command->kind) {
        case COMMAND_CATEGORIES:
                if (!length || length >= CONTROL_CATEGORIES_MAX) {
                        error_message_set("a list of categories has 1 to %d characters", CONTROL_CATEGORIES_MAX - 1);
                        return NULL;
                }
                memcpy(out, categories, length);
                return out + length;
        case COMMAND_STEP_EVENT:
        case COMMAND_STEP_TREE:
        case COMMAND_STEP_SPACE:
                return control_put_varint(out, (uint64_t)(command->cpu + 1));
        case COMMAND_RUN_TO_EVENT:
                return control_put_varint(control_put_varint(out, (uint64_t)(command->cpu + 1)), command->number);
        case COMMAND_RUN_TO_TREE:
                return control_put_varint(out, command->number);
        default:
                return out;
        }
}

struct error control_send(struct control *control, const struct control_command *command, uint64_t *number)
{
        uint8_t body[CONTROL_FRONT_MAX + CONTROL_CATEGORIES_MAX + 2 * CONTROL_VARINT_MOST], frame[CONTROL_FRAME_MAX];
        uint8_t *end = control_put_front(body, control->number, command->kind);
        size_t length;

        if (command->cpu < CONTROL_CPU_ANY || command->cpu >= CONTROL_CPUS_MAX)
                return FAILF(BAD_ARGUMENT, "there is no cpu %d", command->cpu);
        end = put_arguments(end, command);
        if (!end)
                return FAIL(BAD_ARGUMENT);
        length = control_frame(frame, body, (size_t)(end - body));
        if (control->ended || send(control->socket, frame, length, MSG_NOSIGNAL | MSG_DONTWAIT) != (ssize_t)length)
                return FAILF(IO, "%s: the recorder takes no command; most likely it has ended", control->path);
        *number = control->number++;
        return SUCCESS;
}

/* --- the recording ---------------------------------------------------------------------------------------- */

struct growing {
        int file;
        off_t at;
};

/* Whole frames only: the rest of one that is still being written comes with the next call. */
static struct error growing_read(void *context, void *bytes, size_t size, size_t *got)
{
        struct growing *growing = context;
        ssize_t length = pread(growing->file, bytes, size, growing->at);
        const uint8_t *last;

        *got = 0;
        if (length < 0)
                return FAILF(IO, "the recording cannot be read: %s", strerror(errno));
        last = memrchr(bytes, 0, (size_t)length);
        if (last)
                *got = (size_t)(last + 1 - (const uint8_t *)bytes);
        growing->at += (off_t)*got;
        return SUCCESS;
}

static void growing_close(void *context)
{
        struct growing *growing = context;

        close(growing->file);
        free(growing);
}

struct error control_source(const struct control *control, struct source *out)
{
        struct growing *growing = calloc(1, sizeof *growing);

        if (!growing)
                return fail_no_memory();
        growing->file = open(control->recording, O_RDONLY | O_CLOEXEC);
        if (growing->file < 0) {
                free(growing);
                return FAILF(IO, "%s: cannot be opened: %s", control->recording, strerror(errno));
        }
        *out = (struct source){ growing, growing_read, growing_close };
        return SUCCESS;
}
