/* The decoder: any bytes at all, header included. What it reads must be printable. */
#include "event_print.h"
#include "reader.h"

#include <stdio.h>

int LLVMFuzzerTestOneInput(const uint8_t *input, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *input, size_t size)
{
        static FILE *nowhere;
        struct source source;
        struct reader *reader;
        struct event event;

        if (!nowhere)
                nowhere = fopen("/dev/null", "w");
        if (!nowhere || source_of_memory(input, size, &source).code || reader_open_source(source, "input", &reader).code)
                return 0;
        while (reader_next(reader, &event))
                event_print(nowhere, reader_schema(reader), &event);
        reader_close(reader);
        return 0;
}
