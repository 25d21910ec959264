/*
 * What a keyframe has shown so far: model_keyframe.c collects it and takes it over, model_keyframe_save.c puts it into
 * events again. No other file includes this.
 */
#pragma once

#include "model_internal.h"

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
