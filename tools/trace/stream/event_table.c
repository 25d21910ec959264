#include "stream/event_table.h"

#include <string.h>

#define FIELD_KNOWN(type, name) { #type, #name }
#define DESCRIBE(name, category, text, ...)                                                                         \
        [EVENT_##name] = { #name, #category, text, sizeof(struct event_layout_##name),                              \
                           { FOR_EACH(FIELD_KNOWN, __VA_ARGS__) } },
const struct event_description event_table[EVENT_COUNT_ALL] = {
#define EVENT(...) DESCRIBE(__VA_ARGS__)
#include "trace/events.def"
#define EVENT(...) DESCRIBE(__VA_ARGS__)
#include "stream/saved_events.def"
};

const struct category_description category_table[] = {
#define CATEGORY(name, meaning) { #name, meaning },
#include "trace/events.def"
#define CATEGORY(name, meaning) { #name, meaning },
#include "stream/saved_events.def"
};
const size_t category_table_size = sizeof category_table / sizeof category_table[0];

#define X(symbol, name, meaning) { #name, meaning },
#define ENUMERATION(name, list) static const struct word_description words_##name[] = { list(X) };
#include "trace/events.def"
#undef X

const struct enumeration_description enumeration_table[] = {
#define ENUMERATION(name, list) { #name, sizeof words_##name / sizeof words_##name[0], words_##name },
#include "trace/events.def"
};
const size_t enumeration_table_size = sizeof enumeration_table / sizeof enumeration_table[0];

enum trace_event event_type_of_name(const char *name)
{
        for (int event = EVENT_TIME + 1; event < EVENT_COUNT_ALL; event++)
                if (strcmp(event_table[event].name, name) == 0)
                        return (enum trace_event)event;
        return EVENT_TIME;
}

const struct enumeration_description *enumeration_of_name(const char *name)
{
        for (size_t i = 0; i < enumeration_table_size; i++)
                if (strcmp(enumeration_table[i].name, name) == 0)
                        return &enumeration_table[i];
        return NULL;
}

#define ENUMERATION(enumeration, list)                                                                              \
        const char *enumeration##_name(uint64_t value)                                                           \
        {                                                                                                           \
                size_t words = sizeof words_##enumeration / sizeof words_##enumeration[0];                          \
                                                                                                                    \
                return value < words ? words_##enumeration[value].name : "unknown";                                 \
        }
#include "trace/events.def"
