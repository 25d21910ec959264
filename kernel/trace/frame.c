#include "trace/frame.h"
#include "lib/string.h"

#include <stdbool.h>

/* --- the checksum ----------------------------------------------------------------------------------------- */

/*
 * crc_table[0][byte] is what the byte leaves, divided by the (reflected) Castagnoli polynomial; crc_table[n][byte] what
 * it leaves with n zero bytes behind it. So eight bytes are eight looks, whose results are added: nothing waits for the
 * byte before. Made on first use.
 */
enum { SLICES = 8 };
static uint32_t crc_table[SLICES][256];

static void make_crc_table(void)
{
        for (uint32_t byte = 0; byte < 256; byte++) {
                uint32_t remainder = byte;

                for (int bit = 0; bit < 8; bit++)
                        remainder = remainder >> 1 ^ (0x82f63b78 & -(remainder & 1));
                crc_table[0][byte] = remainder;
        }
        for (uint32_t byte = 0; byte < 256; byte++) {
                for (int slice = 1; slice < SLICES; slice++) {
                        const uint32_t shorter = crc_table[slice - 1][byte];

                        crc_table[slice][byte] = shorter >> 8 ^ crc_table[0][shorter & 0xff];
                }
        }
}

static uint64_t load_word(const uint8_t *bytes)
{
        uint64_t word;

        __builtin_memcpy(&word, bytes, sizeof word);
        return word;
}

uint32_t frame_checksum(const uint8_t *bytes, size_t length)
{
        uint32_t crc = ~0u;

        if (!crc_table[0][1])
                make_crc_table();
        for (; length >= SLICES; length -= SLICES, bytes += SLICES) {
                const uint64_t word = load_word(bytes) ^ crc;

                crc = crc_table[7][word & 0xff] ^ crc_table[6][word >> 8 & 0xff] ^ crc_table[5][word >> 16 & 0xff] ^
                      crc_table[4][word >> 24 & 0xff] ^ crc_table[3][word >> 32 & 0xff] ^
                      crc_table[2][word >> 40 & 0xff] ^ crc_table[1][word >> 48 & 0xff] ^ crc_table[0][word >> 56];
        }
        for (; length; length--, bytes++)
                crc = crc >> 8 ^ crc_table[0][(crc ^ *bytes) & 0xff];
        return ~crc;
}

/* --- COBS ------------------------------------------------------------------------------------------------- */

/*
 * The bytes are cut at each zero, and the zero is replaced by the distance to the next one:
 *
 *      11 22 00 33     becomes     03 11 22 02 33
 *
 * A run of 254 bytes without a zero gets the distance 255, and no zero is meant at its end.
 */
enum { DISTANCE_MOST = 255 };

static size_t encode_bytes(uint8_t *out, const uint8_t *in, size_t length)
{
        size_t distance_at = 0, used = 1;

        for (size_t i = 0; i < length; i++) {
                if (in[i])
                        out[used++] = in[i];
                if (!in[i] || used - distance_at == DISTANCE_MOST) {
                        out[distance_at] = (uint8_t)(used - distance_at);
                        distance_at = used++;
                }
        }
        out[distance_at] = (uint8_t)(used - distance_at);
        return used;
}

/* 0x80 in each byte of a word that is zero, 0 in the others. */
static uint64_t zero_bytes(uint64_t word)
{
        const uint64_t low_bits = 0x7f7f7f7f7f7f7f7f;

        return ~(((word & low_bits) + low_bits) | word | low_bits);
}

/*
 * The same for the usual case, in which no run is long: then what goes out is what came in, one place further on, and
 * only the zeros change. Eight bytes are copied at a time. Returns 0 if there is a long run. May read and write up to
 * seven bytes beyond the end.
 */
static size_t encode_words(uint8_t *out, const uint8_t *in, size_t length)
{
        size_t distance_at = 0;

        for (size_t i = 0; i < length; i += sizeof(uint64_t)) {
                const uint64_t word = load_word(in + i);

                __builtin_memcpy(out + i + 1, &word, sizeof word);
                for (uint64_t zeros = zero_bytes(word); zeros; zeros &= zeros - 1) {
                        const size_t at = i + 1 + (size_t)__builtin_ctzll(zeros) / 8;

                        if (at > length)
                                break;
                        if (at - distance_at >= DISTANCE_MOST)
                                return 0;
                        out[distance_at] = (uint8_t)(at - distance_at);
                        distance_at = at;
                }
        }
        if (length + 1 - distance_at >= DISTANCE_MOST)
                return 0;
        out[distance_at] = (uint8_t)(length + 1 - distance_at);
        return length + 1;
}

size_t frame_encode(uint8_t *out, uint8_t *body, size_t length)
{
        const uint32_t checksum = frame_checksum(body, length);

        for (int i = 0; i < FRAME_CHECKSUM; i++)
                body[length++] = (uint8_t)(checksum >> 8 * i);

        __builtin_memset(body + length, 0, FRAME_SLACK);        /* read by encode_words(), and of no importance */

        size_t used = encode_words(out, body, length);
        if (!used)
                used = encode_bytes(out, body, length);
        out[used++] = 0;
        return used;
}
