#include "lib/printf.h"
#include "mm/layout.h"
#include "task/safe_point.h"
#include "test/check_script.h"
#include "test/fault_injection.h"
#include "test/script.h"
#include "test/space_find.h"
#include "test/validate.h"
#include "trace/trace.h"

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
        case OP_KEYFRAMES:
                break;
        }
        return outcome;
}

/* With no more blocks of kernel memory than the line allows, if it says so. */
static struct outcome carry_out_with_memory(struct address_space *space, const struct op *op)
{
        struct outcome outcome;

        if (op->is_scarce)
                fault_injection_set(INJECT_INTO_BLOCKS, op->memory);
        outcome = carry_out(space, op);
        if (op->is_scarce)
                fault_injection_set(INJECT_INTO_BLOCKS, INJECT_NEVER);
        return outcome;
}

/*
 * Sends what memory holds now. No other processor may be at work. The lock keeps interrupts off, so that nothing comes
 * between.
 */
static void show_memory(struct address_space *space)
{
        spinlock_acquire(&space->lock);
        keyframe_send();
        spinlock_release(&space->lock);
}

static bool is_valid(const char *name, struct address_space *space)
{
        const char *broken = address_space_validate(space);

        if (broken)
                kprintf("%s: the tree is broken: %s\n", name, broken);
        return !broken;
}

enum verdict script_run(const char *name, const char *text, size_t length)
{
        struct op_script script = op_script_of(text, length);
        struct vrange range = { USER_BASE, USER_END };
        enum verdict verdict = VERDICT_PASSED;
        struct address_space *space;
        uint64_t seed = 1;
        size_t operations = 0;
        bool keyframes = false;
        struct op op;

        if (!script_read_ahead(name, script, &range, &seed))
                return VERDICT_FAILED;
        if (address_space_create(name, range, seed, &space).code) {
                kprintf("%s: no memory for an address space\n", name);
                return VERDICT_FAILED;
        }
        trace_script_begin(space->watched.id, name);
        while (verdict == VERDICT_PASSED && op_script_next(&script, &op)) {
                struct outcome outcome;

                safe_point(KEYFRAME_IF_REQUESTED);
                keyframes |= op.kind == OP_KEYFRAMES;
                if (op_is_directive(&op))
                        continue;
                trace_script_line(script.line);
                outcome = carry_out_with_memory(space, &op);
                operations++;
                if (keyframes)
                        show_memory(space);
                script_print_outcome(&script, &op, outcome);
                if (!script_is_as_expected(name, script.line, &op, outcome)) {
                        trace_script_mismatch(script.line, (enum error_code)outcome.error.code, outcome.address,
                                              op.expected_error, op.expected_address);
                        verdict = VERDICT_FAILED;
                }
        }
        if (!is_valid(name, space))
                verdict = VERDICT_FAILED;
        trace_script_end(operations, verdict);
        kprintf("%s: %zu operations, %zu regions: %s\n", name, operations, address_space_totals(space).regions,
                verdict == VERDICT_PASSED ? "passed" : "failed");
        return verdict;
}
