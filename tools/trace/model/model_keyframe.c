#include "model/model_keyframe.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

enum { LAST_ATTEMPT = 3 };                      /* to show a tree: with its lock held throughout */

/* Forgets the trees that were collected, but not the spaces. */
static void forget_trees(struct keyframe *keyframe)
{
        free(keyframe->tree);
        free(keyframe->node);
        name_pool_clear(&keyframe->names);
        dense_map_clear(&keyframe->index);
        keyframe->tree = NULL;
        keyframe->node = NULL;
        keyframe->trees = keyframe->nodes = 0;
}

void keyframe_forget_all(struct keyframe *keyframe)
{
        forget_trees(keyframe);
        for (size_t i = 0; i < keyframe->spaces; i++)
                free(keyframe->space[i].name);
        free(keyframe->space);
        *keyframe = (struct keyframe){ 0 };
}

/* --- collecting ------------------------------------------------------------------------------------------- */

static struct error collect_space(struct model *model, const struct event *event)
{
        struct keyframe *keyframe = &model->keyframe;
        struct keyframe_space *grown = model_grow(keyframe->space, keyframe->spaces, sizeof *grown);
        char *name;

        if (!grown)
                return fail_no_memory();
        keyframe->space = grown;
        keyframe->attempts = 0;
        if (!VALUE(event, keyframe_space, space))
                return REJECT(model, "the keyframe shows a space with number 0, which means none");
        name = strdup(event->text ? event->text : "");
        if (!name)
                return fail_no_memory();
        grown[keyframe->spaces++] = (struct keyframe_space){
                .id = VALUE(event, keyframe_space, space),
                .tree = VALUE(event, keyframe_space, tree),
                .operation = VALUE(event, keyframe_space, operation),
                .in_progress = VALUE(event, keyframe_space, in_progress) != 0,
                .name = name,
        };
        return SUCCESS;
}

/*
 * A tree that is shown in an attempt ends with keyframe_tree_end: what is there of one before has been given up.
 * Without attempts, as in version 1 of the format, all trees are taken over at the end of the keyframe.
 */
static struct error collect_tree(struct model *model, const struct event *event)
{
        struct keyframe *keyframe = &model->keyframe;
        struct keyframe_tree *grown;
        uint64_t id = VALUE(event, keyframe_tree, tree);

        keyframe->attempt = VALUE(event, keyframe_tree, attempt);
        keyframe->attempts++;
        keyframe->in_attempt = keyframe->attempt > 0;
        if (keyframe->in_attempt)
                forget_trees(keyframe);
        grown = model_grow(keyframe->tree, keyframe->trees, sizeof *grown);
        if (!grown)
                return fail_no_memory();
        keyframe->tree = grown;
        if (!id)
                return REJECT(model, "the keyframe shows a tree with number 0, which means none");
        for (size_t i = 0; i < keyframe->trees; i++)
                if (grown[i].id == id)
                        return REJECT(model, "the keyframe shows tree %" PRIu64 " twice", id);
        grown[keyframe->trees++] = (struct keyframe_tree){
                .id = id,
                .operation = VALUE(event, keyframe_tree, operation),
                .tail_gap = VALUE(event, keyframe_tree, tail_gap),
                .promises = (enum promise)VALUE(event, keyframe_tree, promises),
                .range = { VALUE(event, keyframe_tree, base), VALUE(event, keyframe_tree, end) },
        };
        return SUCCESS;
}

static struct keyframe_node *node_named(struct keyframe *keyframe, uint64_t id)
{
        struct keyframe_node *after = dense_map_get(&keyframe->index, id);

        /* The index keeps positions, since the array moves as it grows. */
        return after ? &keyframe->node[(uintptr_t)after - 1] : NULL;
}

static struct error need_place(struct model *model, const struct event *event, bool **taken)
{
        struct keyframe *keyframe = &model->keyframe;
        uint64_t id = VALUE(event, keyframe_node, region), parent_id = VALUE(event, keyframe_node, parent);
        uint64_t side = VALUE(event, keyframe_node, side);
        struct keyframe_tree *tree = keyframe->trees ? &keyframe->tree[keyframe->trees - 1] : NULL;
        struct keyframe_node *parent = node_named(keyframe, parent_id);

        if (!tree || tree->id != VALUE(event, keyframe_node, tree))
                return REJECT(model, "the keyframe shows region %" PRIu64 " outside its tree", id);
        if (!id || node_named(keyframe, id))
                return REJECT(model, "the keyframe shows region %" PRIu64 " twice", id);
        if (side > RIGHT || VALUE(event, keyframe_node, colour) > RED)
                return REJECT(model, "the keyframe shows region %" PRIu64 " with no proper side or colour", id);
        if (parent_id && (!parent || parent->tree != keyframe->trees - 1))
                return REJECT(model, "the keyframe shows region %" PRIu64 " before its parent %" PRIu64, id, parent_id);
        *taken = parent_id ? &parent->has_child[side] : &tree->has_root;
        if (**taken)
                return REJECT(model, "the keyframe shows two regions in the place of region %" PRIu64, id);
        return SUCCESS;
}

static struct error collect_node(struct model *model, const struct event *event)
{
        struct keyframe *keyframe = &model->keyframe;
        struct keyframe_node *grown = model_grow(keyframe->node, keyframe->nodes, sizeof *grown);
        const char *name;
        bool *taken;

        if (!grown)
                return fail_no_memory();
        keyframe->node = grown;
        TRY(need_place(model, event, &taken));
        name = name_pool_take(&keyframe->names, event->text ? event->text : "");
        if (!name)
                return fail_no_memory();
        TRY(dense_map_put(&keyframe->index, VALUE(event, keyframe_node, region), (void *)(uintptr_t)(keyframe->nodes + 1)));
        *taken = true;
        grown[keyframe->nodes++] = (struct keyframe_node){
                .tree = keyframe->trees - 1,
                .parent = VALUE(event, keyframe_node, parent),
                .side = (enum side)VALUE(event, keyframe_node, side),
                .region = {
                        .id = VALUE(event, keyframe_node, region),
                        .name = name,
                        .range = { VALUE(event, keyframe_node, base), VALUE(event, keyframe_node, end) },
                        .before = VALUE(event, keyframe_node, before),
                        .after = VALUE(event, keyframe_node, after),
                        .protection = (enum protection)VALUE(event, keyframe_node, protection),
                        .colour = (enum colour)VALUE(event, keyframe_node, colour),
                        .gap = VALUE(event, keyframe_node, gap),
                        .max = { VALUE(event, keyframe_node, max_left), VALUE(event, keyframe_node, max_right) },
                },
        };
        return SUCCESS;
}

/* --- events ----------------------------------------------------------------------------------------------- */

/* What a keyframe shows is stale at once if the events that change it are not sent. */
static bool is_stale_at_once(const struct model *model)
{
        return model->unsent & NEEDED_CATEGORIES;
}

static struct error apply_keyframe_end(struct model *model, const struct event *event)
{
        struct error error;

        if (model->keyframe.in_attempt)
                forget_trees(&model->keyframe);
        if (VALUE(event, keyframe_end, nodes) != model->keyframe.shown + model->keyframe.nodes)
                error = REJECT(model, "the keyframe says it has %" PRIu64 " nodes, but shows %" PRIu64,
                               VALUE(event, keyframe_end, nodes), model->keyframe.shown + model->keyframe.nodes);
        else
                error = is_stale_at_once(model) ? SUCCESS : keyframe_take_over_all(model, &model->keyframe);
        keyframe_forget_all(&model->keyframe);
        return error;
}

/*
 * Whether it is known what is in progress on the space of a tree that was shown, or will be with the tree. If an
 * attempt that holds the lock throughout comes after others, and events are missing, an operation may have begun
 * unseen.
 */
static bool is_operation_known(const struct model *model, const struct keyframe *keyframe)
{
        const struct model_space *space = keyframe->spaces ? model_space(model, keyframe->space[keyframe->spaces - 1].id) : NULL;

        return keyframe_is_exact(keyframe) || keyframe->attempt < LAST_ATTEMPT || (space && model_space_is_known(model, space));
}

/* Takes over one tree; all else goes on as it is. */
static struct error apply_tree_end(struct model *model, const struct event *event)
{
        struct keyframe *keyframe = &model->keyframe;
        uint64_t id = VALUE(event, keyframe_tree_end, tree);

        if (keyframe->trees != 1 || keyframe->tree[0].id != id)
                return REJECT(model, "the keyframe has shown no tree %" PRIu64 " that could end here", id);
        if (VALUE(event, keyframe_tree_end, nodes) != keyframe->nodes)
                return REJECT(model, "the keyframe says that tree %" PRIu64 " has %" PRIu64 " nodes, but shows %zu", id,
                              VALUE(event, keyframe_tree_end, nodes), keyframe->nodes);
        keyframe->tree[0].operation = VALUE(event, keyframe_tree_end, operation);
        if (!is_stale_at_once(model) && is_operation_known(model, keyframe)) {
                TRY(keyframe_take_over_trees(model, keyframe));
                keyframe_take_over_spaces(model, keyframe);
        }
        keyframe->shown += keyframe->nodes;
        forget_trees(keyframe);
        return SUCCESS;
}

static struct error collect(struct model *model, const struct event *event)
{
        switch (event->type) {
        case EVENT_keyframe_task ... EVENT_keyframe_cpu:
                return model_apply_shown_task(model, event);
        case EVENT_keyframe_space:
                return collect_space(model, event);
        case EVENT_keyframe_tree:
                return collect_tree(model, event);
        case EVENT_keyframe_node:
                return collect_node(model, event);
        case EVENT_keyframe_tree_end:
                return apply_tree_end(model, event);
        default:
                return apply_keyframe_end(model, event);
        }
}

/* If one part of a keyframe is inconsistent, the whole keyframe is refused, with the events that follow of it. */
struct error model_apply_keyframe_event(struct model *model, const struct event *event)
{
        struct error error;

        if (event->type == EVENT_keyframe_begin) {
                keyframe_forget_all(&model->keyframe);
                model->keyframe.open = true;
                model->keyframe.cpu = event->cpu;
                model->keyframe.losses = model->losses;
                model->keyframe.spaces_before = model->space_count;
                return SUCCESS;
        }
        if (!model->keyframe.open)
                return REJECT(model, "this belongs to a keyframe, but none has begun or it was refused");
        error = collect(model, event);
        if (error.code)
                keyframe_forget_all(&model->keyframe);
        return error;
}
