#include "history.h"
#include "base/error_message.h"
#include "script/oracle.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Where a range of the history went. The newest that has an address counts: a history may use addresses again. */
struct move {
        struct vrange from;
        uint64_t to;
};

struct relocation {
        struct oracle oracle;
        struct move *move;
        size_t moves;
        FILE *out;
        unsigned operations;
};

static const struct move *move_of(const struct relocation *relocation, uint64_t address)
{
        for (size_t i = relocation->moves; i-- > 0;)
                if (address >= relocation->move[i].from.base && address < relocation->move[i].from.end)
                        return &relocation->move[i];
        return NULL;
}

static struct error add_move(struct relocation *relocation, uint64_t from, uint64_t size, uint64_t to)
{
        struct move *more = realloc(relocation->move, (relocation->moves + 1) * sizeof *more);

        if (!more)
                return fail_no_memory();
        relocation->move = more;
        more[relocation->moves++] = (struct move){ { from, from + size }, to };
        return SUCCESS;
}

static const char *protection_text(enum protection protection, char out[4])
{
        out[0] = protection & PROTECT_READ ? 'r' : '-';
        out[1] = protection & PROTECT_WRITE ? 'w' : '-';
        out[2] = protection & PROTECT_EXECUTE ? 'x' : '-';
        out[3] = 0;
        return out;
}

/* Writes a line and lets the oracle carry it out. */
static struct error write_line(struct relocation *relocation, const char *line, struct oracle_answer *answer)
{
        struct op_script script = op_script_of(line, strlen(line));
        struct op op;

        if (!op_script_next(&script, &op))
                return FAILF(BAD_INPUT, "\"%s\": %s", line, script.problem ? script.problem : "no operation");
        TRY(oracle_answer(&relocation->oracle, &op, answer));
        fprintf(relocation->out, "%s\n", line);
        relocation->operations++;
        return oracle_apply(&relocation->oracle, &op, *answer);
}

static struct error relocate_map(struct relocation *relocation, const struct op *op)
{
        const uint64_t from = op->expects_address ? op->expected_address : op->mapping.address, size = op->mapping.size;
        const struct move *move = op->mapping.where == MAP_REPLACE ? move_of(relocation, from) : NULL;
        struct oracle_answer answer;
        char line[160], protection[4];

        protection_text(op->mapping.protection, protection);
        if (move && size <= move->from.end - from) {
                snprintf(line, sizeof line, "map %s %" PRIu64 "K %s replace 0x%" PRIx64, op->name, size / 1024,
                         protection, move->to + (from - move->from.base));
                return write_line(relocation, line, &answer);
        }
        snprintf(line, sizeof line, "map %s %" PRIu64 "K %s anywhere", op->name, size / 1024, protection);
        TRY(write_line(relocation, line, &answer));
        return answer.error ? SUCCESS : add_move(relocation, from, size, answer.address);
}

/* A range of the history may lie in several that moved: a line for each. What lies in none is left out. */
static struct error relocate_range(struct relocation *relocation, const struct op *op)
{
        struct vrange left = op->range;

        while (!vrange_is_empty(left)) {
                const struct move *move = move_of(relocation, left.base);
                uint64_t end = move && move->from.end < left.end ? move->from.end : left.end;
                struct oracle_answer answer;
                char line[160], protection[4];

                if (!move) {
                        left.base += PAGE_SIZE;
                        continue;
                }
                snprintf(line, sizeof line, "%s 0x%" PRIx64 " %" PRIu64 "K%s%s",
                         op->kind == OP_UNMAP ? "unmap" : "protect", move->to + (left.base - move->from.base),
                         (end - left.base) / 1024, op->kind == OP_UNMAP ? "" : " ",
                         op->kind == OP_UNMAP ? "" : protection_text(op->protection, protection));
                TRY(write_line(relocation, line, &answer));
                left.base = end;
        }
        return SUCCESS;
}

/* A region that grows keeps its place; if there is no room behind it, it stays as it is. */
static struct error relocate_resize(struct relocation *relocation, const struct op *op)
{
        const struct move *move = move_of(relocation, op->range.base);
        struct oracle_answer answer;
        char line[160];

        if (!move)
                return SUCCESS;
        snprintf(line, sizeof line, "resize 0x%" PRIx64 " %" PRIu64 "K", move->to + (op->range.base - move->from.base),
                 (uint64_t)vrange_size(op->range) / 1024);
        return write_line(relocation, line, &answer);
}

static struct error relocate(struct relocation *relocation, struct op_script script)
{
        struct op op;

        while (op_script_next(&script, &op)) {
                if (op.kind == OP_MAP)
                        TRY(relocate_map(relocation, &op));
                else if (op.kind == OP_UNMAP || op.kind == OP_PROTECT)
                        TRY(relocate_range(relocation, &op));
                else if (op.kind == OP_RESIZE)
                        TRY(relocate_resize(relocation, &op));
        }
        return script.problem ? FAILF(BAD_INPUT, "line %u: %s", script.line, script.problem) : SUCCESS;
}

static struct vrange space_for(struct op_script script)
{
        uint64_t mapped = 0, size = PAGE_SIZE;
        struct op op;

        while (op_script_next(&script, &op))
                mapped += op.kind == OP_MAP ? op.mapping.size : 0;
        while (size < mapped)
                size *= 2;
        return (struct vrange){ 0x10000, 0x10000 + size };
}

struct error history_relocate(const char *text, size_t length, char **out, unsigned *operations)
{
        struct relocation relocation = { 0 };
        const struct vrange space = space_for(op_script_of(text, length));
        struct error error;
        size_t written;

        relocation.out = open_memstream(out, &written);
        if (!relocation.out)
                return fail_no_memory();
        oracle_init(&relocation.oracle, space);
        fprintf(relocation.out, "keyframes\nspace 0x%" PRIx64 " 0x%" PRIx64 "\n", (uint64_t)space.base,
                (uint64_t)space.end);
        error = relocate(&relocation, op_script_of(text, length));
        oracle_free(&relocation.oracle);
        free(relocation.move);
        *operations = relocation.operations;
        fclose(relocation.out);
        if (error.code)
                free(*out);
        return error;
}
