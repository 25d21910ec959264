#include "trace/command.h"
#include "lib/string.h"
#include "trace/frame.h"
#include "trace/varint.h"

/* Undoes COBS in place. False if it is none. What is decoded is never longer than what was read. */
static bool decode(uint8_t *bytes, size_t size, size_t *length)
{
        size_t used = 0;

        for (size_t at = 0; at < size;) {
                const uint8_t distance = bytes[at];
                const size_t next = at + distance;

                if (next > size)
                        return false;
                for (at++; at < next; at++)
                        bytes[used++] = bytes[at];
                if (at < size && distance != UINT8_MAX)
                        bytes[used++] = 0;
        }
        *length = used;
        return true;
}

/* --- what is in a frame ----------------------------------------------------------------------------------- */

static const uint8_t arguments_of[COMMAND_KINDS] = {
        [COMMAND_STEP_EVENT] = 1, [COMMAND_STEP_TREE] = 1, [COMMAND_STEP_SPACE] = 1,
        [COMMAND_RUN_TO_EVENT] = 2, [COMMAND_RUN_TO_TREE] = 1,
};

static bool take_arguments(struct command *out, const uint8_t *at, const uint8_t *end)
{
        if (out->kind == COMMAND_CATEGORIES) {
                const size_t length = (size_t)(end - at);

                if (!length || length >= COMMAND_TEXT_MAX || strnlen((const char *)at, length) < length)
                        return false;
                memcpy(out->text, at, length);
                return true;
        }
        for (unsigned i = 0; i < arguments_of[out->kind]; i++) {
                if (!varint_take(&at, end, &out->argument[i]))
                        return false;
        }
        return at == end;
}

/* Fills in what the body says. Yields how it is to be answered if it goes no further. */
static enum answer take_body(const struct command_reader *reader, const uint8_t *at, const uint8_t *end,
                             struct command *out)
{
        uint64_t version, kind;

        if (at == end || *at++ != 'C' || !varint_take(&at, end, &version))
                return ANSWER_DAMAGED;
        if (version != COMMAND_VERSION)
                return ANSWER_UNKNOWN;
        if (!varint_take(&at, end, &out->number) || !varint_take(&at, end, &kind)) {
                out->number = 0;
                return ANSWER_DAMAGED;
        }
        if (kind >= COMMAND_KINDS)
                return ANSWER_UNKNOWN;
        out->kind = (enum command_kind)kind;
        if (!take_arguments(out, at, end))
                return ANSWER_BAD_ARGUMENT;
        if (out->number <= reader->last_number && (out->number || kind != COMMAND_STATUS))
                return ANSWER_REPEATED;
        return ANSWER_DONE;
}

static enum answer take_frame(struct command_reader *reader, struct command *out)
{
        uint8_t *bytes = reader->bytes;
        size_t length;
        uint32_t checksum;

        if (reader->length > COMMAND_ENCODED_MAX || !decode(bytes, reader->length, &length) || length <= FRAME_CHECKSUM)
                return ANSWER_DAMAGED;
        length -= FRAME_CHECKSUM;
        memcpy(&checksum, bytes + length, sizeof checksum);     /* the lowest byte first, as in this processor */
        if (frame_checksum(bytes, length) != checksum)
                return ANSWER_DAMAGED;
        return take_body(reader, bytes, bytes + length, out);
}

bool command_take_byte(struct command_reader *reader, uint8_t byte, struct command *out)
{
        if (byte) {
                if (reader->length < COMMAND_ENCODED_MAX)
                        reader->bytes[reader->length] = byte;
                if (reader->length <= COMMAND_ENCODED_MAX)
                        reader->length++;
                return false;
        }
        if (!reader->length)
                return false;                   /* nothing lies between two zero bytes */
        *out = (struct command){ .number = 0 };
        out->answer = take_frame(reader, out);
        reader->length = 0;
        return true;
}

void command_count(struct command_reader *reader, const struct command *command)
{
        if (command->answer == ANSWER_DAMAGED) {
                reader->damaged++;
        } else if (command->answer != ANSWER_DONE) {
                reader->refused++;
        } else {
                reader->carried_out++;
                if (command->number)
                        reader->last_number = command->number;
        }
}
