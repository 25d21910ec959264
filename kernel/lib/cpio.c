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

/* The next multiple of four bytes from the entry's start: there the file begins, and the next entry. */
static size_t padded(size_t size)
{
        return (size + 3) & ~(size_t)3;
}

/* Both sizes are below 2^32, so no sum of them wraps round. */
bool cpio_next(struct cpio *archive, struct cpio_file *out)
{
        const char *entry = archive->bytes;
        size_t name_size;

        if (archive->size < HEADER_SIZE || memcmp(entry, "070701", MAGIC_SIZE))
                return false;
        if (!read_field(entry, FIELD_FILE_SIZE, &out->size) || !read_field(entry, FIELD_NAME_SIZE, &name_size))
                return false;

        const size_t name_end = HEADER_SIZE + name_size, file = padded(name_end), entry_size = padded(file + out->size);
        if (entry_size > archive->size || name_size == 0 || entry[name_end - 1] != 0)
                return false;
        out->name = entry + HEADER_SIZE;
        out->bytes = entry + file;
        archive->bytes += entry_size;
        archive->size -= entry_size;
        return strcmp(out->name, "TRAILER!!!") != 0;
}

bool cpio_find(struct cpio archive, const char *name, struct cpio_file *out)
{
        bool found = false;
        while (!found && cpio_next(&archive, out))
                found = !strcmp(out->name, name);
        return found;
}
