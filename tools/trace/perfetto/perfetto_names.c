#include "perfetto/perfetto_names.h"

#include <stdlib.h>
#include <string.h>

/* FNV-1a. */
static uint32_t hash_of(enum name_kind kind, const char *text)
{
        uint64_t value = UINT64_C(0xcbf29ce484222325) + kind;

        for (; *text; text++)
                value = (value ^ (unsigned char)*text) * UINT64_C(0x100000001b3);
        return (uint32_t)(value ^ value >> 32);
}

static bool is_it(const struct name *name, uint32_t hash, enum name_kind kind, const char *text)
{
        return name->hash == hash && name->kind == kind && strcmp(name->text, text) == 0;
}

/* Where the name is, or the free slot where it would go: at most half of them are ever taken. */
static struct name *slot_of(struct names *names, uint32_t hash, enum name_kind kind, const char *text)
{
        size_t i = hash % (2 * NAMES_MAX);

        while (names->slot[i].text && !is_it(&names->slot[i], hash, kind, text))
                i = (i + 1) % (2 * NAMES_MAX);
        return &names->slot[i];
}

uint32_t names_number(struct names *names, enum name_kind kind, const char *text, bool *is_new)
{
        uint32_t hash = hash_of(kind, text);
        struct name *name = slot_of(names, hash, kind, text);

        *is_new = false;
        if (name->text)
                return name->number;
        if (names->used == NAMES_MAX)
                return 0;
        name->text = strdup(text);
        if (!name->text)
                return 0;
        *is_new = true;
        name->kind = kind;
        name->hash = hash;
        return name->number = ++names->used;
}

uint32_t names_number_of_constant(struct names *names, enum name_kind kind, const char *text, bool *is_new)
{
        const uint32_t number = names_number(names, kind, text, is_new);

        *names_constant_slot(names, kind, text) = (struct constant_name){ text, kind, number };
        return number;
}

void names_clear(struct names *names)
{
        for (size_t i = 0; i < 2 * NAMES_MAX; i++)
                free(names->slot[i].text);
        *names = (struct names){ 0 };
}
