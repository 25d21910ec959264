/*
 * One event, decoded: what the reader yields and every consumer takes.
 *
 * Events are known by name. `type` is the number this build's events.def gives the event, whatever number it had
 * in the stream, and `field` holds its fields in the order of this build's events.def (a field the stream lacks
 * is 0). An event that this build does not know has type EVENT_TIME (0); only `schema` and `raw` describe it.
 */
#pragma once

#include "trace/trace.h"        /* kernel/trace/trace.h: enum trace_event and the vocabulary */

#include <stdbool.h>
#include <stddef.h>

enum { EVENT_FIELDS_MAX = 16 };

/* The events that only host tools write (saved_events.def) are numbered from EVENT_COUNT on. */
enum saved_event {
        EVENT_SAVED_BEFORE = EVENT_COUNT - 1,
#define EVENT(name, category, text, ...) EVENT_##name,
#include "stream/saved_events.def"
        EVENT_COUNT_ALL
};

struct event {
        enum trace_event type;
        unsigned cpu;
        uint64_t number;                        /* among the events of all cpus, from 1; missing ones are counted in */
        uint64_t cpu_number;                    /* numbered from 1 on its cpu, without a gap */
        uint64_t missing;                       /* how many events just before it on its cpu never arrived */
        bool gap_elsewhere;                     /* another cpu's events are missing about now; its next event says how many */
        uint64_t ticks;
        uint64_t field[EVENT_FIELDS_MAX];       /* numbers; for a text, its length */
        const char *text;                       /* the event's text, zero-terminated, or NULL; lives until the next event */
        const struct event_schema *schema;      /* as the stream's header describes it */
        uint64_t raw[EVENT_FIELDS_MAX];         /* fields in the stream's own order */
        size_t frame;                           /* where it came from, for messages: frame number from 0, ... */
        size_t offset;                          /* ... and the offset of that frame's first byte in the stream */
};

/*
 * Names for fields: EVENT_FIELD(tree_link, parent) is the index of `parent` in field[] of a tree_link event, so
 *
 *      uint64_t parent = event->field[EVENT_FIELD(tree_link, parent)];
 *
 * and a name that events.def does not have is a compile error.
 */
#define EVENT_LAYOUT_NAME_(type, name) name
#define EVENT(event, category, text, ...)                                                                           \
        struct event_layout_##event {                                                                               \
                char FOR_EACH(EVENT_LAYOUT_NAME_, __VA_ARGS__);                                                     \
        };
#include "trace/events.def"
#define EVENT(event, category, text, ...)                                                                           \
        struct event_layout_##event {                                                                               \
                char FOR_EACH(EVENT_LAYOUT_NAME_, __VA_ARGS__);                                                     \
        };
#include "stream/saved_events.def"
#undef EVENT_LAYOUT_NAME_
#define EVENT_FIELD(event, name) offsetof(struct event_layout_##event, name)
