#include "test/check_script.h"
#include "lib/printf.h"

bool script_read_ahead(const char *name, struct op_script script, struct vrange *range, uint64_t *seed)
{
        struct op op;

        while (op_script_next(&script, &op)) {
                if (op.kind == OP_SPACE)
                        *range = op.range;
                if (op.kind == OP_SEED)
                        *seed = op.seed;
        }
        if (script.problem)
                kprintf("%s:%u: %s\n", name, script.line, script.problem);
        return !script.problem;
}

void script_print_outcome(const struct op_script *script, const struct op *op, struct outcome outcome)
{
        kprintf("%5u  %.*s: ", script->line, (int)script->length, script->text);
        if (outcome.error.code)
                kprintf("%s\n", error_name((enum error_code)outcome.error.code));
        else if (op->kind == OP_MAP || op->kind == OP_FIND)
                kprintf("0x%lx\n", outcome.address);
        else
                kprintf("done\n");
}

static void print_mismatch(const char *name, unsigned line, const struct op *op, struct outcome outcome)
{
        kprintf("%s:%u: ", name, line);
        if (op->expects_address)
                kprintf("expected 0x%lx", op->expected_address);
        else
                kprintf("expected %s", error_name(op->expected_error));
        if (outcome.error.code)
                kprintf(", got %s: %s\n", error_name((enum error_code)outcome.error.code),
                        error_meaning((enum error_code)outcome.error.code));
        else
                kprintf(", got 0x%lx\n", outcome.address);
}

bool script_is_as_expected(const char *name, unsigned line, const struct op *op, struct outcome outcome)
{
        bool right = error_is(outcome.error, op->expected_error) &&
                     (!op->expects_address || outcome.address == op->expected_address);

        if (right || !op->expects)
                return true;
        print_mismatch(name, line, op, outcome);
        return false;
}
