/* The writer of Perfetto files: whatever the events say, the file is written to its end. */
#include "fuzz_stream.h"
#include "perfetto/perfetto_timeline.h"

#include <stdlib.h>

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const uint8_t *input, size_t size);

int LLVMFuzzerInitialize([[maybe_unused]] int *argc, [[maybe_unused]] char ***argv)
{
        fuzz_read_header();
        return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *input, size_t size)
{
        static FILE *nowhere;
        struct reader *reader = fuzz_open(input, size);
        struct timeline *timeline;
        struct event event;

        if (!nowhere)
                nowhere = fopen("/dev/null", "w");
        if (!reader)
                return 0;
        if (nowhere && !timeline_create(reader, nowhere, &timeline).code) {
                while (reader_next(reader, &event) && !timeline_event(timeline, &event).code)
                        continue;
                if (timeline_finish(timeline).code)
                        abort();
                timeline_destroy(timeline);
        }
        fuzz_close(reader);
        return 0;
}
