/*
 * Commands that a controller on the host sends: bytes in, commands out. Host-clean; the format is in
 * docs/trace-format.md, "Commands".
 *
 * Any bytes may arrive. A frame that is cut, too long, not COBS or fails its checksum is damaged. A frame that arrived
 * well is refused if there is no such command, if its arguments are not right, or if its number is not above that of
 * the last command accepted. Neither changes anything but the counters, and reading goes on with the next frame.
 */
#pragma once

#include "lib/types.h"
#include "lib/vocabulary/control.h"

enum { COMMAND_VERSION = 1, COMMAND_BODY_MAX = 96, COMMAND_TEXT_MAX = 64, COMMAND_ARGUMENTS_MAX = 2 };

/* The encoded frame: the body, its checksum, and one byte of COBS. */
enum { COMMAND_ENCODED_MAX = COMMAND_BODY_MAX + 4 + 1 };

struct command {
        uint64_t number;                        /* 0: status, of a controller that does not know the last one */
        enum command_kind kind;
        uint64_t argument[COMMAND_ARGUMENTS_MAX];
        char text[COMMAND_TEXT_MAX];            /* zero-terminated */
        enum answer answer;                     /* DONE: the command is right so far, and is to be carried out */
};

/* All zero at first. */
struct command_reader {
        uint8_t bytes[COMMAND_ENCODED_MAX];     /* of the frame that is arriving */
        size_t length;                          /* above COMMAND_ENCODED_MAX: it is too long, and not kept */
        uint64_t last_number;                   /* of the last command accepted */
        uint64_t carried_out, refused, damaged; /* frames, by how they were answered */
};

/* Takes a byte. True if it ends a frame, which is then in `out`. O(1), and O(length) at the end of a frame. */
bool command_take_byte(struct command_reader *reader, uint8_t byte, struct command *out);

/* To be called for each frame with the answer that it gets: counts it. */
void command_count(struct command_reader *reader, const struct command *command);
