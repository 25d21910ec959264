#include "trace/schema.h"
#include "trace/trace.h"

enum {
        WIRE_id = WIRE_NUMBER,
        WIRE_count = WIRE_NUMBER,
        WIRE_bytes = WIRE_NUMBER,
        WIRE_pages = WIRE_NUMBER,
        WIRE_ticks = WIRE_NUMBER,
        WIRE_protection = WIRE_NUMBER,
        WIRE_address = WIRE_ADDRESS,
        WIRE_text = WIRE_TEXT,
#define ENUMERATION(name, list) WIRE_##name = WIRE_NUMBER,
#include "trace/events.def"
};

#define FIELD_WIRE(type, field) WIRE_##type
const uint8_t *const schema_wire[] = {
        [EVENT_TIME] = (const uint8_t[]){ WIRE_NUMBER, WIRE_END },
#define EVENT(name, category, text, ...)                                                                            \
        [EVENT_##name] = (const uint8_t[]){ FOR_EACH(FIELD_WIRE, __VA_ARGS__), WIRE_END },
#include "trace/events.def"
};

#define WORD(symbol, name, meaning) " " #name
#define FIELD_TEXT(type, field) " " #field ":" #type
const char schema_text[] =
#define CATEGORY(name, text) "category " #name "\n"
#define ENUMERATION(name, list) "enum " #name list(WORD) "\n"
#define EVENT(name, category, text, ...)                                                                            \
        "event " #name " " #category FOR_EACH_JOINED(FIELD_TEXT, __VA_ARGS__) "\n"
#include "trace/events.def"
        ;
