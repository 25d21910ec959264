/* The parser of op scripts, as in the kernel: any text is read to its end, or to a line with a problem in words. */
#include "test/op_script.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *input, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *input, size_t size)
{
        struct op_script script = op_script_of((const char *)input, size);
        struct op op;

        while (op_script_next(&script, &op))
                if (!memchr(op.name, 0, sizeof op.name))
                        abort();
        if (script.problem && (!script.line || !*script.problem))
                abort();
        return 0;
}
