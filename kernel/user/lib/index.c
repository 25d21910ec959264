#include "user/lib/index.h"
#include "user/lib/line_reader.h"
#include "user/lib/user.h"

void index_visit(void (*visit)(const char *line, size_t name_length, void *context), void *context)
{
        static struct line_reader reader;
        char line[160];

        if (!line_reader_open(&reader, "index"))
                return;
        while (line_next(&reader, line, sizeof line)) {
                const char *colon = strchr(line, ':');

                visit(line, colon ? (size_t)(colon - line) : strlen(line), context);
        }
        error_ignore(close(reader.file));
}
