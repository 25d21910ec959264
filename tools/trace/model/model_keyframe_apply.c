/*
 * What a keyframe has shown is taken over into the model: every object of it first, then its trees, node by node, and
 * the spaces with what is in progress on them.
 */
#include "model/model_keyframe.h"

/* The space that has a tree, by the keyframe; 0 if none has. */
static uint64_t space_of_tree(const struct keyframe *keyframe, uint64_t tree)
{
        for (size_t i = 0; i < keyframe->spaces; i++)
                if (keyframe->space[i].tree == tree)
                        return keyframe->space[i].id;
        return 0;
}

/*
 * The first space that is taken over now: all are at the end of the keyframe, or the newest one when its tree ends.
 * Those before it may have been destroyed since they were shown.
 */
static size_t first_space(const struct keyframe *keyframe)
{
        return keyframe->in_attempt && keyframe->spaces ? keyframe->spaces - 1 : 0;
}

/* Creates every object of the keyframe first, so that nothing can fail afterwards. */
static struct error make_all(struct model *model, struct keyframe *keyframe)
{
        struct model_space *space;
        struct model_tree *tree;
        struct model_region *region;

        for (size_t i = 0; i < keyframe->trees; i++)
                if (!model_tree(model, keyframe->tree[i].id)) {
                        TRY(model_add_tree(model, keyframe->tree[i].id, &tree));
                        tree->space = space_of_tree(keyframe, tree->id);
                        tree->promises = keyframe->tree[i].promises;
                        model_note_tree(model, tree);
                }
        for (size_t i = 0; i < keyframe->nodes; i++)
                if (!model_region(model, keyframe->node[i].region.id))
                        TRY(model_add_region(model, keyframe->node[i].region.id, keyframe->node[i].region.name, &region));
        for (size_t i = first_space(keyframe); i < keyframe->spaces; i++)
                if (!model_space(model, keyframe->space[i].id))
                        TRY(model_add_space(model, keyframe->space[i].id, keyframe->space[i].name, &space));
        return SUCCESS;
}

static void take_over_tree(struct model *model, const struct keyframe_tree *from)
{
        struct model_tree *tree = model_tree(model, from->id);

        model_empty_tree(tree);
        if (tree->unknown)
                tree->operation = (struct model_operation){ 0 };
        tree->unknown = tree->gone = false;
        tree->losses = model->losses;
        tree->range = from->range;
        tree->tail_gap = from->tail_gap;
        tree->operations = from->operation;
}

static void take_over_node(struct model *model, const struct keyframe *keyframe, const struct keyframe_node *from)
{
        struct model_tree *tree = model_tree(model, keyframe->tree[from->tree].id);
        struct model_region *region = model_region(model, from->region.id), *parent = model_region(model, from->parent);
        uint64_t changed_by = region->changed_by;
        const char *name = region->name;

        *region = from->region;
        region->name = name;
        region->changed_by = changed_by;
        model_link_region(tree, region, parent, from->side);
}

/* If a region is now in another tree, the model of the tree that had it was wrong. */
static void give_up_stale_tree(struct model *model, const struct keyframe_node *node)
{
        struct model_region *region = model_region(model, node->region.id);

        if (region->tree)
                model_give_up_tree(model, region->tree);
}

bool keyframe_is_exact(const struct keyframe *keyframe)
{
        return !keyframe->in_attempt || keyframe->attempts == 1;
}

/* A later attempt that is not the last ends only if no operation is in progress. */
static void take_over_operation(struct model *model, const struct keyframe *keyframe, struct model_space *space,
                                const struct keyframe_space *from)
{
        space->begin = 0;
        space->operation = from->operation;
        if (keyframe_is_exact(keyframe) && from->in_progress)
                model_space_enter(model, space, 0, MAY_HAVE_MOVED);
        else
                model_space_leave(space);
        if (keyframe_is_exact(keyframe))
                space->losses = model->losses;
}

void keyframe_take_over_spaces(struct model *model, const struct keyframe *keyframe)
{
        for (size_t i = first_space(keyframe); i < keyframe->spaces; i++) {
                struct model_space *space = model_space(model, keyframe->space[i].id);
                struct model_tree *tree = model_tree(model, keyframe->space[i].tree);

                if (tree && space->tree != tree->id)
                        tree->space = space->id;
                space->tree = keyframe->space[i].tree;
                space->gone = false;
                if (model->unknown_since && !model_space_is_known(model, space))
                        take_over_operation(model, keyframe, space, &keyframe->space[i]);
        }
}

struct error keyframe_take_over_trees(struct model *model, struct keyframe *keyframe)
{
        TRY(make_all(model, keyframe));
        for (size_t i = 0; i < keyframe->trees; i++)
                take_over_tree(model, &keyframe->tree[i]);
        for (size_t i = 0; i < keyframe->nodes; i++)
                give_up_stale_tree(model, &keyframe->node[i]);
        for (size_t i = 0; i < keyframe->nodes; i++)
                take_over_node(model, keyframe, &keyframe->node[i]);
        return SUCCESS;
}

/* A space that was there when the keyframe began lives on only if it is shown, since its end may be missing. */
static struct error end_spaces_not_shown(struct model *model, const struct keyframe *keyframe)
{
        struct id_map shown = { 0 };
        struct error error = SUCCESS;

        for (size_t i = 0; i < keyframe->spaces && !error.code; i++)
                error = id_map_put(&shown, keyframe->space[i].id, keyframe->space[i].name);
        for (size_t i = 0; i < keyframe->spaces_before && i < model->space_count && !error.code; i++)
                if (!id_map_get(&shown, model->space[i]->id))
                        model->space[i]->gone = true;
        id_map_clear(&shown);
        return error;
}

struct error keyframe_take_over_all(struct model *model, struct keyframe *keyframe)
{
        if (!keyframe->in_attempt) {
                TRY(keyframe_take_over_trees(model, keyframe));
                keyframe_take_over_spaces(model, keyframe);
        }
        if (model->unknown_since)
                TRY(end_spaces_not_shown(model, keyframe));
        if (keyframe->losses == model->losses)
                model->unknown_since = 0;
        return SUCCESS;
}
