#include "user/lib/line_reader.h"
#include "user/lib/user.h"

enum { END_TYPED = 'D' & 31 };

static bool byte_next(struct line_reader *reader, char *byte)
{
        if (reader->next == reader->end && !reader->at_end) {
                reader->error = read(reader->file, reader->bytes, sizeof reader->bytes, &reader->end);
                reader->next = 0;
                reader->at_end = reader->error.code || !reader->end;
        }
        if (reader->at_end)
                return false;
        *byte = reader->bytes[reader->next++];
        reader->at_end = *byte == END_TYPED;
        return !reader->at_end;
}

bool line_next(struct line_reader *reader, char *line, size_t size)
{
        size_t length = 0;
        bool any = false;
        char byte = 0;

        while (byte != '\n' && byte_next(reader, &byte)) {
                any = true;
                if (byte != '\n' && length + 1 < size)
                        line[length++] = byte;
        }
        line[length] = 0;
        return any;
}

bool line_reader_open(struct line_reader *reader, const char *name)
{
        struct error error;

        *reader = (struct line_reader){ .file = FILE_INPUT };
        if (!*name)
                return true;
        error = open(name, &reader->file);
        if (error.code)
                print_error(name, error);
        return !error.code;
}
