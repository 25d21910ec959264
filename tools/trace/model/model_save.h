/*
 * A model saves itself as events: those of a keyframe, and some that no kernel sends (saved_events.def). A fresh model
 * to which they are applied has the same state. Checkpoints, `regiontrace cut` and late joining all use this.
 *
 *      TRY(model_save(model, (struct model_sink){ file, write_event }));
 *      ...
 *      TRY(model_create(&copy));
 *      ... model_apply(copy, &event) for each of the events ...
 *
 * The events come in this order, and in the same order for the same state, however the model came to it:
 *
 *      saved_region, saved_tree, saved_space, saved_task, ...          every object there ever was, or still is (regions)
 *      keyframe_begin, ..., keyframe_end                               the nodes of every tree that is known
 *      saved_request, saved_course, saved_visit, saved_draw, ...       the newest operation of each tree
 *      saved_unconfirmed                                               what a loss has left open
 *      saved_cpu, saved_lock, saved_script, saved_model
 *      keyframe_begin, ...                                             what has arrived of a keyframe that is not complete
 *
 * A tree that is unknown has no nodes.
 */
#pragma once

#include "model/model.h"

/* Where the events go. `event` has its type, its fields and its text; it lives until the call returns. */
struct model_sink {
        void *context;
        struct error (*put)(void *context, const struct event *event);
};

/* NO_MEMORY, or the first error of the sink. O(n log n) in the number of objects. */
struct error model_save(const struct model *model, struct model_sink sink);

/* Whether a model can be saved for others to begin with: no operation on a tree is in progress, and no keyframe. */
bool model_is_between(const struct model *model);

/*
 * The saved model as bytes, which belong to the caller, and a model made of such bytes. BAD_INPUT if they are not what
 * model_save_bytes() made. A node of a tree takes about 13 bytes.
 */
struct error model_save_bytes(const struct model *model, uint8_t **bytes, size_t *size);
struct error model_load_bytes(const uint8_t *bytes, size_t size, struct model **out);
