/*
 * Texts that are written once and then named by their number ("interned"). Text 0 is the empty one.
 */
#pragma once

#include "lib/error.h"

#include <stdio.h>

struct texts {
        size_t count, room;
        size_t bytes;                           /* of all of them */
        char **text;
        size_t *slot;                           /* open addressing: the number of a text, plus 1; 0: empty */
        size_t slots;
};

/* NO_MEMORY with an error message. */
struct error texts_init(struct texts *texts);
void texts_clear(struct texts *texts);

/* The number of a text. NO_MEMORY with an error message. O(length). */
struct error texts_number(struct texts *texts, const char *text, size_t *out);

/* A text as JSON that may stand within a script element of a page: "<" begins no tag there if a blank follows it. */
void texts_write_json(FILE *out, const char *text);
