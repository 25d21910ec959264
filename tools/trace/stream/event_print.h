/*
 * An event as one line: for people, or as JSON for programs. Both work for events that this build does not know. The
 * line is put at the end of a buffer; the caller writes it where it belongs.
 */
#pragma once

#include "base/buffer.h"
#include "stream/reader.h"

#include <stdio.h>

/* "   1,204      12.345 ms  tree_link          tree=2 region=12 parent=7 side=left" */
void event_print(struct buffer *out, const struct schema *schema, const struct event *event);

/*
 * {"event":1204,"cpu":0,"ticks":99,"type":"tree_link","category":"tree","fields":{"tree":2,...}}
 * Addresses are strings in hexadecimal, since the numbers of many programs have fewer than 64 bits; words and texts are
 * strings; all else are numbers. "missing" comes before "type" if events before this one never arrived.
 */
void event_print_json(struct buffer *out, const struct event *event);

/* A JSON string, with its quotes. */
void json_print_string(FILE *out, const char *text);
