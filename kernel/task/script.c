#include "lib/printf.h"
#include "task/op_script.h"
#include "task/script.h"
#include "trace/trace.h"

/* What came of an operation: the base it yielded, or why it failed. */
struct outcome {
        struct error error;
        uintptr_t address;
};

/* Reads the whole script, so that a mistake in its last line stops it before its first, and gathers what comes before operations. */
static bool read_ahead(const char *name, struct op_script script, struct vrange *range, uint64_t *seed)
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

static struct outcome carry_out(struct address_space *space, const struct op *op)
{
        struct outcome outcome = { .address = op->range.base };
        struct vrange found;

        switch (op->kind) {
        case OP_MAP:
                outcome.error = address_space_map(space, &op->mapping, &outcome.address);
                break;
        case OP_UNMAP:
                outcome.error = address_space_unmap(space, op->range);
                break;
        case OP_PROTECT:
                outcome.error = address_space_protect(space, op->range, op->protection);
                break;
        case OP_RESIZE:
                outcome.error = address_space_resize(space, op->range.base, vrange_size(op->range));
                break;
        case OP_FIND:
                outcome.error = address_space_find(space, op->range.base, &found);
                if (!outcome.error.code)
                        outcome.address = found.base;
                break;
        case OP_SPACE:
        case OP_SEED:
                break;
        }
        return outcome;
}

static bool is_as_expected(const struct op *op, struct outcome outcome)
{
        if (!op->expects)
                return true;
        if (!error_is(outcome.error, op->expected_error))
                return false;
        return !op->expects_address || outcome.address == op->expected_address;
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
        trace_script_mismatch(line, (enum error_code)outcome.error.code, outcome.address, op->expected_error,
                              op->expected_address);
}

static bool is_valid(const char *name, const struct address_space *space)
{
        const char *broken = region_tree_validate(&space->tree);

        if (broken)
                kprintf("%s: the tree is broken: %s\n", name, broken);
        return !broken;
}

enum verdict script_run(const char *name, const char *text, size_t length)
{
        struct op_script script = op_script_of(text, length);
        struct vrange range = { 0x10000, 0x7ffffffff000 };
        enum verdict verdict = VERDICT_PASSED;
        struct address_space *space;
        uint64_t seed = 1;
        size_t operations = 0;
        struct op op;

        if (!read_ahead(name, script, &range, &seed))
                return VERDICT_FAILED;
        if (address_space_create(name, range, seed, &space).code) {
                kprintf("%s: no memory for an address space\n", name);
                return VERDICT_FAILED;
        }
        trace_script_begin(space->watched.id, name);
        while (verdict == VERDICT_PASSED && op_script_next(&script, &op)) {
                struct outcome outcome;

                if (op.kind == OP_SPACE || op.kind == OP_SEED)
                        continue;
                trace_script_line(script.line);
                outcome = carry_out(space, &op);
                operations++;
                if (!is_as_expected(&op, outcome)) {
                        print_mismatch(name, script.line, &op, outcome);
                        verdict = VERDICT_FAILED;
                }
        }
        if (!is_valid(name, space))
                verdict = VERDICT_FAILED;
        trace_script_end(operations, verdict);
        kprintf("%s: %zu operations, %zu regions: %s\n", name, operations, space->tree.count,
                verdict == VERDICT_PASSED ? "passed" : "failed");
        return verdict;
}
