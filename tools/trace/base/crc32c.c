#include "base/crc32c.h"

#include <endian.h>
#include <string.h>

/*
 * Eight bytes a step: table[k][b] is what byte b does to the checksum when k more bytes follow it in the step. They
 * add up (by xor) because a CRC is linear.
 */
enum { STEP = 8 };
static const uint32_t polynomial = 0x82f63b78;          /* 0x1edc6f41, bits reversed */
static uint32_t table[STEP][256];

__attribute__((constructor)) static void make_table(void)
{
        for (uint32_t byte = 0; byte < 256; byte++) {
                uint32_t crc = byte;

                for (int bit = 0; bit < 8; bit++)
                        crc = crc >> 1 ^ (crc & 1 ? polynomial : 0);
                table[0][byte] = crc;
        }
        for (int k = 1; k < STEP; k++)
                for (int byte = 0; byte < 256; byte++)
                        table[k][byte] = table[k - 1][byte] >> 8 ^ table[0][table[k - 1][byte] & 0xff];
}

uint32_t crc32c(const void *bytes, size_t length)
{
        const uint8_t *at = bytes;
        uint32_t crc = UINT32_MAX;

        for (; length >= STEP; length -= STEP, at += STEP) {
                uint64_t word;

                memcpy(&word, at, sizeof word);
                word = le64toh(word) ^ crc;
                crc = table[7][word & 0xff] ^ table[6][word >> 8 & 0xff] ^ table[5][word >> 16 & 0xff] ^
                      table[4][word >> 24 & 0xff] ^ table[3][word >> 32 & 0xff] ^ table[2][word >> 40 & 0xff] ^
                      table[1][word >> 48 & 0xff] ^ table[0][word >> 56];
        }
        for (; length; length--, at++)
                crc = crc >> 8 ^ table[0][(crc ^ *at) & 0xff];
        return ~crc;
}
