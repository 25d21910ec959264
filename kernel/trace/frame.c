#include "trace/frame.h"

/* What each value of a byte leaves, divided by the (reflected) Castagnoli polynomial. Made on first use. */
static uint32_t crc_table[256];

static void make_crc_table(void)
{
        for (uint32_t byte = 0; byte < 256; byte++) {
                uint32_t remainder = byte;
                for (int bit = 0; bit < 8; bit++)
                        remainder = remainder >> 1 ^ (0x82f63b78 & -(remainder & 1));
                crc_table[byte] = remainder;
        }
}

uint32_t frame_checksum(const uint8_t *bytes, size_t length)
{
        uint32_t crc = ~0u;
        if (!crc_table[1])
                make_crc_table();
        for (size_t i = 0; i < length; i++)
                crc = crc >> 8 ^ crc_table[(crc ^ bytes[i]) & 0xff];
        return ~crc;
}

/*
 * COBS: the bytes are cut at each zero, and the zero is replaced by the distance to the next one:
 *
 *      11 22 00 33     becomes     03 11 22 02 33
 *
 * A run of 254 bytes without a zero gets the distance 255, and no zero is meant at its end.
 */
size_t frame_encode(uint8_t *out, uint8_t *body, size_t length)
{
        uint32_t checksum = frame_checksum(body, length);
        size_t distance_at = 0, used = 1;
        for (int i = 0; i < FRAME_CHECKSUM; i++)
                body[length++] = (uint8_t)(checksum >> 8 * i);
        for (size_t i = 0; i < length; i++) {
                if (body[i])
                        out[used++] = body[i];
                if (!body[i] || used - distance_at == 255) {
                        out[distance_at] = (uint8_t)(used - distance_at);
                        distance_at = used++;
                }
        }
        out[distance_at] = (uint8_t)(used - distance_at);
        out[used++] = 0;
        return used;
}
