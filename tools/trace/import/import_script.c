#include "import/import_script.h"

#include "base/error_message.h"
#include "import/import_order.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

enum { STACK_SIZE = 132 << 10 };        /* as large as Linux makes a stack to begin with */

static void write_script(FILE *out, struct script *script, const char *before, const char *operations)
{
        const char *path = script->faults->path, *slash = strrchr(path, '/');
        struct vrange stack = { USER_SPACE.end - STACK_SIZE, USER_SPACE.end }, free;

        fprintf(out, "# The memory calls of a Linux program, from %s.\n\n", slash ? slash + 1 : path);
        fprintf(out, "# What was there before the first call, as later calls show; and a stack, of which no call "
                "speaks.\n%s", before);
        if (import_space_next(&script->space, stack, PAGES_UNKNOWN, &free) && vrange_equals(free, stack)) {
                fprintf(out, "map stack %s rw- at 0x%" PRIxPTR " -> 0x%" PRIxPTR "\n", script_size(STACK_SIZE),
                        stack.base, stack.base);
                script->summary->operations++;
                script->summary->inferred++;
        }
        fprintf(out, "\n# The calls.\n%s", operations);
}

struct error import_script(FILE *out, const struct strace *strace, struct import_faults *faults,
                           struct import_summary *summary)
{
        char *before = NULL, *operations = NULL;
        size_t before_size, operations_size;
        struct script script = { .faults = faults, .strace = strace, .summary = summary };
        struct error error;

        *summary = (struct import_summary){ 0 };
        script.before = open_memstream(&before, &before_size);
        script.operations = open_memstream(&operations, &operations_size);
        error = script.before && script.operations ? import_all_calls(&script) : fail_no_memory();
        if (script.before && fclose(script.before) && !error.code)
                error = fail_no_memory();
        if (script.operations && fclose(script.operations) && !error.code)
                error = fail_no_memory();
        if (!error.code)
                write_script(out, &script, before, operations);
        free(before);
        free(operations);
        import_space_free(&script.space);
        return error;
}
