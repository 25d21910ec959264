/*
 * Texts that many objects share, each kept once: 200,000 regions may have a hundred names. Uses are counted: for each
 * name_pool_take() and name_pool_share() there is one name_pool_drop(), and the last one frees the text.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

struct name;

/* All zero: none. */
struct name_pool {
        struct name **slot;                     /* lists of names with the same hash, modulo `capacity` */
        size_t used, capacity;                  /* capacity: 0 or a power of two */
        size_t bytes;                           /* that all of it takes */
};

/* The text, one use more of it; NULL: there is no memory. Equal texts yield the same pointer. O(length) on average. */
const char *name_pool_take(struct name_pool *pool, const char *text);

/* One use more of what name_pool_take() has yielded. O(1). */
const char *name_pool_share(const char *text);

/* One use less. O(length) on average. */
void name_pool_drop(struct name_pool *pool, const char *text);

/* Frees all texts, used or not. */
void name_pool_clear(struct name_pool *pool);
