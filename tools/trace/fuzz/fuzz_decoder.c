/* The decoder: any bytes at all, header included. What it reads must be printable. */
#include "stream/event_print.h"
#include "stream/reader.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *input, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *input, size_t size)
{
        struct buffer line = { 0 };
        struct source source;
        struct reader *reader;
        struct event event;

        if (source_of_memory(input, size, &source).code || reader_open_source(source, "input", &reader).code)
                return 0;
        while (reader_next(reader, &event)) {
                line.length = 0;
                event_print(&line, reader_schema(reader), &event);
                event_print_json(&line, &event);
        }
        free(line.bytes);
        reader_close(reader);
        return 0;
}
