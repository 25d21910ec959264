#include "base/error_message.h"
#include "base/format.h"
#include "perfetto/perfetto_timeline_internal.h"
#include "stream/event_table.h"

#include <stdio.h>
#include <stdlib.h>

struct error timeline_create(const struct reader *reader, FILE *stream, struct timeline **out)
{
        struct timeline *timeline = calloc(1, sizeof *timeline);

        if (!timeline)
                return fail_no_memory();
        timeline->reader = reader;
        timeline->schema = reader_schema(reader);
        if (model_create(&timeline->model).code || perfetto_file_create(stream, &timeline->file).code) {
                timeline_destroy(timeline);
                return fail_no_memory();
        }
        perfetto_describe_root(timeline->file);
        timeline_track(timeline, TRACK_MACHINE, 0);
        *out = timeline;
        return SUCCESS;
}

void timeline_destroy(struct timeline *timeline)
{
        if (!timeline)
                return;
        timeline_forget_operations(timeline);
        timeline_forget_samples(timeline);
        timeline_forget_tasks(timeline);
        timeline_forget_spaces(timeline);
        id_map_clear(&timeline->working_on);
        id_map_clear(&timeline->wakers);
        timeline_forget_lanes(timeline);
        id_map_clear(&timeline->missing);
        timeline_forget_doubts(timeline);
        free(timeline->text.bytes);
        perfetto_file_destroy(timeline->file);
        model_destroy(timeline->model);
        free(timeline);
}

bool timeline_ended(const struct timeline *timeline)
{
        return timeline->ended;
}

uint64_t timeline_left_out(const struct timeline *timeline)
{
        return timeline->left_out;
}

const char *timeline_first_fault(const struct timeline *timeline)
{
        return timeline->complaint;
}

struct perfetto_totals timeline_totals(const struct timeline *timeline)
{
        return perfetto_file_totals(timeline->file);
}

/* Nanoseconds since the header's clock pair; without one, a tick counts as one. */
uint64_t timeline_ns(const struct timeline *timeline, const struct event *event)
{
        const struct schema *schema = timeline->schema;
        uint64_t ticks = event->ticks;
        uint64_t since = ticks > schema->clock_ticks ? ticks - schema->clock_ticks : 0;
        unsigned __int128 ns;

        if (!schema->clock_per_second)
                return since;
        if (since <= UINT64_MAX / 1000000000)   /* the quick way, for the first 18,000 million ticks */
                return since * 1000000000 / schema->clock_per_second;
        ns = (unsigned __int128)since * 1000000000 / schema->clock_per_second;
        return ns < INT64_MAX ? (uint64_t)ns : INT64_MAX;
}

/* --- the run ---------------------------------------------------------------------------------------------- */

static void error_raised_event(struct timeline *timeline, const struct event *event)
{
        struct perfetto_file *file = timeline->file;
        uint64_t code = VALUE(event, error_raised, code), offset = VALUE(event, error_raised, file);
        const char *path = schema_file(timeline->schema, offset);
        char where[512];

        snprintf(where, sizeof where, "%s:%s", path ? path : format_numbered("file", offset),
                 format_count(VALUE(event, error_raised, line)));
        perfetto_instant(file, timeline_track(timeline, TRACK_ERRORS, 0), timeline->now, "error",
                         error_code_name(code));
        perfetto_note_text(file, "where", where);
        perfetto_note_text(file, "meaning", error_meaning((enum error_code)code));
        perfetto_close(file);
}

static void panicked(struct timeline *timeline, const struct event *event)
{
        struct perfetto_file *file = timeline->file;

        perfetto_instant(file, timeline_track(timeline, TRACK_ERRORS, 0), timeline->now, "error", "panic");
        perfetto_note_text(file, "message", event->text ? event->text : "");
        perfetto_close(file);
}

static void count_frames(struct timeline *timeline, int difference)
{
        if (timeline->frames_unknown)
                return;
        timeline->frames += difference;
        perfetto_sample(timeline->file, timeline_track(timeline, TRACK_FRAMES, 0), timeline->now, timeline->frames);
}

static void keyframe_begin(struct timeline *timeline)
{
        uint64_t track = timeline_track(timeline, TRACK_STREAM, 0);

        if (timeline->keyframe_open && perfetto_end(timeline->file, track, timeline->now))
                perfetto_close(timeline->file);
        timeline->keyframe_open = true;
        perfetto_begin(timeline->file, track, timeline->now, "stream", "keyframe");
        perfetto_close(timeline->file);
}

/* A tree that was unknown is known again, and need not wait for the others. */
static void tree_end(struct timeline *timeline, const struct event *event)
{
        const struct model_tree *tree = model_tree(timeline->model, VALUE(event, keyframe_tree_end, tree));

        if (timeline->unknown && tree && model_tree_knowledge(timeline->model, tree) == KNOWN_NOW)
                timeline_show_tree_again(timeline, tree);
}

/* If events were missing, this is where everything is known again. */
static void keyframe_end(struct timeline *timeline, const struct event *event)
{
        uint64_t track = timeline_track(timeline, TRACK_STREAM, 0);
        const struct model_tree *tree;

        if (timeline->keyframe_open && perfetto_end(timeline->file, track, timeline->now)) {
                perfetto_note_number(timeline->file, "nodes", VALUE(event, keyframe_end, nodes));
                perfetto_close(timeline->file);
        }
        timeline->keyframe_open = false;
        if (!timeline->unknown || model_unknown_since(timeline->model))
                return;
        timeline->unknown = false;
        timeline_replace_trees(timeline);
        timeline_all_known_again(timeline);
        timeline_show_regions(timeline);
        for (size_t i = 0; (tree = model_tree_at(timeline->model, i)); i++)
                if (!tree->unknown && !tree->gone)
                        timeline_sample_tree(timeline, tree, timeline->now);
}

static void end(struct timeline *timeline, const struct event *event)
{
        timeline->ended = true;
        timeline->verdict = VALUE(event, end, verdict);
        perfetto_instant(timeline->file, timeline_track(timeline, TRACK_STREAM, 0), timeline->now, "stream", "end");
        perfetto_note_text(timeline->file, "verdict", verdict_name(timeline->verdict));
        perfetto_note_number(timeline->file, "events", VALUE(event, end, events));
        perfetto_note_number(timeline->file, "dropped", VALUE(event, end, dropped));
        perfetto_close(timeline->file);
}

static void run_event(struct timeline *timeline, const struct event *event)
{
        switch (event->type) {
        case EVENT_error_raised:
                error_raised_event(timeline, event);
                break;
        case EVENT_panicked:
                panicked(timeline, event);
                break;
        case EVENT_frame_allocated:
                count_frames(timeline, +1);
                break;
        case EVENT_frame_freed:
                count_frames(timeline, -1);
                break;
        case EVENT_keyframe_begin:
                keyframe_begin(timeline);
                break;
        case EVENT_keyframe_tree_end:
                tree_end(timeline, event);
                break;
        case EVENT_keyframe_end:
                keyframe_end(timeline, event);
                break;
        case EVENT_end:
                end(timeline, event);
                break;
        default:
                break;
        }
}

/* --- all events ------------------------------------------------------------------------------------------- */

static void leave_out(struct timeline *timeline, const struct event *event)
{
        if (!timeline->left_out++)
                snprintf(timeline->complaint, sizeof timeline->complaint, "event %s (%s): %s",
                         format_count(event->number), event->schema->name, model_error_message(timeline->model));
}

static void begin_event(struct timeline *timeline, const struct event *event)
{
        struct shown_cpu *cpu = &timeline->cpu[event->cpu];
        uint64_t ns = timeline_ns(timeline, event);

        if (!timeline->first_ns)
                timeline->first_ns = ns;
        timeline_add_cpu(timeline, event->cpu);
        if (event->missing)
                timeline_lose(timeline, event);
        timeline->now = ns;
        cpu->event_ns = ns;
}

struct error timeline_event(struct timeline *timeline, const struct event *event)
{
        struct error error;
        uint64_t tree;

        begin_event(timeline, event);
        timeline_show_done(timeline);
        tree = timeline->doubted.used ? timeline_tree_concerned(timeline, event) : 0;
        model_expect(timeline->model, event);
        if (tree)
                timeline_settle_tree(timeline, tree);
        if (event->missing)
                timeline_settle_trees(timeline);
        error = model_apply(timeline->model, event);
        if (error_is(error, ERROR_BAD_INPUT)) {
                leave_out(timeline, event);
                return SUCCESS;
        }
        TRY(error);
        if (tree)
                timeline_replace_tree(timeline, tree);
        run_event(timeline, event);
        timeline_task_event(timeline, event);
        timeline_cpu_event(timeline, event);
        timeline_work_event(timeline, event);
        timeline_region_event(timeline, event);
        if ((event->type >= EVENT_tree_begin && event->type <= EVENT_tree_visit) || event->type == EVENT_list_visit)
                TRY(timeline_tree_event(timeline, event));
        return SUCCESS;
}

static void tell_attributes(struct timeline *timeline)
{
        const struct reader_totals totals = reader_totals(timeline->reader);
        struct perfetto_file *file = timeline->file;

        perfetto_attributes_open(file);
        perfetto_attribute_text(file, "build", timeline->schema->build);
        perfetto_attribute_text(file, "mode", timeline->schema->mode);
        perfetto_attribute_text(file, "verdict",
                                timeline->ended ? verdict_name(timeline->verdict) : "none: cut short");
        perfetto_attribute_number(file, "cpus", totals.cpus);
        perfetto_attribute_number(file, "ticks_per_second", timeline->schema->clock_per_second);
        perfetto_attribute_number(file, "events", totals.events);
        perfetto_attribute_number(file, "missing", reader_totals_missing(totals));
        perfetto_attributes_close(file);
}

struct error timeline_finish(struct timeline *timeline)
{
        timeline_show_unfinished(timeline);
        timeline_cut_doubted(timeline);
        timeline_finish_tasks(timeline);
        timeline_describe_lanes(timeline);
        timeline_describe_spaces(timeline);
        tell_attributes(timeline);
        return perfetto_file_finish(timeline->file);
}
