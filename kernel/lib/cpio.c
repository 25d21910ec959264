#include "lib/cpio.h"
#include "lib/string.h"

/* An entry begins with a magic number and thirteen fields of eight hexadecimal digits each. */
enum { MAGIC_SIZE = 6, FIELD_SIZE = 8, HEADER_SIZE = MAGIC_SIZE + 13 * FIELD_SIZE };
enum { FIELD_FILE_SIZE = 6, FIELD_NAME_SIZE = 11 };

static bool read_field(const char *header, int field, size_t *out)
{
        *out = 0;
        for (int i = 0; i < FIELD_SIZE; i++) {
                const char digit = header[MAGIC_SIZE + field * FIELD_SIZE + i], lower = digit | 0x20;
                if (digit >= '0' && digit <= '9')
                        *out = *out << 4 | (size_t)(digit - '0');
                else if (lower >= 'a' && lower <= 'f')
                        *out = *out << 4 | (size_t)(lower - 'a' + 10);
                else
                        return false;
        }
        return true;
}

/* Takes the next `size` bytes, and the padding to a multiple of four that follows `before + size` bytes of an entry. */
static bool take(struct cpio *archive, size_t before, size_t size, const char **out)
{
        if (size > archive->size)
                return false;
        *out = archive->bytes;
        const size_t padding = -(before + size) & 3, left = archive->size - size;
        const size_t taken = size + (padding < left ? padding : left);
        archive->bytes += taken;
        archive->size -= taken;
        return true;
}

bool cpio_next(struct cpio *archive, struct cpio_file *out)
{
        const char *header = archive->bytes;
        size_t name_size;

        if (archive->size < HEADER_SIZE || memcmp(header, "070701", MAGIC_SIZE))
                return false;
        if (!read_field(header, FIELD_FILE_SIZE, &out->size) || !read_field(header, FIELD_NAME_SIZE, &name_size))
                return false;
        archive->bytes += HEADER_SIZE;
        archive->size -= HEADER_SIZE;

        if (!take(archive, HEADER_SIZE, name_size, &out->name))
                return false;
        if (name_size == 0 || out->name[name_size - 1] != 0)
                return false;
        if (!take(archive, 0, out->size, &out->bytes))
                return false;
        return strcmp(out->name, "TRAILER!!!") != 0;
}

bool cpio_find(struct cpio archive, const char *name, struct cpio_file *out)
{
        bool found = false;
        while (!found && cpio_next(&archive, out))
                found = !strcmp(out->name, name);
        return found;
}
