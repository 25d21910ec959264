/*
 * Op scripts at random: the same seed, shape and number of operations always make the same text.
 *
 * A shape is a way to choose operations. Each aims at one thing that a hole search gets wrong. The generator keeps an
 * oracle beside the script, so that it can ask for a hole of exactly the right size, or one page too many.
 */
#pragma once

#include "script/oracle.h"

struct script_request {
        uint64_t seed;
        const char *shape;                      /* a name of script_shape_name() */
        size_t operations;
        bool expect;                            /* write the right answer behind each line, except random places */
};

/* The i-th shape and what it does, in words; NULL after the last. */
const char *script_shape_name(size_t i);
const char *script_shape_words(size_t i);

/* The script, which the caller frees. BAD_ARGUMENT if there is no such shape, NO_MEMORY. */
struct error script_generate(const struct script_request *request, char **out);
