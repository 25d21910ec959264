#include "known.h"

#include <string.h>

#define FIELD_KNOWN(type, name) { #type, #name }
const struct known_event known_events[EVENT_COUNT] = {
#define EVENT(name, category, text, ...)                                                                            \
        [EVENT_##name] = { #name, #category, text, sizeof(struct event_layout_##name),                              \
                           { FOR_EACH(FIELD_KNOWN, __VA_ARGS__) } },
#include "trace/events.def"
};

const struct known_category known_categories[] = {
#define CATEGORY(name, meaning) { #name, meaning },
#include "trace/events.def"
};
const size_t known_category_count = sizeof known_categories / sizeof known_categories[0];

#define X(symbol, name, meaning) { #name, meaning },
#define ENUMERATION(name, list) static const struct known_word words_##name[] = { list(X) };
#include "trace/events.def"
#undef X

const struct known_enumeration known_enumerations[] = {
#define ENUMERATION(name, list) { #name, sizeof words_##name / sizeof words_##name[0], words_##name },
#include "trace/events.def"
};
const size_t known_enumeration_count = sizeof known_enumerations / sizeof known_enumerations[0];

enum trace_event known_event_named(const char *name)
{
        for (int event = EVENT_TIME + 1; event < EVENT_COUNT; event++)
                if (strcmp(known_events[event].name, name) == 0)
                        return (enum trace_event)event;
        return EVENT_TIME;
}

const struct known_enumeration *known_enumeration_named(const char *name)
{
        for (size_t i = 0; i < known_enumeration_count; i++)
                if (strcmp(known_enumerations[i].name, name) == 0)
                        return &known_enumerations[i];
        return NULL;
}

#define ENUMERATION(enumeration, list)                                                                              \
        const char *word_of_##enumeration(uint64_t value)                                                           \
        {                                                                                                           \
                size_t words = sizeof words_##enumeration / sizeof words_##enumeration[0];                          \
                                                                                                                    \
                return value < words ? words_##enumeration[value].name : "unknown";                                 \
        }
#include "trace/events.def"
