/* The checker, and the model that it drives: whatever the events say, it ends with a verdict. */
#include "check/check.h"
#include "fuzz_stream.h"

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const uint8_t *input, size_t size);

int LLVMFuzzerInitialize([[maybe_unused]] int *argc, [[maybe_unused]] char ***argv)
{
        fuzz_read_header();
        return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *input, size_t size)
{
        struct reader *reader = fuzz_open(input, size);
        struct check *check;
        struct event event;

        if (!reader)
                return 0;
        if (!check_create(EVERY_EVENT_COUNTS, &check).code) {
                while (reader_next(reader, &event) && !check_event(check, &event).code)
                        continue;
                error_ignore(check_finish(check, reader));
                check_destroy(check);
        }
        fuzz_close(reader);
        return 0;
}
