#include "model/model_internal.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* --- life ------------------------------------------------------------------------------------------------- */

struct error model_create(struct model **out)
{
        *out = calloc(1, sizeof **out);
        if (!*out)
                return fail_no_memory();
        model_set_memory(*out, MODEL_MEMORY_LIMIT);
        (*out)->unsent = UNSENT_AT_FIRST;
        return SUCCESS;
}

static void free_name(const char *name)
{
        free((char *)(uintptr_t)name);
}

void model_destroy(struct model *model)
{
        if (!model)
                return;
        model_forget_tasks(model);
        model_free_allocators(model);
        model_free_regions(model);
        for (size_t i = 0; i < model->tree_count; i++) {
                free(model->tree[i]->visit);
                free(model->tree[i]->draw);
                free(model->tree[i]);
        }
        for (size_t i = 0; i < model->space_count; i++) {
                free_name(model->space[i]->name);
                free(model->space[i]);
        }
        for (size_t i = 0; i < model->task_count; i++)
                model_free_task(model->task[i]);
        free(model->tree);
        free(model->space);
        free(model->task);
        id_map_clear(&model->trees);
        id_map_clear(&model->spaces);
        id_map_clear(&model->tasks);
        keyframe_forget_all(&model->keyframe);
        free(model->script_name);
        free(model);
}

void *model_grow(void *array, size_t count, size_t size)
{
        if (count & (count - 1))
                return array;
        return reallocarray(array, count ? 2 * count : 1, size);
}

struct error model_add_tree(struct model *model, uint64_t id, struct model_tree **out)
{
        struct tree_record **grown = model_grow(model->tree, model->tree_count, sizeof *grown);
        struct tree_record *record;

        if (!grown)
                return fail_no_memory();
        model->tree = grown;
        record = calloc(1, sizeof *record);
        if (!record || id_map_put(&model->trees, id, &record->tree).code) {
                free(record);
                return fail_no_memory();
        }
        grown[model->tree_count++] = record;
        record->tree.id = id;
        record->tree.losses = model->losses;
        record->counted = &model->visit_bytes;
        *out = &record->tree;
        return SUCCESS;
}

/* --- refusing --------------------------------------------------------------------------------------------- */

void model_reject(struct model *model, const char *format, ...)
{
        va_list arguments;

        va_start(arguments, format);
        vsnprintf(model->error_message, sizeof model->error_message, format, arguments);
        va_end(arguments);
}

struct error model_need_region(struct model *model, uint64_t id, struct model_region **out)
{
        *out = model_region(model, id);
        if (!*out)
                return REJECT(model, "there is no region %" PRIu64, id);
        return SUCCESS;
}

struct error model_meet_region(struct model *model, uint64_t id, struct model_region **out)
{
        *out = model_region(model, id);
        if (!*out && id && model->has_lost)
                return model_add_region(model, id, "", out);
        return model_need_region(model, id, out);
}

struct error model_need_tree(struct model *model, uint64_t id, struct model_tree **out)
{
        *out = model_tree(model, id);
        if (!*out)
                return REJECT(model, "there is no tree %" PRIu64, id);
        if ((*out)->gone)
                return REJECT(model, "tree %" PRIu64 " was destroyed", id);
        return SUCCESS;
}

struct error model_need_new(struct model *model, const void *known, uint64_t id, const char *what)
{
        if (!id || known)
                return REJECT(model, "%s %" PRIu64 " is created, but %s", what, id,
                              id ? "there is one already" : "0 means none");
        return SUCCESS;
}

/* --- trees and regions ------------------------------------------------------------------------------------ */

static struct error apply_tree_created(struct model *model, const struct event *event)
{
        uint64_t id = VALUE(event, tree_created, tree);
        struct model_tree *tree;

        TRY(model_need_new(model, model_tree(model, id), id, "tree"));
        TRY(model_add_tree(model, id, &tree));
        tree->range = (struct vrange){ VALUE(event, tree_created, base), VALUE(event, tree_created, end) };
        tree->is_list = event->type == EVENT_list_created;
        tree->unknown = model->unsent & NEEDED_CATEGORIES;
        tree->promises = (enum promise)VALUE(event, tree_created, promises);
        model_note_tree(model, tree);
        if (tree->promises == PROMISE_GAPS && !vrange_is_empty(tree->range))
                tree->tail_gap = vrange_size(tree->range) / PAGE_SIZE;
        return SUCCESS;
}

static struct error apply_tree_destroyed(struct model *model, const struct event *event)
{
        struct model_tree *tree;

        TRY(model_need_tree(model, VALUE(event, tree_destroyed, tree), &tree));
        if (tree->regions && model_tree_knowledge(model, tree) == KNOWN_NOW)
                return REJECT(model, "tree %" PRIu64 " is destroyed while %s linked in it", tree->id,
                              tree->regions == 1 ? "a region is" : "regions are");
        model_empty_tree(tree);
        model_forget_course(tree);
        tree->gone = true;
        return SUCCESS;
}

static struct error apply_region_created(struct model *model, const struct event *event)
{
        uint64_t id = VALUE(event, region_created, region);
        struct model_region *region;

        TRY(model_need_new(model, model_region(model, id), id, "region"));
        return model_add_region(model, id, event->text, &region);
}

static struct error apply_region_changed(struct model *model, const struct event *event)
{
        struct model_region *region;

        TRY(model_meet_region(model, VALUE(event, region_changed, region), &region));
        if (region->tree)
                model_count_out(region->tree, region);
        region->range = (struct vrange){ VALUE(event, region_changed, base), VALUE(event, region_changed, end) };
        region->protection = (enum protection)VALUE(event, region_changed, protection);
        region->before = VALUE(event, region_changed, before);
        region->after = VALUE(event, region_changed, after);
        region->changed_by = event->number;
        if (region->tree)
                model_count_in(region->tree, region);
        return SUCCESS;
}

static struct error apply_region_freed(struct model *model, const struct event *event)
{
        struct model_region *region;

        TRY(model_meet_region(model, VALUE(event, region_freed, region), &region));
        if (region->tree)
                return REJECT(model, "region %" PRIu64 " \"%.40s\" is freed while linked in tree %" PRIu64,
                              region->id, region->name, region->tree->id);
        model_free_region(model, region);
        return SUCCESS;
}

/* --- scripts ---------------------------------------------------------------------------------------------- */

static struct error apply_script_begin(struct model *model, const struct event *event)
{
        char *name = strdup(event->text ? event->text : "");

        if (!name)
                return fail_no_memory();
        free(model->script_name);
        model->script_name = name;
        model->script_line = 0;
        return SUCCESS;
}

static struct error apply_script_end(struct model *model)
{
        free(model->script_name);
        model->script_name = NULL;
        model->script_line = 0;
        return SUCCESS;
}

/* --- categories ------------------------------------------------------------------------------------------- */

/* What is not sent is missing, although no event's number shows it. */
static struct error apply_categories(struct model *model, const struct event *event)
{
        const uint64_t all = ((uint64_t)1 << CATEGORY_COUNT) - 1;
        const uint64_t unsent = ~VALUE(event, categories_chosen, categories) & all;

        if (unsent == model->unsent)
                return SUCCESS;
        model->unsent = unsent;
        if (unsent & NEEDED_CATEGORIES)
                model_lost(model, event->number);
        if (unsent >> CATEGORY_task & 1) {
                model->has_lost = true;
                model_forget_tasks(model);
                for (unsigned cpu = 0; cpu < MODEL_CPUS_MAX; cpu++)
                        model_space_moves(model, cpu);
        }
        if (unsent >> CATEGORY_lock & 1)
                model_forget_locks(model);
        if (unsent >> CATEGORY_early & 1)
                model_forget_allocators(model);
        return SUCCESS;
}

/* --- all events ------------------------------------------------------------------------------------------- */

static struct error apply(struct model *model, const struct event *event)
{
        if ((int)event->type >= EVENT_COUNT)
                return model_apply_saved_event(model, event);
        switch (event->type) {
        case EVENT_list_created:
        case EVENT_tree_created:
                return apply_tree_created(model, event);
        case EVENT_list_destroyed:
        case EVENT_tree_destroyed:
                return apply_tree_destroyed(model, event);
        case EVENT_tree_begin ... EVENT_tree_visit:
                return model_apply_tree_event(model, event);
        case EVENT_region_created:
                return apply_region_created(model, event);
        case EVENT_region_changed:
                return apply_region_changed(model, event);
        case EVENT_region_freed:
                return apply_region_freed(model, event);
        case EVENT_space_created ... EVENT_space_cloned:
                return model_apply_space_event(model, event);
        case EVENT_task_created ... EVENT_system_call_end:
                return model_apply_task_event(model, event);
        case EVENT_interrupt_begin ... EVENT_lock_released:
                return model_apply_cpu_event(model, event);
        case EVENT_script_begin:
                return apply_script_begin(model, event);
        case EVENT_script_line:
                model->script_line = VALUE(event, script_line, line);
                return SUCCESS;
        case EVENT_script_end:
                return apply_script_end(model);
        case EVENT_list_link ... EVENT_list_visit:
                return model_apply_list_event(model, event);
        case EVENT_allocator_created ... EVENT_authority_answered:
                return model_apply_early_event(model, event);
        case EVENT_categories_chosen:
                return apply_categories(model, event);
        case EVENT_keyframe_begin ... EVENT_keyframe_end:
                return model_apply_keyframe_event(model, event);
        default:
                return SUCCESS;
        }
}

/*
 * An event that cannot be applied because earlier ones are missing is not an error. None about a tree are that is
 * known. A tree in no space, which only a test case has, is in no keyframe.
 */
static bool may_follow_from_loss(const struct model *model, const struct event *event)
{
        const struct model_tree *tree = model_tree(model, event->field[0]);

        if (event->type < EVENT_tree_destroyed || event->type > EVENT_tree_visit)
                return model->unknown_since;
        return tree ? model->unknown_since && model_tree_knowledge(model, tree) != KNOWN_NOW : model->has_lost;
}

struct error model_apply(struct model *model, const struct event *event)
{
        struct error error;

        if (model_memory(model) > model->memory_limit)
                return FAILF(NO_MEMORY, "what the recording shows takes more than %s of memory",
                             format_about(model->memory_limit));
        model_expect(model, event);
        error = apply(model, event);
        model->carried_out = !error.code;
        if (error.code && !error_is(error, ERROR_BAD_INPUT))
                model_reject(model, "%s", error_message());
        return error_is(error, ERROR_BAD_INPUT) && may_follow_from_loss(model, event) ? SUCCESS : error;
}
