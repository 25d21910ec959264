/*
 * What a change of a red-black tree means in the 2-3-4 tree that it stands for, in words: a red node is a key in the
 * node of its parent, so recolouring splits or joins 2-3-4 nodes, and a rotation arranges the keys of one anew or moves a
 * key.
 */
#pragma once

#include "model/model.h"

#include <stddef.h>

/* A link or a recolouring of `region`, which the model has carried out; else empty. */
void film_meaning_of_change(char *out, size_t size, const struct model *model, const struct event *event);

/* A rotation in which `sinks` became a child of `rises`; before it, `rises` was a red child or a black one. */
void film_meaning_of_rotation(char *out, size_t size, const struct model *model, const struct model_region *sinks,
                              const struct model_region *rises, bool rises_was_red);
