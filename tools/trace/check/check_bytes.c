/* How much memory a check takes, so that a hostile stream cannot make it take all. */
#include "check/check_changes.h"
#include "check/check_internal.h"

enum { FRAME_BYTES = 64, SPACE_BYTES = 160 };   /* the record of a frame, of a space, and what malloc() needs for it */

static size_t map_bytes(const struct id_map *map)
{
        return map->capacity * sizeof *map->slot;
}

static size_t protections_bytes(const struct protections *protections)
{
        return protections->room * sizeof *protections->at;
}

size_t check_memory_taken(const struct check *check)
{
        return model_memory(check->model) + sizeof *check + FINDINGS_MAX * sizeof *check->finding +
               map_bytes(&check->frames) + check->frames.used * FRAME_BYTES + map_bytes(&check->blocks) +
               map_bytes(&check->checked_trees) + check->checked_trees.used * (sizeof(struct checked_tree) + 16) +
               map_bytes(&check->spaces) + check->spaces.used * SPACE_BYTES + check->array_bytes + check->keyframe.trees * sizeof *check->keyframe.shown +
               protections_bytes(&check->after) + protections_bytes(&check->expected) +
               protections_bytes(&check->scratch);
}

static void count(struct check *check, size_t *counted, size_t bytes)
{
        check->array_bytes += bytes - *counted;
        *counted = bytes;
}

void check_count_tree(struct check *check, struct checked_tree *checked)
{
        const struct reference *reference = &checked->reference;

        count(check, &checked->counted, (reference->spare + reference->room) * sizeof *reference->region +
                                        checked->touched.room * sizeof *checked->touched.region);
}

void check_count_space(struct check *check, size_t *counted, const struct changes *changes)
{
        count(check, counted, protections_bytes(&changes->touched) + protections_bytes(&changes->before) +
                              protections_bytes(&changes->scratch));
}
