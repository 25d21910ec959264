/*
 * Op scripts: sequences of address-space operations as text. The language is described in docs/op-scripts.md.
 *
 * A script is read an operation at a time, without memory of its own. Read it once to see that every line is
 * understood, then again to carry it out:
 *
 *      struct op_script script = op_script_of(text, length);
 *      struct op op;
 *
 *      while (op_script_next(&script, &op))
 *              ...
 *      if (script.problem)
 *              kprintf("line %u: %s\n", script.line, script.problem);
 */
#pragma once

#include "mm/address_space.h"

enum op_kind { OP_SPACE, OP_SEED, OP_KEYFRAMES, OP_MAP, OP_UNMAP, OP_PROTECT, OP_RESIZE, OP_FIND };

struct op {
        enum op_kind kind;
        char name[REGION_NAME_SIZE];            /* map */
        struct mapping mapping;                 /* map; its name points to `name` */
        struct vrange range;                    /* unmap, protect, resize, space; find: base only */
        enum protection protection;             /* protect */
        uint64_t seed;                          /* seed */

        bool is_scarce;                         /* whether kernel memory runs out during the operation ... */
        uint64_t memory;                        /* ... after so many blocks */

        bool expects;                           /* whether the line says what must come of it */
        enum error_code expected_error;
        bool expects_address;
        uintptr_t expected_address;
};

/* Whether it only says how to run the script: space, seed, keyframes. */
static inline bool op_is_directive(const struct op *op)
{
        return op->kind == OP_SPACE || op->kind == OP_SEED || op->kind == OP_KEYFRAMES;
}

struct op_script {
        const char *at, *end;
        unsigned line;                          /* of the operation yielded last, from 1 */
        const char *text;                       /* what that line asks for, without what it expects and comments ... */
        size_t length;                          /* ... in so many bytes */
        const char *problem;                    /* why reading stopped, in words; NULL: at the end of the text */
        bool past_directives;                   /* an operation was seen: no more space, seed, keyframes */
};

struct op_script op_script_of(const char *text, size_t length);

/* Yields the next operation; false at the end of the text or at a line that is not understood (see `problem`). */
[[nodiscard]] bool op_script_next(struct op_script *script, struct op *op);
