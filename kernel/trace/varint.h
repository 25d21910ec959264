/* Varints: numbers in groups of seven bits, the lowest first; the top bit of a byte says that another follows. */
#pragma once

#include "lib/types.h"

enum { VARINT_MAX = 10 };

/* Writes up to VARINT_MAX bytes. Returns where the next byte goes. */
static inline uint8_t *varint_put(uint8_t *out, uint64_t value)
{
        for (; value >= 0x80; value >>= 7)
                *out++ = (uint8_t)(value | 0x80);
        *out++ = (uint8_t)value;
        return out;
}

/* Reads one from `*at` on, and moves `*at` behind it. False if it does not end before `end` or does not fit 64 bits. */
static inline bool varint_take(const uint8_t **at, const uint8_t *end, uint64_t *value)
{
        *value = 0;
        for (unsigned shift = 0; shift < 64 && *at < end; shift += 7) {
                const uint8_t byte = *(*at)++;

                if (shift == 63 && byte > 1)
                        return false;
                *value |= (uint64_t)(byte & 0x7f) << shift;
                if (!(byte & 0x80))
                        return true;
        }
        return false;
}
