#include "control/control_server.h"
#include "base/error_message.h"
#include "control/control_frame.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

enum { QUEUE_SIZE = 1 << 17, ENCODED_MAX = 600 };

/* Up to this many bytes a pipe takes whole or not at all, once poll() says that it takes any. */
enum { PIECE = PIPE_BUF };

struct control_server {
        char *folder, *socket, *recording;
        bool folder_is_ours, socket_is_ours;
        int line, listener, client;             /* -1: none */
        bool is_in_frame;                       /* what was passed on last is no end of a frame */
        bool all_stand;
        bool has_passed_on;                     /* since it was asked last */
        uint8_t stand[ENCODED_MAX];             /* the frame that said so last */
        size_t stand_length;
        uint8_t frame[ENCODED_MAX];             /* of the stream, so far */
        size_t length;                          /* ENCODED_MAX: too long for any */
        uint8_t queue[QUEUE_SIZE];              /* for the client */
        size_t queued;
};

/* --- the socket ------------------------------------------------------------------------------------------- */

static struct error take_folder(struct control_server *server)
{
        struct stat status;

        server->folder_is_ours = mkdir(server->folder, 0700) == 0;
        if (!server->folder_is_ours && errno != EEXIST)
                return FAILF(IO, "%s: the folder cannot be made: %s", server->folder, strerror(errno));
        if (stat(server->folder, &status) || !S_ISDIR(status.st_mode))
                return FAILF(BAD_ARGUMENT, "%s: --control takes a folder, and this is none", server->folder);
        return SUCCESS;
}

/* A socket that another recorder has left behind is removed; one where a recorder listens is not. */
static struct error bind_socket(struct control_server *server, const struct sockaddr_un *address)
{
        const struct sockaddr *where = (const struct sockaddr *)address;
        int number = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
        bool is_served = number >= 0 && connect(number, where, sizeof *address) == 0;

        if (number >= 0)
                close(number);
        if (is_served)
                return FAILF(OVERLAP, "%s: another recorder serves this folder; choose another one", server->folder);
        unlink(server->socket);
        server->listener = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
        if (server->listener < 0 || bind(server->listener, where, sizeof *address) < 0)
                return FAILF(IO, "%s: the socket cannot be made: %s", server->socket, strerror(errno));
        server->socket_is_ours = true;
        if (chmod(server->socket, 0600) < 0 || listen(server->listener, 4) < 0)
                return FAILF(IO, "%s: %s", server->socket, strerror(errno));
        return SUCCESS;
}

static struct error start(struct control_server *server)
{
        struct sockaddr_un address = { .sun_family = AF_UNIX };

        if (!server->folder || !server->recording || asprintf(&server->socket, "%s/control", server->folder) < 0)
                return fail_no_memory();
        if (strlen(server->socket) >= sizeof address.sun_path)
                return FAILF(BAD_ARGUMENT, "%s: the path of a socket may have %zu characters at most", server->socket,
                             sizeof address.sun_path - 1);
        strcpy(address.sun_path, server->socket);
        TRY(take_folder(server));
        return bind_socket(server, &address);
}

struct error control_server_start(const char *folder, const char *recording, int line, struct control_server **out)
{
        struct control_server *server = calloc(1, sizeof *server);
        char *here = *recording == '/' ? NULL : getcwd(NULL, 0);
        struct error error;

        if (!server) {
                free(here);
                return fail_no_memory();
        }
        server->line = line;
        server->listener = server->client = -1;
        server->folder = strdup(folder);
        if (asprintf(&server->recording, "%s%s%s", here ? here : "", here ? "/" : "", recording) < 0)
                server->recording = NULL;
        free(here);
        error = start(server);
        if (error.code) {
                control_server_stop(server);
                return error;
        }
        *out = server;
        return SUCCESS;
}

static void disconnect(struct control_server *server)
{
        if (server->client >= 0)
                close(server->client);
        server->client = -1;
        server->queued = 0;
}

void control_server_stop(struct control_server *server)
{
        if (!server)
                return;
        disconnect(server);
        if (server->listener >= 0)
                close(server->listener);
        if (server->socket_is_ours)
                unlink(server->socket);
        if (server->folder_is_ours)
                rmdir(server->folder);
        free(server->folder);
        free(server->socket);
        free(server->recording);
        free(server);
}

/* --- to the controller ------------------------------------------------------------------------------------ */

static void send_queue(struct control_server *server)
{
        ssize_t sent;

        if (server->client < 0 || !server->queued)
                return;
        sent = send(server->client, server->queue, server->queued, MSG_NOSIGNAL | MSG_DONTWAIT);
        if (sent < 0 && errno != EAGAIN && errno != EINTR) {
                disconnect(server);
        } else if (sent > 0) {
                server->queued -= (size_t)sent;
                memmove(server->queue, server->queue + sent, server->queued);
        }
}

/* Puts a frame, with its zero byte, into the queue. */
static void enqueue(struct control_server *server, const uint8_t *frame, size_t length)
{
        if (server->client < 0)
                return;
        if (length > QUEUE_SIZE - server->queued)
                send_queue(server);
        if (length > QUEUE_SIZE - server->queued) {
                disconnect(server);             /* it has not read for very long */
                return;
        }
        memcpy(server->queue + server->queued, frame, length);
        server->queued += length;
}

/* The kind of a frame is the first byte of its body, which follows COBS's first byte, as it is no zero. */
static void see_frame(struct control_server *server)
{
        const uint8_t kind = server->frame[1];

        if (kind == 'E')
                server->all_stand = false;
        if (kind == 'S') {
                server->all_stand = true;
                memcpy(server->stand, server->frame, server->length);
                server->stand_length = server->length;
        }
        if (kind == 'S' || kind == 'A')
                enqueue(server, server->frame, server->length);
}

void control_server_see(struct control_server *server, const void *bytes, size_t length)
{
        const uint8_t *byte = bytes;

        for (size_t i = 0; i < length; i++) {
                if (server->length < ENCODED_MAX)
                        server->frame[server->length++] = byte[i];
                if (byte[i])
                        continue;
                if (server->length > 2 && server->length < ENCODED_MAX)
                        see_frame(server);
                server->length = 0;
        }
}

bool control_server_all_stand(const struct control_server *server)
{
        return server->all_stand;
}

bool control_server_has_passed_on(struct control_server *server)
{
        const bool answer = server->has_passed_on;

        server->has_passed_on = false;
        return answer;
}

/* --- from the controller ---------------------------------------------------------------------------------- */

/*
 * The first controller gets the recording's path, and what it would know if it had come earlier. Another one is told
 * that there is one already, and is left.
 */
static void let_in(struct control_server *server)
{
        uint8_t body[CONTROL_BODY_MAX] = { server->client < 0 ? 'R' : 'B', 1 }, frame[CONTROL_FRAME_MAX];
        size_t length = 2;
        int number = accept4(server->listener, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);

        if (number < 0)
                return;
        if (server->client < 0) {
                const size_t path = strnlen(server->recording, sizeof body - 2);

                memcpy(body + 2, server->recording, path);
                server->client = number;
                enqueue(server, frame, control_frame(frame, body, length + path));
                if (server->all_stand)
                        enqueue(server, server->stand, server->stand_length);
                if (server->is_in_frame)
                        (void)!write(server->line, "", 1);      /* ends what the one before has left unfinished */
        } else {
                (void)!send(number, frame, control_frame(frame, body, length), MSG_NOSIGNAL | MSG_DONTWAIT);
                close(number);
        }
}

static bool line_has_room(const struct control_server *server)
{
        struct pollfd line = { server->line, POLLOUT, 0 };

        return poll(&line, 1, 0) > 0 && line.revents & POLLOUT;
}

static void pass_on(struct control_server *server)
{
        uint8_t bytes[PIECE];
        ssize_t length;

        if (!line_has_room(server))
                return;
        length = read(server->client, bytes, sizeof bytes);
        if (length < 0 && (errno == EAGAIN || errno == EINTR))
                return;
        server->has_passed_on = true;
        if (length <= 0 || write(server->line, bytes, (size_t)length) != length)
                disconnect(server);
        else
                server->is_in_frame = bytes[length - 1] != 0;
}

/* A controller that connects later begins with a larger number: that of its time of day. */
bool control_server_ask_keyframe(struct control_server *server)
{
        uint8_t body[CONTROL_FRONT_MAX], frame[1 + CONTROL_FRAME_MAX] = { 0 };
        size_t length;

        if (server->client >= 0 || server->all_stand || !line_has_room(server))
                return false;
        length = (size_t)(control_put_front(body, control_first_number(), COMMAND_KEYFRAME) - body);
        length = 1 + control_frame(frame + 1, body, length);
        server->is_in_frame = false;
        return write(server->line, frame, length) == (ssize_t)length;
}

void control_server_watch(struct control_server *server, struct pollfd watched[CONTROL_SERVER_DESCRIPTORS])
{
        const short input = line_has_room(server) ? POLLIN : 0;

        watched[0] = (struct pollfd){ server->listener, POLLIN, 0 };
        watched[1] = (struct pollfd){ server->client, (short)(input | (server->queued ? POLLOUT : 0)), 0 };
}

void control_server_serve(struct control_server *server, const struct pollfd watched[CONTROL_SERVER_DESCRIPTORS])
{
        if (server->client >= 0 && watched[1].revents & (POLLIN | POLLHUP | POLLERR))
                pass_on(server);
        if (watched[0].revents & POLLIN)
                let_in(server);
        send_queue(server);
}
