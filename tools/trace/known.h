/*
 * What this build knows: every event and enumeration of kernel/trace/events.def, as tables. Made from that file
 * alone, so nothing here is to be kept in step by hand.
 */
#pragma once

#include "event.h"

struct known_field {
        const char *type, *name;
};

struct known_event {
        const char *name, *category;
        const char *meaning;                    /* when it is sent, in a sentence */
        size_t fields;
        struct known_field field[EVENT_FIELDS_MAX];
};

/* By enum trace_event. Element 0 is empty. */
extern const struct known_event known_events[EVENT_COUNT];

struct known_category {
        const char *name, *meaning;
};

extern const struct known_category known_categories[];
extern const size_t known_category_count;

struct known_word {
        const char *name, *meaning;
};

struct known_enumeration {
        const char *name;
        size_t words;
        const struct known_word *word;
};

extern const struct known_enumeration known_enumerations[];
extern const size_t known_enumeration_count;

/* EVENT_TIME (0) or NULL for a name this build has never heard of. */
enum trace_event known_event_named(const char *name);
const struct known_enumeration *known_enumeration_named(const char *name);

/* word_of_decision(value) is "too_small" and so on, or "unknown"; one function for each enumeration. */
#define ENUMERATION(name, list) const char *word_of_##name(uint64_t value);
#include "trace/events.def"
