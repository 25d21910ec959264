/* Checksums and framing: known values, and that damage stays where it is. */
#include "base/crc32c.h"
#include "stream/frames.h"
#include "support_stream.h"

static void crc_of_known_texts_is_right([[maybe_unused]] void **state)
{
        uint8_t bytes[32];

        assert_int_equal(crc32c("", 0), 0);
        assert_int_equal(crc32c("a", 1), 0xc1d04330);
        assert_int_equal(crc32c("123456789", 9), 0xe3069283);
        memset(bytes, 0, sizeof bytes);         /* these three are from RFC 3720, B.4 */
        assert_int_equal(crc32c(bytes, sizeof bytes), 0x8a9136aa);
        memset(bytes, 0xff, sizeof bytes);
        assert_int_equal(crc32c(bytes, sizeof bytes), 0x62a8ab43);
        for (uint8_t i = 0; i < sizeof bytes; i++)
                bytes[i] = i;
        assert_int_equal(crc32c(bytes, sizeof bytes), 0x46dd794e);
}

static void crc_agrees_with_the_kernel_at_every_length([[maybe_unused]] void **state)
{
        uint8_t bytes[100];

        for (size_t i = 0; i < sizeof bytes; i++)
                bytes[i] = (uint8_t)(i * 37 + 11);
        for (size_t length = 0; length <= sizeof bytes; length++)
                assert_int_equal(crc32c(bytes, length), frame_checksum(bytes, length));
}

static void assert_decodes(const char *in, size_t size, const char *out, size_t length)
{
        uint8_t decoded[600];
        size_t got;

        assert_true(cobs_decode(decoded, sizeof decoded, &got, (const uint8_t *)in, size));
        assert_int_equal(got, length);
        assert_memory_equal(decoded, out, length);
}

static void cobs_of_known_bytes_is_undone([[maybe_unused]] void **state)
{
        assert_decodes("\x01", 1, "", 0);
        assert_decodes("\x01\x01", 2, "\0", 1);
        assert_decodes("\x01\x01\x01", 3, "\0\0", 2);
        assert_decodes("\x03\x11\x22\x02\x33", 5, "\x11\x22\0\x33", 4);
        assert_decodes("\x05\x11\x22\x33\x44", 5, "\x11\x22\x33\x44", 4);
        assert_decodes("\x02\x11\x01\x01\x01", 5, "\x11\0\0\0", 4);
}

static void cobs_of_254_bytes_has_no_zero_after_it([[maybe_unused]] void **state)
{
        char in[258], out[258];

        memset(in, 'x', sizeof in);
        memset(out, 'x', sizeof out);
        in[0] = (char)0xff;
        assert_decodes(in, 255, out, 254);
        in[255] = 2;
        assert_decodes(in, 257, out, 255);
}

static void cobs_that_lies_is_refused([[maybe_unused]] void **state)
{
        uint8_t out[8];
        size_t length;

        assert_false(cobs_decode(out, sizeof out, &length, (const uint8_t *)"\x05\x11", 2)); /* promises more */
        assert_false(cobs_decode(out, sizeof out, &length, (const uint8_t *)"\x02\x00", 2)); /* holds a zero */
        assert_false(cobs_decode(out, sizeof out, &length, (const uint8_t *)"\x00\x11", 2));
        assert_false(cobs_decode(out, 2, &length, (const uint8_t *)"\x04\x11\x22\x33", 4)); /* does not fit */
        assert_false(cobs_decode(out, 0, &length, (const uint8_t *)"\x01\x01", 2));
}

static void everything_that_the_kernel_encodes_is_decoded([[maybe_unused]] void **state)
{
        uint8_t body[FRAME_BODY_MAX + FRAME_CHECKSUM + FRAME_SLACK], encoded[FRAME_ENCODED_MAX + FRAME_SLACK],
                decoded[FRAME_BODY_MAX + FRAME_CHECKSUM];
        size_t got;

        for (size_t length = 1; length <= FRAME_BODY_MAX; length++) {
                size_t size;

                /* Few zeros, many, none at all, and runs of just so many bytes that a distance is needed in between. */
                for (size_t i = 0; i < length; i++)
                        body[i] = i % 255 == length % 255 || length % 7 == 0 ? 0 :
                                  length % 5 == 0 ? 1 + (uint8_t)(i % 255) : (uint8_t)(i * length);
                size = frame_encode(encoded, body, length);
                assert_int_equal(encoded[size - 1], 0);
                assert_null(memchr(encoded, 0, size - 1));
                assert_true(size - 1 <= FRAMES_ENCODED_MAX);
                assert_true(cobs_decode(decoded, sizeof decoded, &got, encoded, size - 1));
                assert_int_equal(got, length + FRAME_CHECKSUM);
                assert_memory_equal(decoded, body, got);
        }
}

/* --- frames out of a stream of bytes ---------------------------------------------------------------------- */

/* A source that yields a few bytes at a time, so that frames are split everywhere. */
struct drip {
        const struct bytes *bytes;
        size_t at, step;
};

static struct error drip_read(void *context, void *bytes, size_t size, size_t *got)
{
        struct drip *drip = context;
        size_t left = drip->bytes->length - drip->at;

        *got = left < drip->step ? left : drip->step;
        assert_true(*got <= size);
        memcpy(bytes, drip->bytes->at + drip->at, *got);
        drip->at += *got;
        return SUCCESS;
}

/* Counts frames; the i-th letter of `expected` is 'g' for a good one or 'd' for a damaged one. */
static void assert_frames(const struct bytes *bytes, size_t step, const char *expected)
{
        struct drip drip = { bytes, 0, step };
        struct frames *frames = malloc(sizeof *frames);
        struct frame frame;
        bool more = true;
        size_t count = 0;

        assert_non_null(frames);
        frames_init(frames, (struct source){ .context = &drip, .read = drip_read });
        for (;;) {
                assert_int_equal(frames_next(frames, &frame, &more).code, ERROR_OK);
                if (!more)
                        break;
                assert_int_equal(expected[count], frame.damage ? 'd' : 'g');
                count++;
        }
        assert_int_equal(count, strlen(expected));
        assert_int_equal(frames->taken, bytes->length);
        free(frames);
}

static void frames_may_be_split_anywhere([[maybe_unused]] void **state)
{
        struct bytes bytes = { 0 };

        bytes_add(&bytes, "\0\0", 2);
        stream_add_frame(&bytes, "first", 5);
        bytes_add(&bytes, "\0\0\0", 3);
        stream_add_frame(&bytes, "second\0with\0zeros", 17);
        for (size_t step = 1; step <= bytes.length; step++)
                assert_frames(&bytes, step, "gg");
        bytes_free(&bytes);
}

static void a_damaged_byte_costs_at_most_two_frames([[maybe_unused]] void **state)
{
        struct bytes bytes = { 0 };
        size_t first, second;

        stream_add_frame(&bytes, "first", 5);
        first = bytes.length;
        stream_add_frame(&bytes, "second", 6);
        second = bytes.length;
        stream_add_frame(&bytes, "third", 5);
        for (size_t i = first; i < second; i++) {
                uint8_t was = bytes.at[i];

                bytes.at[i] ^= 0x40;
                assert_frames(&bytes, 1000, i + 1 < second ? "gdg" : "gd");
                bytes.at[i] = 0;                /* cuts the frame in two */
                assert_frames(&bytes, 1000, i == first || i + 2 == second ? "gdg" : i + 1 < second ? "gddg" : "ggg");
                bytes.at[i] = was;
        }
        bytes_free(&bytes);
}

static void what_is_too_long_is_passed_over_whole([[maybe_unused]] void **state)
{
        struct bytes bytes = { 0 };
        char junk[1000];

        memset(junk, 'x', sizeof junk);
        stream_add_frame(&bytes, "first", 5);
        for (int i = 0; i < 200; i++)
                bytes_add(&bytes, junk, sizeof junk);
        bytes_add(&bytes, "", 1);
        stream_add_frame(&bytes, "second", 6);
        assert_frames(&bytes, 999, "gdg");
        bytes_add(&bytes, junk, sizeof junk);
        assert_frames(&bytes, 1, "gdgd");
        bytes_free(&bytes);
}

static void a_frame_that_is_cut_off_is_damaged([[maybe_unused]] void **state)
{
        struct bytes bytes = { 0 };

        stream_add_frame(&bytes, "first", 5);
        bytes.length--;
        assert_frames(&bytes, 3, "d");
        bytes.length = 0;
        assert_frames(&bytes, 3, "");
        bytes_free(&bytes);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(crc_of_known_texts_is_right),
                cmocka_unit_test(crc_agrees_with_the_kernel_at_every_length),
                cmocka_unit_test(cobs_of_known_bytes_is_undone),
                cmocka_unit_test(cobs_of_254_bytes_has_no_zero_after_it),
                cmocka_unit_test(cobs_that_lies_is_refused),
                cmocka_unit_test(everything_that_the_kernel_encodes_is_decoded),
                cmocka_unit_test(frames_may_be_split_anywhere),
                cmocka_unit_test(a_damaged_byte_costs_at_most_two_frames),
                cmocka_unit_test(what_is_too_long_is_passed_over_whole),
                cmocka_unit_test(a_frame_that_is_cut_off_is_damaged),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
