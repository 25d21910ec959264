#include "seed.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static uint64_t rotate(uint64_t word, unsigned bits)
{
        return word << bits | word >> (64 - bits);
}

static void rounds(uint64_t v[4], unsigned count)
{
        while (count--) {
                v[0] += v[1];
                v[1] = rotate(v[1], 13) ^ v[0];
                v[0] = rotate(v[0], 32);
                v[2] += v[3];
                v[3] = rotate(v[3], 16) ^ v[2];
                v[0] += v[3];
                v[3] = rotate(v[3], 21) ^ v[0];
                v[2] += v[1];
                v[1] = rotate(v[1], 17) ^ v[2];
                v[2] = rotate(v[2], 32);
        }
}

uint64_t siphash(const uint64_t key[2], const void *bytes, size_t length)
{
        const uint8_t *at = bytes;
        uint64_t v[4] = { key[0] ^ 0x736f6d6570736575, key[1] ^ 0x646f72616e646f6d, key[0] ^ 0x6c7967656e657261,
                          key[1] ^ 0x7465646279746573 };

        for (size_t done = 0; done <= length; done += 8) {
                size_t part = length - done < 8 ? length - done : 8;
                uint64_t word = 0;

                memcpy(&word, at + done, part);
                if (part < 8)
                        word |= (uint64_t)length << 56;
                v[3] ^= word;
                rounds(v, 2);
                v[0] ^= word;
        }
        v[2] ^= 0xff;
        rounds(v, 4);
        return v[0] ^ v[1] ^ v[2] ^ v[3];
}

uint64_t seed_of(const char *secret, const char *student, const char *name, unsigned i)
{
        const uint64_t first[2] = { 1, 0 }, second[2] = { 2, 0 };
        const uint64_t key[2] = { siphash(first, secret, strlen(secret)), siphash(second, secret, strlen(secret)) };
        char *text;
        uint64_t seed;
        int length = asprintf(&text, "%s\n%s\n%u", student, name, i);

        if (length < 0)
                abort();
        seed = siphash(key, text, (size_t)length);
        free(text);
        return seed;
}
