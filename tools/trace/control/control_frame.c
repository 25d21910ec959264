#include "control/control_frame.h"
#include "base/crc32c.h"

#include <string.h>
#include <time.h>

enum { VERSION = 1 };

uint64_t control_first_number(void)
{
        struct timespec now;

        clock_gettime(CLOCK_REALTIME, &now);
        return (uint64_t)now.tv_sec * 1000000 + (uint64_t)now.tv_nsec / 1000;
}

uint8_t *control_put_varint(uint8_t *out, uint64_t value)
{
        for (; value >= 0x80; value >>= 7)
                *out++ = (uint8_t)(value | 0x80);
        *out++ = (uint8_t)value;
        return out;
}

uint8_t *control_put_front(uint8_t *body, uint64_t number, enum command_kind kind)
{
        *body++ = 'C';
        *body++ = VERSION;
        return control_put_varint(control_put_varint(body, number), kind);
}

size_t control_frame(uint8_t out[CONTROL_FRAME_MAX], const void *body, size_t length)
{
        const uint32_t checksum = crc32c(body, length);
        uint8_t bytes[CONTROL_BODY_MAX + sizeof checksum];
        size_t distance_at = 0, used = 1;

        memcpy(bytes, body, length);
        for (size_t i = 0; i < sizeof checksum; i++)
                bytes[length++] = (uint8_t)(checksum >> 8 * i);
        for (size_t i = 0; i < length; i++) {
                if (bytes[i])
                        out[used++] = bytes[i];
                if (!bytes[i] || used - distance_at == UINT8_MAX) {
                        out[distance_at] = (uint8_t)(used - distance_at);
                        distance_at = used++;
                }
        }
        out[distance_at] = (uint8_t)(used - distance_at);
        out[used++] = 0;
        return used;
}
