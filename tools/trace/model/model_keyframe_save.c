/* Parts of a keyframe as events, for a saved model. */
#include "model/model_keyframe.h"

/* A field of an event of a keyframe, by its name. */
#define FIELD(type, name, value) [EVENT_FIELD(type, name)] = (value)

struct error keyframe_save_space(const struct model_space *space, struct model_sink sink)
{
        return PUT(sink, keyframe_space, space->name, FIELD(keyframe_space, space, space->id),
                   FIELD(keyframe_space, tree, space->tree), FIELD(keyframe_space, operation, space->operation),
                   FIELD(keyframe_space, in_progress, space->in_progress));
}

static struct error save_collected_space(const struct keyframe_space *from, struct model_sink sink)
{
        const struct model_space space = {
                .id = from->id, .tree = from->tree, .name = from->name,
                .operation = from->operation, .in_progress = from->in_progress,
        };

        return keyframe_save_space(&space, sink);
}

struct error keyframe_save_tree(const struct model_tree *tree, uint64_t attempt, struct model_sink sink)
{
        return PUT(sink, keyframe_tree, NULL, FIELD(keyframe_tree, tree, tree->id),
                   FIELD(keyframe_tree, operation, tree->operations), FIELD(keyframe_tree, base, tree->range.base),
                   FIELD(keyframe_tree, end, tree->range.end), FIELD(keyframe_tree, regions, tree->regions),
                   FIELD(keyframe_tree, root, tree->root ? tree->root->id : 0),
                   FIELD(keyframe_tree, tail_gap, tree->tail_gap), FIELD(keyframe_tree, attempt, attempt),
                   FIELD(keyframe_tree, promises, tree->promises));
}

struct error keyframe_save_node(const struct model_region *region, const char *name, uint64_t tree, uint64_t parent,
                                enum side side, struct model_sink sink)
{
        return PUT(sink, keyframe_node, name, FIELD(keyframe_node, tree, tree),
                   FIELD(keyframe_node, region, region->id),
                   FIELD(keyframe_node, parent, parent), FIELD(keyframe_node, side, side),
                   FIELD(keyframe_node, colour, region->colour), FIELD(keyframe_node, base, region->range.base),
                   FIELD(keyframe_node, end, region->range.end), FIELD(keyframe_node, protection, region->protection),
                   FIELD(keyframe_node, before, region->before), FIELD(keyframe_node, after, region->after),
                   FIELD(keyframe_node, gap, region->gap), FIELD(keyframe_node, max_left, region->max[LEFT]),
                   FIELD(keyframe_node, max_right, region->max[RIGHT]));
}

/* A tree as it was collected, whose nodes are the next ones from `*next` on. */
static struct error save_collected(const struct keyframe *keyframe, size_t index, size_t *next, struct model_sink sink)
{
        const struct keyframe_tree *from = &keyframe->tree[index];
        struct model_tree tree = {
                .id = from->id, .operations = from->operation, .tail_gap = from->tail_gap, .range = from->range,
                .promises = from->promises,
        };

        TRY(keyframe_save_tree(&tree, keyframe->attempt, sink));
        for (; *next < keyframe->nodes && keyframe->node[*next].tree == index; ++*next) {
                const struct keyframe_node *node = &keyframe->node[*next];

                TRY(keyframe_save_node(&node->region, node->region.name, from->id, node->parent, node->side, sink));
        }
        return SUCCESS;
}

struct error keyframe_save(const struct keyframe *keyframe, uint64_t losses, struct model_sink sink)
{
        size_t next = 0;

        if (!keyframe->open)
                return SUCCESS;
        TRY(PUT(sink, keyframe_begin, NULL, keyframe->spaces));
        for (size_t i = 0; i < keyframe->spaces; i++)
                TRY(save_collected_space(&keyframe->space[i], sink));
        for (size_t i = 0; i < keyframe->trees; i++)
                TRY(save_collected(keyframe, i, &next, sink));
        return PUT(sink, saved_keyframe, NULL, keyframe->shown, keyframe->spaces_before, keyframe->cpu,
                   keyframe->attempts,
                   keyframe->losses != losses);
}
