/*
 * What the files of the schema share: schema.c parses the header line by line, schema_line.c takes a line apart, and
 * schema_event.c has the lines that say how events are built. No other file includes this.
 */
#pragma once

#include "stream/schema.h"

/* A line of the header that is being parsed, word by word. */
struct schema_line {
        char *rest;                             /* what has not been read yet; NULL: nothing is left */
};

/* The line's next word; NULL if there is none. It is cut off in the text itself. */
char *schema_next_word(struct schema_line *line);
/* Likewise a number; false if there is none, or the next word is no number of 64 bits. */
bool schema_next_number(struct schema_line *line, uint64_t *out);

/* Makes room for one element more in an array of `count`, which grows by doubling; NULL if there is no memory. */
void *schema_grow(void *array, size_t count, size_t size);

/* The rest of a line "category", "enum" or "event". NO_MEMORY, or BAD_INPUT with an error message. */
struct error schema_add_category(struct schema *schema, struct schema_line *line);
struct error schema_add_enumeration(struct schema *schema, struct schema_line *line);
struct error schema_add_event(struct schema *schema, struct schema_line *line);

/* Frees what the lines "category", "enum" and "event" have added. */
void schema_free_events(struct schema *schema);
