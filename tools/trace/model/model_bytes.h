/* Numbers as bytes, for saved models: varints, as in the stream. Only model_bytes.c and model_nodes.h include this. */
#pragma once

#include "model/model_internal.h"

enum { VARINT_MAX = 10 };

/* Bytes that grow. `at` belongs to the owner of the structure. */
struct bytes {
        uint8_t *at;
        size_t length, room;
};

/* So that so many more can be added. NO_MEMORY. */
struct error bytes_make_room(struct bytes *bytes, size_t more);

/* The caller has made room. */
static inline void bytes_add_number(struct bytes *bytes, uint64_t number)
{
        for (; number >= 0x80; number >>= 7)
                bytes->at[bytes->length++] = (uint8_t)(number | 0x80);
        bytes->at[bytes->length++] = (uint8_t)number;
}

/* Bytes that are read; those from `at` on are left. */
struct taking {
        const uint8_t *at, *end;
};

static inline bool bytes_take_number(struct taking *from, uint64_t *out)
{
        *out = 0;
        for (unsigned shift = 0; shift < 64 && from->at < from->end; shift += 7) {
                uint8_t byte = *from->at++;

                *out |= (uint64_t)(byte & 0x7f) << shift;
                if (byte < 0x80)
                        return true;
        }
        return false;
}

/* Regions and the nodes of trees (model_nodes.h), without what can be computed from the rest: 13 bytes for a region. */
struct error model_put_nodes_as_bytes(struct bytes *bytes, const struct model *model);
/* Into a model that has the trees, and no regions. BAD_INPUT if they are not as they were put. */
struct error model_take_nodes(struct model *model, struct taking *from);
