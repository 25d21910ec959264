#include "trace/frame.h"

/* --- the checksum ----------------------------------------------------------------------------------------- */

/*
 * crc_table[n][byte] is the remainder of the byte, with n zero bytes behind it, divided by the (reflected) Castagnoli
 * polynomial. So eight bytes are looked up at once and the results added: no look-up waits for the one before. The
 * table is made on first use.
 */
enum { SLICES = 8 };
static uint32_t crc_table[SLICES][256];

static void make_crc_table(void)
{
        for (uint32_t byte = 0; byte < 256; byte++) {
                uint32_t remainder = byte;

                for (int bit = 1; bit <= 8 * SLICES; bit++) {
                        remainder = remainder >> 1 ^ (0x82f63b78 & -(remainder & 1));
                        if (bit % 8 == 0)
                                crc_table[bit / 8 - 1][byte] = remainder;
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

/* 0x80 in each byte of a word that is zero, 0 in the others. */
static uint64_t zero_bytes(uint64_t word)
{
        const uint64_t low_bits = 0x7f7f7f7f7f7f7f7f;

        return ~(((word & low_bits) + low_bits) | word | low_bits);
}

/*
 * The bytes are cut into runs without a zero. Each run gets a byte in front: its length, plus 1.
 *
 *      11 22 00 33     becomes     03 11 22 02 33
 *
 * Behind each run a zero is meant, but for the longest possible run, of 254 bytes. The last run is ended by the zero at
 * in[length], which is not sent. Eight bytes are copied at a time: so up to seven beyond the end of either are touched.
 */
enum { RUN_MOST = 254 };

static size_t encode(uint8_t *out, const uint8_t *in, size_t length)
{
        size_t used = 0;

        for (size_t at = 0; at <= length;) {
                size_t run = 0;
                uint64_t zeros;

                do {
                        const uint64_t word = load_word(in + at + run);

                        __builtin_memcpy(out + used + 1 + run, &word, sizeof word);
                        zeros = zero_bytes(word);
                        run += zeros ? (size_t)__builtin_ctzll(zeros) / 8 : sizeof word;
                } while (!zeros && run < RUN_MOST);
                if (run > RUN_MOST)
                        run = RUN_MOST;
                out[used] = (uint8_t)(run + 1);
                used += run + 1;
                at += run < RUN_MOST ? run + 1 : RUN_MOST;      /* a zero that is meant is passed over */
        }
        return used;
}

size_t frame_encode(uint8_t *out, uint8_t *body, size_t length)
{
        const uint32_t checksum = frame_checksum(body, length);

        for (int i = 0; i < FRAME_CHECKSUM; i++)
                body[length++] = (uint8_t)(checksum >> 8 * i);

        __builtin_memset(body + length, 0, FRAME_SLACK);

        const size_t used = encode(out, body, length);
        out[used] = 0;
        return used + 1;
}
