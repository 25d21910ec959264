/*
 * The reader of commands, with sanitizers: every command is understood; a million damaged and hostile bytes change
 * nothing but the counters, and each frame among them is counted. What is damaged is decided by the decoder of the
 * tools.
 */
#include "base/crc32c.h"
#include "lib/rng.h"
#include "stream/frames.h"
#include "trace/command.h"
#include "trace/frame.h"
#include "trace/varint.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

/* --- frames to send --------------------------------------------------------------------------------------- */

struct bytes {
        uint8_t at[2 * COMMAND_BODY_MAX + FRAME_CHECKSUM + FRAME_SLACK];
        size_t length;
};

static void put(struct bytes *body, uint64_t number)
{
        body->length = (size_t)(varint_put(body->at + body->length, number) - body->at);
}

static struct bytes front_of(uint64_t number, uint64_t command)
{
        struct bytes body = { .at = { 'C' }, .length = 1 };

        put(&body, COMMAND_VERSION);
        put(&body, number);
        put(&body, command);
        return body;
}

/* The frame of a body, with its zero byte. */
static struct bytes frame_of(struct bytes body)
{
        uint8_t out[FRAME_ENCODED_MAX + FRAME_SLACK];
        struct bytes frame = { .length = frame_encode(out, body.at, body.length) };

        memcpy(frame.at, out, frame.length);
        return frame;
}

static struct bytes command_of(uint64_t number, enum command_kind kind, const char *text, int arguments,
                               const uint64_t *argument)
{
        struct bytes body = front_of(number, kind);

        for (int i = 0; i < arguments; i++)
                put(&body, argument[i]);
        memcpy(body.at + body.length, text, strlen(text));
        body.length += strlen(text);
        return frame_of(body);
}

/* The last command that these bytes end, as it was answered and counted. */
static bool give(struct command_reader *reader, const uint8_t *bytes, size_t length, struct command *out)
{
        bool found = false;

        for (size_t i = 0; i < length; i++) {
                if (!command_take_byte(reader, bytes[i], out))
                        continue;
                command_count(reader, out);
                found = true;
        }
        return found;
}

static enum answer answer_to(struct command_reader *reader, struct bytes frame)
{
        struct command command;

        assert_true(give(reader, frame.at, frame.length, &command));
        return command.answer;
}

/* --- commands as they should be, and almost --------------------------------------------------------------- */

static void every_command_is_understood([[maybe_unused]] void **state)
{
        static const int arguments_of[COMMAND_KINDS] = { 0, 0, 0, 0, 0, 1, 1, 1, 0, 2, 0, 0, 1 };
        static const uint64_t argument[2] = { 3, UINT64_MAX };
        struct command_reader reader = { 0 };
        struct command command;

        for (unsigned kind = 0; kind < COMMAND_KINDS; kind++) {
                const char *text = kind == COMMAND_CATEGORIES ? "+lock,-tree" : "";
                const enum command_kind command_kind = (enum command_kind)kind;
                const struct bytes frame = command_of(kind + 1, command_kind, text, arguments_of[kind], argument);

                assert_true(give(&reader, frame.at, frame.length, &command));
                assert_int_equal(command.answer, ANSWER_DONE);
                assert_int_equal(command.kind, kind);
                assert_int_equal(command.number, kind + 1);
                assert_string_equal(command.text, text);
                for (int i = 0; i < arguments_of[kind]; i++)
                        assert_true(command.argument[i] == argument[i]);
        }
        assert_int_equal(reader.carried_out, COMMAND_KINDS);
        assert_int_equal(reader.last_number, COMMAND_KINDS);
}

static void what_is_almost_a_command_is_refused_and_counted([[maybe_unused]] void **state)
{
        static const uint64_t argument[3] = { 1, 2, 3 };
        struct command_reader reader = { 0 };
        char text[COMMAND_TEXT_MAX + 1] = "";
        struct bytes body = front_of(9, COMMAND_GO);

        memset(text, 'x', COMMAND_TEXT_MAX);
        assert_int_equal(answer_to(&reader, command_of(9, COMMAND_GO, "", 1, argument)), ANSWER_BAD_ARGUMENT);
        assert_int_equal(answer_to(&reader, command_of(9, COMMAND_RUN_TO_EVENT, "", 1, argument)), ANSWER_BAD_ARGUMENT);
        assert_int_equal(answer_to(&reader, command_of(9, COMMAND_RUN_TO_EVENT, "", 3, argument)), ANSWER_BAD_ARGUMENT);
        assert_int_equal(answer_to(&reader, command_of(9, COMMAND_STEP_EVENT, "\xff", 0, NULL)), ANSWER_BAD_ARGUMENT);
        assert_int_equal(answer_to(&reader, command_of(9, COMMAND_CATEGORIES, "", 0, argument)), ANSWER_BAD_ARGUMENT);
        assert_int_equal(answer_to(&reader, command_of(9, COMMAND_CATEGORIES, text, 0, argument)), ANSWER_BAD_ARGUMENT);
        assert_int_equal(answer_to(&reader, command_of(9, COMMAND_KINDS, "", 0, argument)), ANSWER_UNKNOWN);
        assert_int_equal(answer_to(&reader, command_of(0, COMMAND_GO, "", 0, argument)), ANSWER_REPEATED);
        body.at[1]++;
        assert_int_equal(answer_to(&reader, frame_of(body)), ANSWER_UNKNOWN);
        body.at[0] = 'E';
        assert_int_equal(answer_to(&reader, frame_of(body)), ANSWER_DAMAGED);
        assert_int_equal(reader.refused, 9);
        assert_int_equal(reader.damaged, 1);
        assert_int_equal(reader.carried_out, 0);
        assert_int_equal(reader.last_number, 0);
}

static void a_number_is_carried_out_once([[maybe_unused]] void **state)
{
        struct command_reader reader = { 0 };

        assert_int_equal(answer_to(&reader, command_of(5, COMMAND_PAUSE, "", 0, NULL)), ANSWER_DONE);
        assert_int_equal(answer_to(&reader, command_of(5, COMMAND_GO, "", 0, NULL)), ANSWER_REPEATED);
        assert_int_equal(answer_to(&reader, command_of(4, COMMAND_GO, "", 0, NULL)), ANSWER_REPEATED);
        assert_int_equal(answer_to(&reader, command_of(0, COMMAND_STATUS, "", 0, NULL)), ANSWER_DONE);
        assert_int_equal(reader.last_number, 5);
        assert_int_equal(answer_to(&reader, command_of(6, COMMAND_GO, "", 0, NULL)), ANSWER_DONE);
}

/* --- a million bytes -------------------------------------------------------------------------------------- */

enum { BYTES = 1000000, SEED = 14 };

/* Whether the decoder of the tools finds a body with a right checksum in these bytes, between two zero bytes. */
static bool arrives_well(const uint8_t *bytes, size_t size)
{
        uint8_t body[2 * COMMAND_ENCODED_MAX];
        size_t length;

        uint32_t checksum = 0;

        if (size > COMMAND_ENCODED_MAX || !cobs_decode(body, sizeof body, &length, bytes, size) ||
            length <= FRAME_CHECKSUM)
                return false;
        length -= FRAME_CHECKSUM;
        for (int i = 0; i < FRAME_CHECKSUM; i++)
                checksum |= (uint32_t)body[length + (size_t)i] << 8 * i;
        return crc32c(body, length) == checksum;
}

/* Bytes that a hostile or broken controller may send: noise, commands with a bit changed, cut, glued, with any body. */
static struct bytes hostile_bytes(struct rng *rng)
{
        struct bytes bytes = { 0 };

        if (rng_below(rng, 2)) {
                bytes = front_of(rng_next(rng) >> rng_below(rng, 64), rng_below(rng, 20));
                bytes.length += rng_below(rng, 40);
                for (size_t i = bytes.length; i-- > 4;)
                        bytes.at[i] = (uint8_t)rng_next(rng);
                bytes = frame_of(bytes);
        } else {
                bytes.length = 1 + rng_below(rng, 150);
                for (size_t i = 0; i < bytes.length; i++)
                        bytes.at[i] = (uint8_t)(rng_next(rng) % (rng_below(rng, 2) ? 256 : 5));
        }
        if (rng_below(rng, 2))
                bytes.at[rng_below(rng, bytes.length)] ^= (uint8_t)(1 << rng_below(rng, 8));
        if (!rng_below(rng, 4))
                bytes.length = 1 + rng_below(rng, bytes.length);
        else if (rng_below(rng, 2))
                bytes.at[bytes.length++] = 0;   /* so that the next frame begins where it should */
        return bytes;
}

/* What arrived since the last zero byte, and how many frames arrived well or not, by the tools' decoder. */
struct count {
        uint8_t pending[4 * COMMAND_ENCODED_MAX];
        size_t length;
        uint64_t well, damaged;
};

static void count_frames(struct count *count, const struct bytes *bytes)
{
        for (size_t i = 0; i < bytes->length; i++) {
                if (bytes->at[i]) {
                        if (count->length < sizeof count->pending)
                                count->pending[count->length++] = bytes->at[i];
                } else if (count->length) {
                        if (arrives_well(count->pending, count->length))
                                count->well++;
                        else
                                count->damaged++;
                        count->length = 0;
                }
        }
}

/* Every frame is of a number that was carried out before: so whatever is in it, it must not be carried out. */
static void a_million_hostile_bytes_change_nothing_and_are_counted([[maybe_unused]] void **state)
{
        struct command_reader reader = { .last_number = UINT64_MAX, .carried_out = 1 };
        struct count count = { .length = 0 };
        struct command command;
        struct rng rng;

        rng_seed(&rng, SEED);
        for (size_t sent = 0; sent < BYTES;) {
                const struct bytes bytes = hostile_bytes(&rng);
                const uint64_t statuses = reader.carried_out;

                count_frames(&count, &bytes);
                give(&reader, bytes.at, bytes.length, &command);
                sent += bytes.length;
                assert_true(reader.carried_out == statuses || (command.kind == COMMAND_STATUS && !command.number));
                assert_true(reader.last_number == UINT64_MAX);
        }
        assert_true(count.well > 1000 && count.damaged > 1000);
        assert_int_equal(reader.carried_out - 1 + reader.refused + reader.damaged, count.well + count.damaged);
        assert_true(reader.damaged >= count.damaged);

        /* A frame that arrives well is damaged, too, if its body does not begin as a command does. */
        reader.last_number = 0;
        assert_false(give(&reader, (const uint8_t[]){ 0 }, 1, &command) && command.answer == ANSWER_DONE);
        assert_int_equal(answer_to(&reader, command_of(1, COMMAND_PAUSE, "", 0, NULL)), ANSWER_DONE);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(every_command_is_understood),
                cmocka_unit_test(what_is_almost_a_command_is_refused_and_counted),
                cmocka_unit_test(a_number_is_carried_out_once),
                cmocka_unit_test(a_million_hostile_bytes_change_nothing_and_are_counted),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
