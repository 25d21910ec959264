/*
 * Names that are told once and numbered from then on ("interned"): what slices, annotations and categories are
 * called.
 *
 * There are few of them in a run. A stream that has more than fit here gets number 0 for the rest, which are then
 * written out each time: so memory is bounded whatever the stream holds.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

/* The sorts of names; each is the number of its field in Perfetto's InternedData. */
enum name_kind { NAME_OF_CATEGORY = 1, NAME_OF_EVENT = 2, NAME_OF_ANNOTATION = 3 };

enum { NAMES_MAX = 4096 };

struct name {
        char *text;
        enum name_kind kind;
        uint32_t number;
};

struct names {
        uint32_t used;
        struct name slot[2 * NAMES_MAX];
};

/* The number of a name, from 1; `*is_new` says whether it has just got it. 0 if no more fit. O(length). */
uint32_t names_number(struct names *names, enum name_kind kind, const char *text, bool *is_new);

/* None has a number any more. */
void names_clear(struct names *names);
