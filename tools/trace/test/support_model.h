/*
 * A model to which a test tells a short story, event by event. Tests run between model_set_up and model_tear_down; no
 * other header with such macros may be included beside this one.
 *
 *      TELL(tree_created, 1, 0x10000, 0x200000);
 *      TELL_TEXT(region_created, "heap", 7);
 *      REFUSED("there is no region 8", tree_link, 1, 8, 0, LEFT);
 */
#pragma once

#include "model/model.h"
#include "support_stream.h"

extern struct model *model;

int model_set_up(void **state);
int model_tear_down(void **state);

/* The next event, of cpu 0; fields that are not told are 0. */
struct error tell_model_event(enum trace_event type, const char *text, const uint64_t *fields, size_t count);

#define FIELDS(...) ((uint64_t[]){ __VA_ARGS__ })
#define TELL_FIELDS(type, text, fields) tell_model_event(EVENT_##type, text, fields, sizeof fields / sizeof(uint64_t))
#define TELL_TEXT(type, text, ...) assert_int_equal(TELL_FIELDS(type, text, FIELDS(__VA_ARGS__)).code, ERROR_OK)
#define TELL(type, ...) TELL_TEXT(type, NULL, __VA_ARGS__)
#define REFUSED(words, type, ...)                                                                       \
        do {                                                                                            \
                struct error refusal_ = TELL_FIELDS(type, NULL, FIELDS(__VA_ARGS__));                   \
                assert_int_equal(refusal_.code, ERROR_BAD_INPUT);                                       \
                if (!strstr(model_error_message(model), words))                                         \
                        fail_msg("expected \"%s\" in: %s", words, model_error_message(model));          \
        } while (0)

/* Tree 1 with regions, each of one page at (id * 16) pages, made known but not linked. */
void tell_tree(uint64_t regions);

/* "2r(1b(,),3b(,))" is node 2, red, with black children 1 and 3. */
void assert_shape(const char *expected);
