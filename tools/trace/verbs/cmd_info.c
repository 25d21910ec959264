#include "verbs/cmd_info.h"
#include "base/error_message.h"
#include "base/format.h"
#include "stream/event_table.h"
#include "verbs/command.h"
#include "verbs/command_options.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

static const char help[] =
        "usage: regiontrace info [OPTIONS] FILE\n"
        "\n"
        "Summarizes a recording: the build, the number of events by kind and by cpu,\n"
        "whether any are missing, what every tree and task looks like at the end, which locks were waited for,\n"
        "which scripts ran, and the verdict. FILE may be a pipe, a Unix socket, or - for standard input.\n"
        "\n"
        "  -j, --json        the same as one JSON object\n"
        "  -m, --memory MIB  how much memory it may take (1024)\n"
        "  -h, --help        show this\n"
        "\n"
        "Exit status: 0 fine; 2 wrong usage, or FILE cannot be read. `regiontrace check' says whether\n"
        "the recording is right.\n";

enum { TASKS_SHOWN = 20, TREES_SHOWN = 12 };

/* --- gathering -------------------------------------------------------------------------------------------- */

static void note_script(struct info *info, const struct event *event)
{
        struct script *script = info->scripts ? &info->script[info->scripts - 1] : NULL;

        if (event->type == EVENT_script_begin && info->scripts < SCRIPTS_MAX) {
                info->script[info->scripts].name = strdup(event->text ? event->text : "");
                info->scripts += info->script[info->scripts].name != NULL;
        } else if (script && event->type == EVENT_script_mismatch) {
                script->mismatches++;
        } else if (script && event->type == EVENT_script_end) {
                script->ended = true;
                script->operations = event->field[EVENT_FIELD(script_end, operations)];
                script->verdict = event->field[EVENT_FIELD(script_end, verdict)];
        }
}

static void note_cpu(struct info *info, const struct event *event)
{
        struct cpu_counts *cpu = &info->cpu[event->cpu % MODEL_CPUS_MAX];

        cpu->events++;
        cpu->switches += event->type == EVENT_task_switched;
        cpu->interrupts += event->type == EVENT_interrupt_begin;
}

size_t info_lock_classes(void)
{
        return enumeration_of_name("lock_class")->words;
}

static void note_hold(struct info *info, struct lock_counts *lock, const struct event *event)
{
        const uint64_t ticks = event->field[EVENT_FIELD(lock_released, held)];

        if (ticks > lock->longest)
                lock->longest = ticks;
        if (ticks > info->longest_hold.ticks)
                info->longest_hold = (struct longest_hold){
                        .ticks = ticks,
                        .class = event->field[EVENT_FIELD(lock_released, lock)],
                        .event = event->number,
                        .cpu = event->cpu,
                };
}

static void note_lock(struct info *info, const struct event *event)
{
        uint64_t class = event->field[EVENT_FIELD(lock_acquired, lock)];
        struct lock_counts *lock = &info->lock[class < info_lock_classes() ? class : info_lock_classes()];

        lock->acquired += event->type == EVENT_lock_acquired;
        lock->wanted += event->type == EVENT_lock_wanted;
        if (event->type == EVENT_lock_released)
                note_hold(info, lock, event);
}

/* What cannot be applied is counted; only NO_MEMORY is an error. */
static struct error note(struct info *info, const struct event *event)
{
        struct error error;

        note_cpu(info, event);
        if (event->type == EVENT_lock_acquired || event->type == EVENT_lock_wanted ||
            event->type == EVENT_lock_released)
                note_lock(info, event);
        info->events[event->schema - reader_schema(info->reader)->event]++;
        if (!info->first_ticks)
                info->first_ticks = event->ticks;
        info->last_ticks = event->ticks;
        if (event->type == EVENT_end) {
                info->ended = true;
                info->verdict = event->field[EVENT_FIELD(end, verdict)];
        }
        note_script(info, event);
        error = model_apply(info->model, event);
        info->not_applied += error.code != 0;
        return error_is(error, ERROR_NO_MEMORY) ? error : SUCCESS;
}

/* --- for people ------------------------------------------------------------------------------------------- */

static void print_categories(const struct info *info)
{
        const struct schema *schema = reader_schema(info->reader);

        for (size_t i = 0; i < schema->events; i++) {
                uint64_t count = 0;
                bool told = false;

                for (size_t j = 0; j < schema->events; j++) {
                        if (strcmp(schema->event[i].category, schema->event[j].category) != 0)
                                continue;
                        told |= j < i;
                        count += info->events[j];
                }
                if (!told && count)
                        printf("             %s %s\n", format_count(count), schema->event[i].category);
        }
}

static void print_tree(const struct model *model, const struct model_tree *tree, const struct model_space *space)
{
        printf("tree %-7" PRIu64 " ", tree->id);
        if (space)
                printf("of space %" PRIu64 " \"%s\": ", space->id, space->name);
        if (tree->unknown)
                printf("unknown, since events are missing");
        else
                printf("%s, height %u, %s, largest hole %s", format_counted(tree->regions, "region"),
                       model_height(tree), format_counted(tree->operations, "operation"),
                       format_about(model_largest_hole(tree) * PAGE_SIZE));
        if (model_tree_knowledge(model, tree) == KNOWN_ONCE)
                printf(", when events went missing");
        putchar('\n');
}

/* The trees that are there at the end, in order of creation, as many as a screen holds; the rest are counted. */
static void print_trees(const struct info *info)
{
        const struct model_tree *tree;
        uint64_t shown = 0, more = 0, destroyed = 0;

        for (size_t i = 0; (tree = model_tree_at(info->model, i)); i++) {
                if (tree->gone) {
                        destroyed++;
                } else if (shown < TREES_SHOWN) {
                        print_tree(info->model, tree, model_space(info->model, tree->space));
                        shown++;
                } else {
                        more++;
                }
        }
        if (more || destroyed)
                printf("trees        %s more, and %s that were destroyed; --json has them all\n", format_count(more),
                       format_count(destroyed));
}

static void print_scripts(const struct info *info)
{
        for (size_t i = 0; i < info->scripts; i++) {
                const struct script *script = &info->script[i];

                printf("script       %s: ", script->name);
                if (script->ended)
                        printf("%s, %s, %s\n", format_counted(script->operations, "operation"),
                               format_counted(script->mismatches, "mismatched line"), verdict_name(script->verdict));
                else
                        printf("begun, not ended\n");
        }
}

/* Only if there are several; for a single one the events have been printed. */
static void print_cpus(const struct info *info, uint64_t cpus)
{
        for (unsigned i = 0; i < MODEL_CPUS_MAX && cpus > 1; i++)
                if (info->cpu[i].events)
                        printf("cpu %-8u %s, %s %s, %s\n", i, format_counted(info->cpu[i].events, "event"),
                               format_count(info->cpu[i].switches),
                               info->cpu[i].switches == 1 ? "task switch" : "task switches",
                               format_counted(info->cpu[i].interrupts, "interrupt"));
}

static void print_task(const struct model_task *task)
{
        printf("task %-7" PRIu64 " ", task->id);
        if (task->process)
                printf("of process %" PRIu64 " ", task->process);
        printf("\"%s\": ", task->name);
        if (task->exited)
                printf("exited with %" PRIu64 "\n", task->status);
        else if (task->running)
                printf("runs on cpu %u%s%s\n", task->cpu, task->in_call ? ", in " : "",
                       task->in_call ? system_call_name(task->call) : "");
        else
                printf("does not run%s%s\n", task->in_call ? ", in " : "",
                       task->in_call ? system_call_name(task->call) : "");
}

static void print_tasks(const struct info *info)
{
        const struct model_task *task;
        size_t i;

        for (i = 0; i < TASKS_SHOWN && (task = model_task_at(info->model, i)); i++)
                print_task(task);
        while (model_task_at(info->model, i))
                i++;
        if (i > TASKS_SHOWN)
                printf("             ... and %s more\n", format_counted(i - TASKS_SHOWN, "task"));
}

static void print_locks(const struct info *info)
{
        for (size_t class = 0; class <= info_lock_classes(); class++)
                if (info->lock[class].acquired || info->lock[class].wanted)
                        printf("lock         %s: acquired %s, waited for %s\n", lock_class_name(class),
                               format_counted(info->lock[class].acquired, "time"),
                               format_counted(info->lock[class].wanted, "time"));
}

/*
 * The kernel measures it without the time that emitting events takes; otherwise it would include the cost of tracing.
 */
static void print_longest_hold(const struct info *info)
{
        const struct longest_hold *hold = &info->longest_hold;

        if (hold->ticks)
                printf("longest hold %s ticks without the trace's own: a lock of class %s, released at event %s of cpu %u\n",
                       format_count(hold->ticks), lock_class_name(hold->class), format_count(hold->event), hold->cpu);
}

/* In a part of a recording, the frames count what was left out as dropped. */
static void print_missing(const struct schema *schema, struct reader_totals totals)
{
        const bool is_part = !strcmp(schema->mode, "cut");

        printf("missing      %s: %s %s, %s lost on the line", format_count(reader_totals_missing(totals)),
               format_count(totals.dropped),
               is_part ? "left out by `regiontrace cut' or dropped by the kernel" : "dropped by the kernel",
               format_count(totals.lost));
        if (totals.missing_at_end)
                printf(", %s the last of a cpu, or all that it sent", format_count(totals.missing_at_end));
        printf("\n");
}

static void print_text(const struct info *info)
{
        const struct schema *schema = reader_schema(info->reader);
        struct reader_totals totals = reader_totals(info->reader);

        printf("build        %s\n", schema->build);
        if (totals.cpus == schema->cpus)
                printf("mode         %s, %s\n", schema->mode, format_counted(schema->cpus, "cpu"));
        else
                printf("mode         %s, %s of at most %s\n", schema->mode, format_counted(totals.cpus, "cpu"),
                       format_count(schema->cpus));
        if (schema->clock_per_second)
                printf("clock        %s ticks a second; %.3f ms from first to last event\n",
                       format_count(schema->clock_per_second),
                       (double)(info->last_ticks - info->first_ticks) * 1000 / (double)schema->clock_per_second);
        printf("events       %s in %s, %s bytes\n", format_count(totals.events), format_counted(totals.frames, "frame"),
               format_count(totals.bytes));
        print_categories(info);
        print_cpus(info, totals.cpus);
        print_missing(schema, totals);
        if (totals.damaged)
                printf("damage       %s thrown away\n", format_counted(totals.damaged, "frame"));
        if (totals.repeated)
                printf("repeated     %s, skipped\n", format_counted(totals.repeated, "frame"));
        if (totals.late)
                printf("late         %s came after later ones of other cpus\n", format_counted(totals.late, "event"));
        print_trees(info);
        print_tasks(info);
        print_locks(info);
        print_longest_hold(info);
        print_scripts(info);
        if (info->not_applied)
                printf("inconsistent %s; `regiontrace check' tells more\n", format_counted(info->not_applied, "event"));
        if (info->ended)
                printf("end          yes, verdict %s\n", verdict_name(info->verdict));
        else
                printf("end          no: the stream was cut short\n");
}

/* --- the command ------------------------------------------------------------------------------------------ */

enum shape { AS_TEXT, AS_JSON };

static int gather_and_print(struct info *info, enum shape shape)
{
        struct event event;

        info->events = calloc(reader_schema(info->reader)->events + 1, sizeof *info->events);
        info->lock = calloc(info_lock_classes() + 1, sizeof *info->lock);
        if (!info->events || !info->lock || model_create(&info->model).code)
                return command_cannot("info", "%s", fail_no_memory().code ? error_message() : "");
        while (command_next(info->reader, &event))
                if (note(info, &event).code)
                        return command_cannot("info", "%s", error_message());
        if (reader_failed(info->reader))
                return command_cannot("info", "%s", error_message());
        if (shape == AS_JSON)
                info_print_json(info);
        else
                print_text(info);
        return command_flush("info") ? EXIT_FINE : EXIT_CANNOT;
}

static int info_of(struct reader *reader, enum shape shape)
{
        struct info *info = calloc(1, sizeof *info);
        int status;

        if (!info)
                return command_cannot("info", "%s", fail_no_memory().code ? error_message() : "");
        info->reader = reader;
        status = gather_and_print(info, shape);
        for (size_t i = 0; i < info->scripts; i++)
                free(info->script[i].name);
        model_destroy(info->model);
        free(info->events);
        free(info->lock);
        free(info);
        return status;
}

int cmd_info(int argc, char **argv)
{
        uint64_t memory = MEMORY_MEBIBYTES;
        bool json = false;
        const struct command_option options[] = {
                { "json", 'j', .flag = &json },
                { "memory", 'm', .number = &memory },
                { 0 },
        };
        struct reader *reader;
        int status;

        if (!command_options("info", argc, argv, help, options, &status))
                return status;
        command_limit_memory(memory);
        if (!command_open("info", argc, argv, &reader))
                return EXIT_CANNOT;
        status = info_of(reader, json ? AS_JSON : AS_TEXT);
        reader_close(reader);
        return status;
}
