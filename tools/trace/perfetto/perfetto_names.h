/*
 * Names that are told once and numbered from then on ("interned"): what slices, annotations and categories are
 * called.
 *
 * There are few of them in a run. A stream that has more than fit here gets number 0 for the rest, which are then
 * written out each time: so memory is bounded whatever the stream holds.
 *
 * Most names are constants of the program. These are found by their address, which takes a fifth of the time.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

/* The sorts of names; each is the number of its field in Perfetto's InternedData. */
enum name_kind { NAME_OF_CATEGORY = 1, NAME_OF_EVENT = 2, NAME_OF_ANNOTATION = 3 };

enum { NAMES_MAX = 4096, CONSTANT_NAMES = 512 };

struct name {
        char *text;
        enum name_kind kind;
        uint32_t number, hash;
};

/* Where a constant with the same place in this table was found last. */
struct constant_name {
        const char *text;
        enum name_kind kind;
        uint32_t number;
};

struct names {
        uint32_t used;
        struct name slot[2 * NAMES_MAX];
        struct constant_name constant[CONSTANT_NAMES];
};

/* The number of a name, from 1; `*is_new` says whether it has just got it. 0 if no more fit. O(length). */
uint32_t names_number(struct names *names, enum name_kind kind, const char *text, bool *is_new);

static inline struct constant_name *names_constant(struct names *names, enum name_kind kind, const char *text)
{
        const uint64_t mixed = ((uintptr_t)text ^ kind) * UINT64_C(0x9e3779b97f4a7c15);

        return &names->constant[(mixed >> 32) % CONSTANT_NAMES];
}

/* Likewise of a text that stays where it is and does not change. */
uint32_t names_number_of_constant(struct names *names, enum name_kind kind, const char *text, bool *is_new);

static inline struct constant_name *names_constant_slot(struct names *names, enum name_kind kind, const char *text)
{
        const uint64_t mixed = ((uintptr_t)text ^ kind) * UINT64_C(0x9e3779b97f4a7c15);

        return &names->constant[(mixed >> 32) % CONSTANT_NAMES];
}

/* The number of a constant that has one and was not displaced; 0 if names_number_of_constant() must look. O(1). */
static inline uint32_t names_known_constant(struct names *names, enum name_kind kind, const char *text)
{
        const struct constant_name *constant = names_constant_slot(names, kind, text);

        return constant->text == text && constant->kind == kind ? constant->number : 0;
}

/* None has a number any more. */
void names_clear(struct names *names);
