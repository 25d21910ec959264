#include "base/error_message.h"
#include "base/format.h"
#include "script/script_shapes.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

/* Small, so that holes are scarce: most addresses matter within a few dozen operations. */
enum { SPACE_BASE = 0x10000, SPACE_PAGES_LEAST = 32, SPACE_PAGES_MORE = 97 };

/* --- writing a line --------------------------------------------------------------------------------------- */

static struct error write_answer(struct generator *generator, const struct op *op, struct oracle_answer answer)
{
        if (!generator->expect || (op->kind == OP_MAP && op->mapping.where == MAP_RANDOM && !answer.error))
                return SUCCESS;
        if (answer.error)
                fprintf(generator->out, " -> %s", error_name(answer.error));
        else if (op->kind == OP_MAP || op->kind == OP_FIND)
                fprintf(generator->out, " -> 0x%" PRIx64, answer.address);
        else
                fprintf(generator->out, " -> ok");
        return SUCCESS;
}

struct error script_write_line(struct generator *generator, const char *format, ...)
{
        char line[256];
        struct op_script script;
        struct oracle_answer answer;
        struct op op;
        va_list arguments;

        va_start(arguments, format);
        vsnprintf(line, sizeof line, format, arguments);
        va_end(arguments);
        script = op_script_of(line, strlen(line));
        if (!op_script_next(&script, &op))
                return FAILF(BAD_INPUT, "the generated line \"%s\" cannot be parsed: %s", line, script.problem);
        if (op.is_scarce)
                generator->expect = false;      /* how much memory an operation needs is not known here */
        TRY(oracle_answer(&generator->oracle, &op, &answer));
        fputs(line, generator->out);
        TRY(write_answer(generator, &op, answer));
        fputc('\n', generator->out);
        generator->left--;
        if (op.is_scarce || (op.kind == OP_MAP && op.mapping.where == MAP_RANDOM))
                return SUCCESS;
        return oracle_apply(&generator->oracle, &op, answer);
}

/* --- a whole script --------------------------------------------------------------------------------------- */

static struct error write_script(struct generator *generator, const struct shape *shape,
                                 const struct script_request *request)
{
        uint64_t pages;

        rng_seed(&generator->rng, request->seed);
        pages = SPACE_PAGES_LEAST + rng_below(&generator->rng, SPACE_PAGES_MORE);
        oracle_init(&generator->oracle, (struct vrange){ SPACE_BASE, SPACE_BASE + pages * PAGE_SIZE });
        fprintf(generator->out,
                "# regiontrace script --seed %" PRIu64 " --shape %s --operations %zu%s\n", request->seed,
                shape->name, request->operations, request->expect ? " --expect" : "");
        fprintf(generator->out, "space 0x%" PRIxPTR " 0x%" PRIxPTR "\n", generator->oracle.range.base,
                generator->oracle.range.end);
        fprintf(generator->out, "seed %" PRIu64 "\n", request->seed);
        while (generator->left)
                TRY(shape->operation(generator));
        return SUCCESS;
}

struct error script_generate(const struct script_request *request, char **out)
{
        struct generator generator = { .expect = request->expect, .left = request->operations };
        const struct shape *shape = script_shape_named(request->shape);
        size_t length;
        struct error error;

        if (!shape)
                return FAILF(BAD_ARGUMENT, "there is no shape \"%s\"; --shapes lists them", request->shape);
        *out = NULL;
        generator.out = open_memstream(out, &length);
        if (!generator.out)
                return fail_no_memory();
        error = write_script(&generator, shape, request);
        oracle_free(&generator.oracle);
        if (fclose(generator.out) && !error.code)
                error = fail_no_memory();
        if (error.code)
                free(*out);
        return error;
}
