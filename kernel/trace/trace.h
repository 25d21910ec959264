/*
 * What the code that is watched calls: one typed function for each event of events.def, for example
 *
 *      trace_tree_link(tree->id, region->id, parent_id, LEFT);
 *
 * Emitting never allocates and never fails. All of them come down to trace_emit(), which every environment
 * supplies: the kernel writes to its trace line, the host build to memory. Built with TRACE=0 they are empty.
 */
#pragma once

#include "lib/for_each.h"
#include "lib/vocabulary.h"

#ifndef TRACE
#define TRACE 1
#endif

/* Numbered from 1, as in the stream: a 0 there says that time moves. */
enum trace_event {
        EVENT_TIME,
#define EVENT(name, category, text, ...) EVENT_##name,
#include "trace/events.def"
        EVENT_COUNT
};

/* One slot for each field, in order; a text is the pointer to its zero-terminated bytes. */
void trace_emit(enum trace_event event, const uint64_t *fields);

typedef uint64_t trace_type_id, trace_type_tree, trace_type_region, trace_type_count, trace_type_bytes;
typedef uint64_t trace_type_pages, trace_type_ticks, trace_type_address, trace_type_categories;
typedef enum protection trace_type_protection;
typedef const char *trace_type_text;
#define ENUMERATION(name, list) typedef enum name trace_type_##name;
#include "trace/events.def"

#define TRACE_PARAMETER(type, field) [[maybe_unused]] trace_type_##type field
#define TRACE_SLOT(type, field) (uint64_t)(field)
#define EVENT(name, category, text, ...)                                                                            \
        static inline void trace_##name(FOR_EACH(TRACE_PARAMETER, __VA_ARGS__))                                     \
        {                                                                                                           \
                if (TRACE)                                                                                          \
                        trace_emit(EVENT_##name, (uint64_t[]){ FOR_EACH(TRACE_SLOT, __VA_ARGS__) });                \
        }
#include "trace/events.def"

/* Bytes as the stream counts gaps. */
static inline uint64_t trace_pages(uint64_t bytes)
{
        return bytes >> 12;
}
