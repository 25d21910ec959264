#include "lib/string.h"
#include <stdint.h>

/* Eight bytes at any address, of objects of any type. */
typedef uint64_t word __attribute__((may_alias, aligned(1)));

void *memcpy(void *to, const void *from, size_t n)
{
        uint8_t *out = to;
        const uint8_t *in = from;
        for (; n >= sizeof(word); n -= sizeof(word), out += sizeof(word), in += sizeof(word))
                *(word *)out = *(const word *)in;
        while (n--)
                *out++ = *in++;
        return to;
}

/* Copies forwards, or backwards if copying forwards would overwrite bytes that are not copied yet. */
void *memmove(void *to, const void *from, size_t n)
{
        uint8_t *out = to;
        const uint8_t *in = from;
        if ((uintptr_t)out - (uintptr_t)in >= n)
                return memcpy(to, from, n);
        while (n--)
                out[n] = in[n];
        return to;
}

void *memset(void *to, int byte, size_t n)
{
        uint8_t *out = to;
        const uint64_t eight = (uint8_t)byte * (uint64_t)0x0101010101010101;
        for (; n >= sizeof(word); n -= sizeof(word), out += sizeof(word))
                *(word *)out = eight;
        while (n--)
                *out++ = (uint8_t)byte;
        return to;
}

int memcmp(const void *a, const void *b, size_t n)
{
        const uint8_t *left = a, *right = b;
        for (; n && *left == *right; left++, right++)
                n--;
        return n ? *left - *right : 0;
}

size_t strlen(const char *string)
{
        return strnlen(string, SIZE_MAX);
}

size_t strnlen(const char *string, size_t most)
{
        size_t length = 0;
        while (length < most && string[length])
                length++;
        return length;
}

int strcmp(const char *a, const char *b)
{
        return strncmp(a, b, SIZE_MAX);
}

int strncmp(const char *a, const char *b, size_t most)
{
        for (; most && *a && *a == *b; a++, b++)
                most--;
        return most ? (uint8_t)*a - (uint8_t)*b : 0;
}

char *strchr(const char *string, int byte)
{
        while (*string && *string != (char)byte)
                string++;
        return *string == (char)byte ? (char *)string : NULL;
}

char *strstr(const char *string, const char *part)
{
        const size_t length = strlen(part);
        while (*string && strncmp(string, part, length))
                string++;
        return strncmp(string, part, length) ? NULL : (char *)string;
}
