#include "base/name_pool.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

struct name {
        struct name *next;
        uint64_t uses;
        uint32_t hash;
        char text[];
};

/* FNV-1a. */
static uint32_t hash_of(const char *text)
{
        uint32_t hash = 2166136261;

        for (; *text; text++)
                hash = (hash ^ (unsigned char)*text) * 16777619;
        return hash;
}

static size_t size_of(const char *text)
{
        return sizeof(struct name) + strlen(text) + 1;
}

/* Twice as many lists. False: there is no memory. */
static bool grow(struct name_pool *pool)
{
        const size_t capacity = pool->capacity ? 2 * pool->capacity : 16;
        struct name **slot = calloc(capacity, sizeof *slot), *next;

        if (!slot)
                return false;
        for (size_t i = 0; i < pool->capacity; i++)
                for (struct name *name = pool->slot[i]; name; name = next) {
                        struct name **first = &slot[name->hash & (capacity - 1)];

                        next = name->next;
                        name->next = *first;
                        *first = name;
                }
        free(pool->slot);
        pool->bytes += (capacity - pool->capacity) * sizeof *slot;
        pool->slot = slot;
        pool->capacity = capacity;
        return true;
}

/* Where the pointer to a name is; if there is none with this text, where one may be put. */
static struct name **link_of(const struct name_pool *pool, const char *text, uint32_t hash)
{
        struct name **link = &pool->slot[hash & (pool->capacity - 1)];

        while (*link && ((*link)->hash != hash || strcmp((*link)->text, text) != 0))
                link = &(*link)->next;
        return link;
}

const char *name_pool_take(struct name_pool *pool, const char *text)
{
        const uint32_t hash = hash_of(text);
        struct name **link, *name;

        if (pool->used >= pool->capacity && !grow(pool))
                return NULL;
        link = link_of(pool, text, hash);
        if (!*link) {
                name = calloc(1, size_of(text));
                if (!name)
                        return NULL;
                name->hash = hash;
                strcpy(name->text, text);
                *link = name;
                pool->used++;
                pool->bytes += size_of(text);
        }
        (*link)->uses++;
        return (*link)->text;
}

const char *name_pool_share(const char *text)
{
        struct name *name = (struct name *)(uintptr_t)(text - offsetof(struct name, text));

        name->uses++;
        return text;
}

void name_pool_drop(struct name_pool *pool, const char *text)
{
        struct name **link = link_of(pool, text, hash_of(text)), *name = *link;

        if (--name->uses)
                return;
        *link = name->next;
        pool->used--;
        pool->bytes -= size_of(text);
        free(name);
}

void name_pool_clear(struct name_pool *pool)
{
        struct name *next;

        for (size_t i = 0; i < pool->capacity; i++)
                for (struct name *name = pool->slot[i]; name; name = next) {
                        next = name->next;
                        free(name);
                }
        free(pool->slot);
        *pool = (struct name_pool){ 0 };
}
