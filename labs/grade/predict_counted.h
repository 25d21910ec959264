/*
 * Questions of a prediction whose answers no oracle knows, since they are about how a kernel works: the nodes that a
 * lookup visits, the rotations of an insertion or a removal, an operation without memory. The tree's own kernel answers
 * them, when the student's code in it works.
 *
 *      visits          regions are mapped in an order at random; how many does each lookup visit?
 *      rotations       how many rotations does each of the next insertions take?
 *      removals        ... does each removal take?
 *      memory          which unmappings fail if no block of memory can be had?
 */
#pragma once

#include "lib/error.h"

#include <stdbool.h>
#include <stdint.h>

struct counted_kind {
        const char *name;
        const char *question;                   /* in words */
        const char *wanted;                     /* what an answer is, in words */
        const char *mark;                       /* what stands between a line of the script and its answer */
        const char *line;                       /* how the lines begin that are asked about */
};

/* The kind of a shape in labs/LAB/predict; NULL if the oracle answers that shape. */
const struct counted_kind *counted_kind_of(const char *shape);

/* Its script, whose last lines are the questions. The caller frees it. NO_MEMORY. */
struct error counted_script(const struct counted_kind *kind, uint64_t seed, unsigned operations, unsigned questions,
                            char **out);

/* A number below 100; of memory, `ok' or `no_memory'. */
bool counted_is_answer(const struct counted_kind *kind, const char *text);

/*
 * What the kernel of a built tree answers to the last line of a script: a short text, which the caller frees. IO if the
 * script cannot be run, or not to its end.
 */
struct error counted_answer(const struct counted_kind *kind, const char *tree, const char *script, char **out);
