#include "lib/cpio.h"
#include "lib/string.h"

#include <stdint.h>

/* An entry begins with a magic number and thirteen fields of eight hexadecimal digits each. */
enum { MAGIC_SIZE = 6, FIELD_SIZE = 8, HEADER_SIZE = MAGIC_SIZE + 13 * FIELD_SIZE };
enum { FIELD_FILE_SIZE = 6, FIELD_NAME_SIZE = 11 };

static bool read_digit(char digit, size_t *out)
{
        char lower = digit | 0x20;

        *out = lower >= 'a' ? (size_t)(lower - 'a' + 10) : (size_t)(digit - '0');
        return (digit >= '0' && digit <= '9') || (lower >= 'a' && lower <= 'f');
}

static bool read_field(const char *header, int field, size_t *out)
{
        size_t digit;

        *out = 0;
        for (int i = 0; i < FIELD_SIZE; i++) {
                if (!read_digit(header[MAGIC_SIZE + field * FIELD_SIZE + i], &digit))
                        return false;
                *out = *out << 4 | digit;
        }
        return true;
}

/* Takes the next `size` bytes, and the padding to a multiple of four that follows `before + size` bytes of an entry. */
static bool take(struct cpio *archive, size_t before, size_t size, const char **out)
{
        size_t padding = -(before + size) & 3;

        if (size > archive->size)
                return false;
        *out = archive->bytes;
        if (padding > archive->size - size)
                padding = archive->size - size;
        archive->bytes += size + padding;
        archive->size -= size + padding;
        return true;
}

bool cpio_next(struct cpio *archive, struct cpio_file *out)
{
        size_t name_size;
        const char *header = archive->bytes;

        if (archive->size < HEADER_SIZE || memcmp(header, "070701", MAGIC_SIZE) ||
            !read_field(header, FIELD_FILE_SIZE, &out->size) || !read_field(header, FIELD_NAME_SIZE, &name_size))
                return false;
        archive->bytes += HEADER_SIZE;
        archive->size -= HEADER_SIZE;
        if (!take(archive, HEADER_SIZE, name_size, &out->name) || !name_size || out->name[name_size - 1] ||
            !take(archive, 0, out->size, &out->bytes))
                return false;
        return strcmp(out->name, "TRAILER!!!") != 0;
}

bool cpio_find(struct cpio archive, const char *name, struct cpio_file *out)
{
        while (cpio_next(&archive, out)) {
                if (!strcmp(out->name, name))
                        return true;
        }
        return false;
}
