#include "live/view.h"
#include "base/format.h"
#include "draw/text.h"
#include "live/samples.h"
#include "moment/event_words.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

void view_say(struct view *view, const char *format, ...)
{
        va_list arguments;

        va_start(arguments, format);
        vsnprintf(view->message, sizeof view->message, format, arguments);
        va_end(arguments);
        view->is_alarm = false;
}

void view_alarm(struct view *view, const char *format, ...)
{
        va_list arguments;

        va_start(arguments, format);
        vsnprintf(view->message, sizeof view->message, format, arguments);
        va_end(arguments);
        view->is_alarm = true;
}

void tree_words(char *out, size_t size, const struct model *model, const struct model_tree *tree)
{
        const struct model_space *space = model_space(model, tree->space);

        if (space && space->name && *space->name)
                text_copy_name(out, size, space->name);
        else
                snprintf(out, size, "tree %s", format_count(tree->id));
}

bool tree_is_kernels(const struct model *model, uint64_t id)
{
        const struct model_tree *tree = model_tree(model, id);
        const struct model_space *space = tree ? model_space(model, tree->space) : NULL;

        return space && space->name && !strcmp(space->name, "kernel");
}

/* The region that an event is about, 0 if none. */
static uint64_t region_of(const struct event *event)
{
        switch (event->type) {
        case EVENT_tree_visit:
        case EVENT_tree_link:
        case EVENT_tree_unlink:
        case EVENT_tree_exchange:
        case EVENT_tree_rotate:
        case EVENT_tree_colour:
        case EVENT_tree_gap:
        case EVENT_tree_max:
        case EVENT_list_link:
        case EVENT_list_unlink:
        case EVENT_list_visit:
        case EVENT_lookup_hit:
                return event->field[1];
        case EVENT_region_changed:
                return event->field[0];
        case EVENT_page_fault:
                return event->field[EVENT_FIELD(page_fault, region)];
        default:
                return 0;
        }
}

/* Unless a tree was chosen, the one that the newest event is about is shown, and before that the first there is. */
static void follow_tree(struct view *view, const struct model *model, const struct event *event)
{
        uint64_t tree = event ? event_tree(event, model) : 0;

        if (view->tree_was_chosen)
                return;
        if (!view->tree && tree)
                view->tree = tree;
        if (!view->tree && model_tree_at(model, 0))
                view->tree = model_tree_at(model, 0)->id;
}

void scene_take(struct scene *scene, struct view *view)
{
        const struct model *model = timeline_model(view->timeline);
        const struct event *event = timeline_event(view->timeline, timeline_at(view->timeline));
        struct reader_totals totals;

        *scene = (struct scene){ .model = model, .schema = timeline_schema(view->timeline) };
        if (event) {
                scene->event = *event;
                scene->has_event = true;
                scene->here = region_of(event);
        }
        totals = reader_totals(history_reader(timeline_history(view->timeline)));
        scene->cpus = totals.cpus;
        scene->lost = reader_totals_missing(totals);
        follow_tree(view, model, event);
        scene->tree = model_tree(model, view->tree);
        if (!scene->tree)
                return;
        scene->knowledge = model_tree_knowledge(model, scene->tree);
        if (scene->knowledge != KNOWN_NOW)
                scene->unknown_since = model_unknown_since(model);
        tree_words(scene->space, sizeof scene->space, model, scene->tree);
        scene->units = units_for(scene->tree->range);
        shown_take(&scene->shown, scene->tree);
        sample_take(view, scene->tree, event);
}

/*
 * Whether the space whose operation began last before an event is that of the view's tree. A region that is created for a
 * tree is in none at first.
 */
static bool is_in_operation_on(const struct view *view, uint64_t number)
{
        const struct history_landmark *operation = history_landmark_before(
                timeline_history(view->timeline), number, LANDMARKS_OF(LANDMARK_SPACE_OPERATION), 0);
        const struct model_space *space =
                operation ? model_space(timeline_model(view->timeline), operation->object) : NULL;

        return !operation || (space && space->tree == view->tree);
}

bool view_lists(const struct view *view, const struct event *event)
{
        const struct model *model = timeline_model(view->timeline);

        switch (event->type) {
        case EVENT_script_line:
        case EVENT_case_begin:
        case EVENT_case_end:
        case EVENT_error_raised:
        case EVENT_panicked:
        case EVENT_lock_order_violated:
        case EVENT_script_mismatch:
        case EVENT_end:
                return true;
        case EVENT_keyframe_tree:
        case EVENT_keyframe_node:
        case EVENT_keyframe_tree_end:
                return view->filter == FILTER_EVERYTHING;       /* nothing happens to the tree: it is shown */
        case EVENT_region_created:
        case EVENT_region_changed:
                return view->filter != FILTER_TREE || event_tree(event, model) == view->tree ||
                       (!event_tree(event, model) && is_in_operation_on(view, event->number));
        default:
                if (view->filter == FILTER_EVERYTHING)
                        return true;
                if (view->filter == FILTER_TREES)
                        return event_tree(event, model) != 0;
                return event_tree(event, model) == view->tree && view->tree;
        }
}
