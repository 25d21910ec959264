/*
 * Tables of every event, category and enumeration in kernel/trace/events.def, and in saved_events.def, which has the
 * events that only host tools write. The preprocessor makes them from these files alone, so they are always up to date.
 * They describe this build; a recording describes itself (schema.h).
 */
#pragma once

#include "stream/event.h"

struct field_description {
        const char *type, *name;
};

struct event_description {
        const char *name, *category;
        const char *meaning;                    /* when it is sent, in a sentence */
        size_t fields;
        struct field_description field[EVENT_FIELDS_MAX];
};

/* By enum trace_event, and enum saved_event after it. Element 0 is empty. */
extern const struct event_description event_table[EVENT_COUNT_ALL];

/* A set of categories has the bit 1 << category for each. */
enum category {
#define CATEGORY(name, meaning) CATEGORY_##name,
#include "trace/events.def"
        CATEGORY_COUNT
};

struct category_description {
        const char *name, *meaning;
};

/* By enum category, and those of saved_events.def after it. */
extern const struct category_description category_table[];
extern const size_t category_table_size;

struct word_description {
        const char *name, *meaning;
};

struct enumeration_description {
        const char *name;
        size_t words;
        const struct word_description *word;
};

extern const struct enumeration_description enumeration_table[];
extern const size_t enumeration_table_size;

/* The entry of this name. If the tables have none: EVENT_TIME (0), or NULL. O(entries). */
enum trace_event event_type_of_name(const char *name);
const struct enumeration_description *enumeration_of_name(const char *name);

/* One function for each enumeration: decision_name(value) is "too_small", ... or "unknown". */
#define ENUMERATION(name, list) const char *name##_name(uint64_t value);
#include "trace/events.def"
