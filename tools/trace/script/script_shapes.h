/*
 * The shapes of generated scripts: script_shapes.c chooses operations, script_generate.c writes them and has the oracle
 * carry them out. No other file includes this.
 */
#pragma once

#include "lib/rng.h"
#include "script/script_generate.h"

#include <stdio.h>

struct generator {
        struct rng rng;
        struct oracle oracle;
        FILE *out;
        bool expect;
        unsigned names;                         /* given so far */
        size_t left;                            /* operations still to write */
};

struct shape {
        const char *name;
        struct error (*operation)(struct generator *generator);         /* chooses one, and writes it */
        const char *words;
};

/* The shape with this name; NULL: there is none. */
const struct shape *script_shape_named(const char *name);

/*
 * Writes an operation, as text, and lets the oracle carry it out. Its answer to a random placement is not known here.
 * NO_MEMORY, or BAD_INPUT if the text is no operation.
 */
[[gnu::format(printf, 2, 3)]] struct error script_write_line(struct generator *generator, const char *format, ...);
