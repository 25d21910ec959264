/*
 * An event as a short sentence for a person who watches: "visits 1c000 heap: goes right", "links 2e000 below 33000, left".
 * Regions are named by what the model has of them, so it should be near that event.
 */
#pragma once

#include "draw/units.h"
#include "model/model.h"
#include "moment/shown_operation.h"
#include "stream/schema.h"

#include <stddef.h>

/* An event that has no words of its own is its name and its fields: "kmalloc_allocated block=0x40 size=208". */
void event_words(char *out, size_t size, const struct event *event, const struct model *model,
                 const struct schema *schema);

/* "1c000 heap", "heap" while it is in no tree, "region 12" if the model has none of this id. */
void region_words(char *out, size_t size, const struct model *model, uint64_t id);

/* What was decided at a node, in a few words: "goes left", "gap too small". */
const char *decision_words(uint64_t decision);

/* Whether it is an event of a tree, or of a list: its first field is the tree or the list. */
bool event_is_of_tree(const struct event *event);
/* The tree that an event is about, 0 if none: an event of a tree, of its space, or of a region in it. */
uint64_t event_tree(const struct event *event, const struct model *model);

/*
 * What was decided in one visit to a node, which may be several decisions: "gap 0 < 3, goes right". `i` is the first of
 * them; yields the index behind the last.
 */
size_t visit_words(char *out, size_t size, const struct model *model, const struct shown_operation *shown, size_t i,
                   enum units units);
