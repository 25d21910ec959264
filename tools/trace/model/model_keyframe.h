/*
 * What a keyframe has shown so far: model_keyframe.c collects it, model_keyframe_apply.c takes it over, and
 * model_keyframe_save.c puts it into events again. No other file includes this.
 */
#pragma once

#include "model/model_internal.h"

struct keyframe_space {
        uint64_t id, tree, operation;
        bool in_progress;
        char *name;
};

struct keyframe_tree {
        uint64_t id, operation, tail_gap;
        enum promise promises;
        struct vrange range;
        bool has_root;
};

struct keyframe_node {
        size_t tree;                            /* index in the keyframe */
        struct model_region region;             /* its values; the links are not used, and its name belongs to the keyframe */
        uint64_t parent;
        enum side side;
        bool has_child[2];
};

/* A space is shown with the lock of its tree held, which is not given up before the first attempt to show the tree. */
bool keyframe_is_exact(const struct keyframe *keyframe);

/* Replaces the trees that were collected by what was shown of them, then the spaces that belong to them. NO_MEMORY. */
struct error keyframe_take_over_trees(struct model *model, struct keyframe *keyframe);
void keyframe_take_over_spaces(struct model *model, const struct keyframe *keyframe);
/*
 * The keyframe is complete: what it has not shown is over, and all else is known, unless events went missing meanwhile.
 */
struct error keyframe_take_over_all(struct model *model, struct keyframe *keyframe);
