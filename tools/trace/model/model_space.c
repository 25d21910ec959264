/* Spaces, and the operations on them. */
#include "model/model_internal.h"

#include <inttypes.h>
#include <stdlib.h>

struct error model_add_space(struct model *model, uint64_t id, const char *name, struct model_space **out)
{
        struct model_space **grown = model_grow(model->space, model->space_count, sizeof *grown);
        struct model_space *space;

        if (!grown)
                return fail_no_memory();
        model->space = grown;
        space = calloc(1, sizeof *space);
        if (!space)
                return fail_no_memory();
        space->id = id;
        space->losses = model->losses;
        space->name = model_copy_name(model, name);
        if (!space->name || id_map_put(&model->spaces, id, space).code) {
                free((char *)(uintptr_t)space->name);
                free(space);
                return fail_no_memory();
        }
        grown[model->space_count++] = space;
        *out = space;
        return SUCCESS;
}

static struct error need_space(struct model *model, uint64_t id, struct model_space **out)
{
        *out = model_space(model, id);
        if (!*out)
                return REJECT(model, "there is no space %" PRIu64, id);
        if ((*out)->gone)
                return REJECT(model, "space %" PRIu64 " was destroyed", id);
        return SUCCESS;
}

static struct error apply_space_created(struct model *model, const struct event *event)
{
        uint64_t id = VALUE(event, space_created, space);
        struct model_space *space;
        struct model_tree *tree;

        TRY(model_need_new(model, model_space(model, id), id, "space"));
        TRY(model_add_space(model, id, event->text, &space));
        space->tree = VALUE(event, space_created, tree);
        tree = model_tree(model, space->tree);
        if (tree)
                tree->space = id;
        return SUCCESS;
}

static struct error apply_space_destroyed(struct model *model, const struct event *event)
{
        struct model_space *space;

        TRY(need_space(model, VALUE(event, space_destroyed, space), &space));
        space->gone = true;
        return SUCCESS;
}

static struct error apply_space_begin(struct model *model, const struct event *event)
{
        struct model_space *space;

        TRY(need_space(model, VALUE(event, space_begin, space), &space));
        model_space_enter(model, space, event->cpu, STAYS_ON_ITS_CPU);
        space->begin = event->number;
        space->operation = VALUE(event, space_begin, operation);
        space->kind = (enum space_operation)VALUE(event, space_begin, kind);
        space->base = VALUE(event, space_begin, base);
        space->size = VALUE(event, space_begin, size);
        space->protection = (enum protection)VALUE(event, space_begin, protection);
        space->parent = 0;
        return SUCCESS;
}

static struct error apply_space_end(struct model *model, const struct event *event)
{
        struct model_space *space;

        TRY(need_space(model, VALUE(event, space_end, space), &space));
        model_space_leave(space);
        return SUCCESS;
}

static struct error apply_space_cloned(struct model *model, const struct event *event)
{
        struct model_space *space, *parent;

        TRY(need_space(model, VALUE(event, space_cloned, space), &space));
        TRY(need_space(model, VALUE(event, space_cloned, parent), &parent));
        space->parent = parent->id;
        return SUCCESS;
}

struct error model_apply_space_event(struct model *model, const struct event *event)
{
        switch (event->type) {
        case EVENT_space_created:
                return apply_space_created(model, event);
        case EVENT_space_destroyed:
                return apply_space_destroyed(model, event);
        case EVENT_space_begin:
                return apply_space_begin(model, event);
        case EVENT_space_end:
                return apply_space_end(model, event);
        default:
                return apply_space_cloned(model, event);
        }
}
