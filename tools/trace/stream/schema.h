/*
 * What a stream's header says: where the stream comes from, and how its events are built.
 *
 * A schema is parsed from the header's text, line by line, and owned by its reader. Events, fields and the words of
 * enumerations are tied to what this build knows (event_table.h) by their names; numbers may differ.
 */
#pragma once

#include "stream/event_table.h"

enum field_type {
        FIELD_NUMBER,                           /* any type whose name this build does not know */
        FIELD_ID,
        FIELD_TREE,                             /* an id, as is the next; how they are sent differs */
        FIELD_REGION,
        FIELD_COUNT,
        FIELD_BYTES,
        FIELD_PAGES,
        FIELD_TICKS,
        FIELD_ADDRESS,
        FIELD_PROTECTION,
        FIELD_CATEGORIES,
        FIELD_TEXT,
        FIELD_WORD,                             /* of an enumeration */
};

struct schema_enumeration {
        char *name;
        size_t words;
        char **word;
        const struct enumeration_description *known;  /* NULL if this build knows no enumeration of that name */
        uint64_t *known_value;                  /* each word's number in this build; known->words if it has none */
};

struct schema_field {
        char *name;
        enum field_type type;
        int known;                              /* index in this build's event, -1 if it has no such field */
        const struct schema_enumeration *enumeration;   /* for FIELD_WORD and FIELD_CATEGORIES */
        uint32_t words;                         /* how many values the event's code tells apart: 1 but for FIELD_WORD */
        size_t slot;                            /* among all fields of the schema: where a reader keeps its newest value */
};

struct event_schema {
        char *name, *category;
        enum trace_event known;                 /* EVENT_TIME if this build knows no event of that name */
        uint32_t code;                          /* its first one; the others count its words up */
        unsigned numbers;                       /* fields that are neither tree, word nor text */
        size_t fields;                          /* at most EVENT_FIELDS_MAX */
        struct schema_field *field;
};

/* Whether the stream's own description of an event has a field (EVENT_FIELD): older kernels' lack some. O(fields). */
static inline bool event_has_field(const struct event *event, int field)
{
        for (size_t i = 0; event->schema && i < event->schema->fields; i++)
                if (event->schema->field[i].known == field)
                        return true;
        return !event->schema;                  /* no stream's: it is made here */
}

struct schema_file {
        uint64_t offset;
        char *path;
};

enum { SCHEMA_CODES_MAX = 1 << 16, SCHEMA_FIELDS_MAX = 1 << 12 };

/* Codes that stand before every event's: time moves, and the tree changes (not in version 1). */
enum { CODE_TIME, CODE_TREE };

struct schema {
        uint64_t version;                       /* of the format: 1 or 2 */
        char *build, *mode;                     /* never NULL */
        uint64_t cpus;
        uint64_t clock_ticks, clock_per_second; /* the header's clock pair; 0 if it has none */
        size_t events, enumerations, files;
        struct schema_enumeration categories;   /* their names in the header's order: what the bits of a set mean */
        size_t fields;                          /* of all events together */
        struct event_schema *event;             /* in the order of the header */
        uint32_t codes;                         /* the first one that no event has */
        uint16_t *event_of_code;                /* the index of the event that has a code; from the first event's code on */
        struct schema_enumeration **enumeration;
        struct schema_file *file;
};

/* Parses a header's text. BAD_INPUT, with an error message, if it is not one this build can read. */
struct error schema_parse(const char *text, size_t length, struct schema **out);
void schema_free(struct schema *schema);

/* The source file of an error_raised event; NULL if the header has none at that offset. */
const char *schema_file(const struct schema *schema, uint64_t offset);

/* This build's value of a field's raw value: the same, but for words and categories that have other numbers there. */
uint64_t schema_known_value(const struct schema_field *field, uint64_t raw);
/* The other way round, for a set of categories: those that the stream does not have are left out. */
uint64_t schema_raw_categories(const struct schema_field *field, uint64_t known);
/* The word for a raw value, NULL if the field is no enumeration or the enumeration has no such word. */
const char *schema_word(const struct schema_field *field, uint64_t raw);
