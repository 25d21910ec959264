/*
 * The recorder's side of control: a Unix socket in a folder, to which one controller at a time connects. What it writes
 * goes to the kernel as it is; what the kernel answers ('A' and 'S' frames) goes to it as it is. docs/trace-format.md,
 * "Over a recorder's socket", is the protocol.
 *
 *      TRY(control_server_start("live", "run.rtrace", line, &server));
 *      ... add control_server_watch() to what poll() watches, then control_server_serve() ...
 *      control_server_see(server, bytes, length);              all that the kernel sends, in order
 *      control_server_stop(server);
 *
 * A controller that does not read what it is sent is disconnected: it cannot hold up the machine. Nothing here blocks.
 */
#pragma once

#include "lib/error.h"

#include <poll.h>
#include <stdbool.h>
#include <stddef.h>

enum { CONTROL_SERVER_DESCRIPTORS = 2 };

struct control_server;

/*
 * Makes the folder, if it is not there, with access for this user alone, and the socket `control` in it. `recording` is
 * the path of the recording, for controllers; `line` is the descriptor that leads to the kernel, which does not block
 * and stays the caller's. OVERLAP if another recorder serves this folder; IO or BAD_ARGUMENT; each with an error
 * message.
 */
struct error control_server_start(const char *folder, const char *recording, int line, struct control_server **out);

/* Fills in the descriptors to watch. */
void control_server_watch(struct control_server *server, struct pollfd watched[CONTROL_SERVER_DESCRIPTORS]);

/* Does what can be done after poll(): lets a controller in, passes on what it has sent, and what it is to be sent. */
void control_server_serve(struct control_server *server, const struct pollfd watched[CONTROL_SERVER_DESCRIPTORS]);

/* Bytes of the stream: the frames for the controller among them are sent by the next control_server_serve(). */
void control_server_see(struct control_server *server, const void *bytes, size_t length);

/*
 * Whether all processors stand, as far as has been seen: nothing is to be expected of the machine until a command
 * comes.
 */
bool control_server_all_stand(const struct control_server *server);

/*
 * Asks the kernel for a keyframe, if no controller is connected, whose numbers of commands this would disturb, and the
 * processors do not stand. Returns whether it was asked.
 */
bool control_server_ask_keyframe(struct control_server *server);

/* Whether anything has been passed on to the kernel since this was asked last. */
bool control_server_has_passed_on(struct control_server *server);

/* Disconnects, and removes the socket, and the folder if it was made here and is empty. NULL is fine. */
void control_server_stop(struct control_server *server);
