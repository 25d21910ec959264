/*
 * An early kernel of the labs, whose story a test tells event by event to a check: space 1 has tree 1, of 0x10000 to
 * 0x20000, which keeps no gaps, and allocator 5 beside it, which has all of that free. Tests run between early_set_up
 * and early_tear_down; no other header with such macros may be included beside this one.
 */
#pragma once

#include "check/check.h"
#include "support_stream.h"

enum { TREE = 1, SPACE = 1, ALLOCATOR = 5 };

extern struct check *check;

int early_set_up(void **state);
int early_tear_down(void **state);

/* The next event, of cpu 0; fields that are not told are 0. */
void tell_early_event(enum trace_event type, const char *text, const uint64_t *fields, size_t count);

#define FIELDS(...) ((uint64_t[]){ __VA_ARGS__ })
#define TELL_TEXT(type, text, ...) \
        tell_early_event(EVENT_##type, text, FIELDS(__VA_ARGS__), sizeof FIELDS(__VA_ARGS__) / 8)
#define TELL(type, ...) TELL_TEXT(type, NULL, __VA_ARGS__)

void tell_early_begin(void);
void tell_early_end(uint64_t base);
/* Region 7, two pages at `base`, is placed as the root. */
void tell_early_placed(uint64_t base);

/* There is one finding, at the newest event, and it says `words`; or none. */
void assert_finding(const char *words);
void assert_no_finding(void);
