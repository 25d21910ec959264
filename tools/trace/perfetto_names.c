#include "perfetto_names.h"

#include <stdlib.h>
#include <string.h>

/* FNV-1a. */
static uint64_t hash(enum name_kind kind, const char *text)
{
        uint64_t value = UINT64_C(0xcbf29ce484222325) + kind;

        for (; *text; text++)
                value = (value ^ (unsigned char)*text) * UINT64_C(0x100000001b3);
        return value ^ value >> 32;
}

/* Where the name is, or the free slot where it would go: at most half of them are ever taken. */
static struct name *slot_of(struct names *names, enum name_kind kind, const char *text)
{
        size_t i = hash(kind, text) % (2 * NAMES_MAX);

        while (names->slot[i].text && (names->slot[i].kind != kind || strcmp(names->slot[i].text, text) != 0))
                i = (i + 1) % (2 * NAMES_MAX);
        return &names->slot[i];
}

uint32_t names_number(struct names *names, enum name_kind kind, const char *text, bool *is_new)
{
        struct name *name = slot_of(names, kind, text);

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
        return name->number = ++names->used;
}

void names_clear(struct names *names)
{
        for (size_t i = 0; i < 2 * NAMES_MAX; i++)
                free(names->slot[i].text);
        *names = (struct names){ 0 };
}
