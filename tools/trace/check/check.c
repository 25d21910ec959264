#include "check/check_internal.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

/* --- create and destroy ----------------------------------------------------------------------------------- */

struct error check_create(enum loss_policy policy, struct check **out)
{
        struct check *check = calloc(1, sizeof *check);
        struct finding *finding = calloc(FINDINGS_MAX, sizeof *finding);

        if (!check || !finding || model_create(&check->model).code) {
                free(check);
                free(finding);
                return fail_no_memory();
        }
        check->finding = finding;
        check->policy = policy;
        check->memory_limit = CHECK_MEMORY_LIMIT;
        check->categories = model_categories(check->model);
        check_sent_all(check);
        *out = check;
        return SUCCESS;
}

void check_expect_no_visits(struct check *check)
{
        check->visits = VISITS_ARE_LEFT_OUT;
}

void check_destroy(struct check *check)
{
        struct checked_tree *checked;
        size_t position = 0;

        if (!check)
                return;
        while ((checked = id_map_walk(&check->checked_trees, &position))) {
                reference_free(&checked->reference);
                touched_free(&checked->touched);
                free(checked);
        }
        id_map_clear(&check->checked_trees);
        check_space_forget(check);
        check_memory_forget(check);
        model_destroy(check->model);
        free(check->keyframe.shown);
        free(check->finding);
        free(check);
}

struct error check_record_of(struct check *check, uint64_t tree, struct checked_tree **out)
{
        *out = id_map_get(&check->checked_trees, tree);
        if (*out)
                return SUCCESS;
        *out = calloc(1, sizeof **out);
        if (!*out)
                return fail_no_memory();
        (*out)->tree = tree;
        if (id_map_put(&check->checked_trees, tree, *out).code) {
                free(*out);
                return fail_no_memory();
        }
        return SUCCESS;
}

bool check_can_follow(const struct check *check, const struct model_tree *tree)
{
        const struct checked_tree *checked = id_map_get(&check->checked_trees, tree->id);

        return !tree->unknown && checked && !checked->faulty;
}

bool check_can_judge(const struct check *check, const struct model_tree *tree)
{
        return model_tree_knowledge(check->model, tree) == KNOWN_NOW && check_can_follow(check, tree);
}

/* --- findings --------------------------------------------------------------------------------------------- */

struct words {
        char *at;
        size_t room;
};

[[gnu::format(printf, 2, 0)]] static void add_list(struct words *words, const char *format, va_list arguments)
{
        int used = vsnprintf(words->at, words->room, format, arguments);

        if (used < 0)
                return;
        if ((size_t)used >= words->room)
                used = (int)words->room - 1;
        words->at += used;
        words->room -= (size_t)used;
}

[[gnu::format(printf, 2, 3)]] static void add(struct words *words, const char *format, ...)
{
        va_list arguments;

        va_start(arguments, format);
        add_list(words, format, arguments);
        va_end(arguments);
}

/* "operation 57: place_anywhere 16 KiB" */
static void add_operation(struct words *words, const struct model_operation *operation)
{
        add(words, ", operation %s: %s ", format_count(operation->number), tree_operation_name(operation->kind));
        switch (operation->kind) {
        case PLACE_SPECIFICALLY:
        case PLACE_NEAR:
                add(words, "%s at %s", format_bytes(operation->size), format_address(operation->address));
                break;
        case PLACE_ANYWHERE:
        case PLACE_RANDOM:
                add(words, "%s", format_bytes(operation->size));
                break;
        case RESIZE:
                add(words, "region %" PRIu64 " to %s", operation->region, format_bytes(operation->size));
                break;
        case FIND:
                add(words, "%s", format_address(operation->address));
                break;
        case SPLIT:
                add(words, "region %" PRIu64 " at %s", operation->region, format_address(operation->address));
                break;
        default:
                add(words, "region %" PRIu64, operation->region);
        }
}

static bool several_cpus(const struct check *check)
{
        for (size_t cpu = 1; cpu < CPUS_MAX; cpu++)
                if (check->newest[cpu])
                        return true;
        return false;
}

/* "event 1,204 of cpu 1 (tree 2, operation 57: place_anywhere 16 KiB, python3.ops line 31): " */
static void add_place(struct words *words, const struct check *check, uint64_t event, const struct model_tree *tree)
{
        const char *script = model_script_name(check->model);
        uint64_t line = model_script_line(check->model);

        if (!event)
                return;
        add(words, "event %s", format_count(event));
        if (event == check->event->number && several_cpus(check))
                add(words, " of cpu %u", check->event->cpu);
        if (tree)
                add(words, " (tree %" PRIu64, tree->id);
        if (tree && tree->operation.number)
                add_operation(words, &tree->operation);
        if (script && line)
                add(words, "%s%s line %" PRIu64, tree ? ", " : " (", script, line);
        add(words, tree || (script && line) ? "): " : ": ");
}

void check_report(struct check *check, uint64_t event, const struct model_tree *tree, const char *format, ...)
{
        struct checked_tree *checked = tree ? id_map_get(&check->checked_trees, tree->id) : NULL;
        struct finding *finding;
        struct words words;
        va_list arguments;

        if (checked)
                checked->faulty = true;
        if (check->findings++ >= FINDINGS_MAX)
                return;
        finding = &check->finding[check->findings - 1];
        finding->event = event;
        finding->tree = tree ? tree->id : 0;
        finding->operation = tree ? tree->operation.number : 0;
        words = (struct words){ finding->words, sizeof finding->words };
        add_place(&words, check, event, tree);
        va_start(arguments, format);
        add_list(&words, format, arguments);
        va_end(arguments);
}

size_t check_findings(const struct check *check)
{
        return check->findings;
}

const struct finding *check_finding(const struct check *check, size_t i)
{
        return i < check->findings && i < FINDINGS_MAX ? &check->finding[i] : NULL;
}

struct check_totals check_totals(const struct check *check)
{
        return check->totals;
}

void check_set_memory(struct check *check, size_t bytes)
{
        check->memory_limit = bytes;
        model_set_memory(check->model, bytes);
}

const struct model *check_model(const struct check *check)
{
        return check->model;
}

/* --- events ----------------------------------------------------------------------------------------------- */

static void note_loss(struct check *check, const struct event *event)
{
        if (!check->lost)
                check->lost_at = event->number - event->missing;
        check->lost += event->missing;
        check->newest_loss = event->number;
        check->keyframe.compared = false;
        check->keyframe.spaces_changed = true;
        if (event->missing && event->cpu == check->keyframe.cpu) {
                check->keyframe.begun = 0;      /* what is left of a keyframe that lost a part */
                check->keyframe.tree = NULL;
        }
        check->visits = VISITS_ARE_UNKNOWN;
        check->script.is_partial = check->tasks_unknown = check->calls_unknown = true;
        check_interrupts_lost(check);
        check_memory_lost(check);
        check_sent_forget(check);
}

void check_report_loss(struct check *check, const char *until)
{
        if (check->lost && check->policy == EVERY_EVENT_COUNTS)
                check_report(check, check->lost_at, NULL, "%s missing; unknown from there %s",
                             format_counted(check->lost, "event"), until);
        check->lost = 0;
}

/* The tree that is named by an event which could not be applied, or NULL. */
static struct model_tree *tree_of(const struct check *check, const struct event *event)
{
        if ((event->type >= EVENT_tree_created && event->type <= EVENT_tree_visit) ||
            (event->type >= EVENT_list_created && event->type <= EVENT_list_visit))
                return model_tree(check->model, event->field[0]);
        if (event->type >= EVENT_keyframe_tree && event->type <= EVENT_keyframe_tree_end)
                return model_tree(check->model, event->field[0]);
        if (event->type >= EVENT_free_range_added && event->type <= EVENT_free_range_removed &&
            model_allocator(check->model, event->field[0]))
                return model_tree(check->model, model_allocator(check->model, event->field[0])->tree);
        if (event->type == EVENT_region_freed && model_region(check->model, event->field[0]))
                return model_region(check->model, event->field[0])->tree;
        return NULL;
}

static struct error apply(struct check *check, const struct event *event)
{
        struct error error = model_apply(check->model, event);
        struct model_tree *tree;

        if (!error_is(error, ERROR_BAD_INPUT))
                return error;
        tree = tree_of(check, event);
        if (!tree || check_can_judge(check, tree))
                check_report(check, event->number, tree,
                             "%s: %s", event->schema->name, model_error_message(check->model));
        return error;
}

/* The events of one cpu have ascending times, or equal ones. */
static void check_time(struct check *check, const struct event *event)
{
        if (event->ticks < check->ticks[event->cpu])
                check_report(check, event->number, NULL,
                             "the time of cpu %u goes back at its event %s: from %s to %s ticks",
                             event->cpu, format_count(event->cpu_number), format_count(check->ticks[event->cpu]),
                             format_count(event->ticks));
        check->ticks[event->cpu] = event->ticks;
}

struct error check_event(struct check *check, const struct event *event)
{
        struct error error;

        if (check_memory_taken(check) > check->memory_limit)
                return FAILF(NO_MEMORY, "what the recording shows takes more than %s of memory",
                             format_about(check->memory_limit));
        check->event = event;
        check->newest[event->cpu] = event->cpu_number;
        if (event->missing || event->gap_elsewhere)
                note_loss(check, event);
        check_sent_note(check, event);
        model_expect(check->model, event);
        check_time(check, event);
        check_region_events(check, event);
        TRY(check_keyframe_before(check, event));
        TRY(check_tree_before(check, event));
        TRY(check_space_before(check, event));
        check_cpu_before(check, event);
        if (event->type == EVENT_authority_asked)
                check_question(check, event);
        error = apply(check, event);
        if (error_is(error, ERROR_BAD_INPUT))
                return SUCCESS;
        TRY(error);
        if (!model_carried_out(check->model))
                return SUCCESS;
        TRY(check_keyframe_after(check, event));
        TRY(check_tree_after(check, event));
        TRY(check_space_after(check, event));
        TRY(check_memory(check, event));
        check_free_ranges(check, event);
        if (event->type == EVENT_categories_chosen)
                check_categories(check);
        check_run(check, event);
        return SUCCESS;
}

struct error check_finish(struct check *check, const struct reader *reader)
{
        struct reader_totals totals = reader_totals(reader);

        check_report_loss(check, "to the end: no keyframe follows");
        if (check->newest_loss)
                check_memory_finish(check);
        if (!check->ended)
                check_report(check, 0, NULL, "the stream was cut short: after %s there is no end event",
                             format_counted(totals.events, "event"));
        if (check->policy == LOSS_IS_ALLOWED)
                return SUCCESS;
        if (totals.damaged)
                check_report(check, 0, NULL, "%s thrown away; the first: %s", format_counted(totals.damaged, "frame"),
                             reader_first_damaged(reader));
        if (totals.counter_went_back)
                check_report(check, 0, NULL, "the counter of dropped events goes back %s; the first: %s",
                             format_counted(totals.counter_went_back, "time"), reader_first_wrong_counter(reader));
        if (check->ended && check->end_dropped != totals.dropped)
                check_report(check, 0, NULL, "the kernel says it dropped %s, but %s missing for that reason",
                             format_counted(check->end_dropped, "event"), format_counted(totals.dropped, "event"));
        return SUCCESS;
}
