/*
 * Streams for tests: made by the kernel's own encoder and region tree, taken apart into events, changed, and put
 * together again with right numbers and checksums.
 *
 *      struct recorded recorded = { 0 };
 *      struct bytes bytes = { 0 };
 *
 *      stream_record(&bytes, fill_a_tree);             the region tree's own events
 *      stream_take_apart(&recorded, &bytes);
 *      recorded_drop(&recorded, recorded_nth(&recorded, EVENT_tree_colour, 7));
 *      stream_put_together(&bytes, &recorded);
 */
#pragma once

#include "mm/keyframe.h"
#include "mm/kmalloc.h"
#include "mm/region_tree.h"
#include "stream/reader.h"
#include "trace/stream.h"

#include <stdarg.h>
#include <stdlib.h>
#include <setjmp.h>
#include <string.h>
#include <cmocka.h>

struct bytes {
        uint8_t *at;
        size_t length, room;
};

void bytes_add(struct bytes *bytes, const void *from, size_t length);
void bytes_free(struct bytes *bytes);

/* An event by itself: what the reader yields, without where it was. */
struct recorded_event {
        enum trace_event type;
        unsigned cpu;
        uint64_t field[EVENT_FIELDS_MAX];
        char text[STREAM_TEXT_MAX + 1];
};

struct recorded {
        struct recorded_event *event;
        size_t count, room;
        bool total_is_altered;                  /* of the end event: it is not made right again */
};

enum { PLAY_CPUS = 4 };

/* From now on events are emitted by this cpu; a recording begins on cpu 0. */
void play_on(unsigned cpu);

/* Runs `body` with tracing on, between the header and a last keyframe and end. */
void stream_record(struct bytes *out, void (*body)(void));

void stream_take_apart(struct recorded *out, const struct bytes *bytes);
/* The total of an end event is made right again, unless it is 0. */
void stream_put_together(struct bytes *out, const struct recorded *recorded);
void recorded_free(struct recorded *recorded);

/* The position of the n-th event of a type, both from 0; fails the test if there is none. */
size_t recorded_nth(const struct recorded *recorded, enum trace_event type, size_t n);
/* The position of the next event of a type at or after a position. */
size_t recorded_next(const struct recorded *recorded, enum trace_event type, size_t from);
void recorded_drop(struct recorded *recorded, size_t position);
void recorded_insert(struct recorded *recorded, size_t position, const struct recorded_event *event);

/* Opens a stream in memory; fails the test if that fails. */
struct reader *stream_open(const struct bytes *bytes);
/* The i-th notice, from 0, is there and says `words`. */
void assert_notice(const struct reader *reader, size_t i, const char *words);

/* Encodes a header's text, or the events of one frame, by hand: for streams that no kernel would send. */
void stream_add_header(struct bytes *out, const char *text);
void stream_add_frame(struct bytes *out, const void *body, size_t length);

/* A tree to play with, while recording: 1 MiB from 0x10000 on, in a watched space. */
struct region_tree *play_tree(void);
uint64_t play_space(void);                      /* its id */
/* The newest operation on the space, and the one that causes what the tree does from now on; 0: none. */
void play_operation(uint64_t newest, uint64_t cause);
struct region *play_place(uint64_t pages);
struct region *play_place_at(uintptr_t base, uint64_t pages);
struct region *play_place_guarded(uintptr_t base, uint64_t pages, uint64_t guard_pages);
void play_remove(struct region *region);
/* What others do to the tree while the kernel has given its lock back; NULL: nothing. */
extern void (*play_meanwhile)(void);
