#include "stream/event_print.h"
#include "stream/event_table.h"
#include "verbs/cmd_info.h"

#include <inttypes.h>
#include <stdio.h>

static void print_json_trees(const struct info *info)
{
        const struct model_tree *tree;

        for (size_t i = 0; (tree = model_tree_at(info->model, i)); i++) {
                const struct model_space *space = model_space(info->model, tree->space);

                printf("%s{\"tree\":%" PRIu64 ",\"space\":%" PRIu64 ",\"name\":", i ? "," : "", tree->id, tree->space);
                json_print_string(stdout, space ? space->name : "");
                printf(",\"gone\":%s,\"unknown\":%s,\"unconfirmed\":%s,\"regions\":%zu,\"height\":%u,\"operations\":%" PRIu64
                       ",\"largest_hole\":%" PRIu64 "}",
                       tree->gone ? "true" : "false", tree->unknown ? "true" : "false",
                       model_tree_knowledge(info->model, tree) == KNOWN_ONCE ? "true" : "false", tree->regions,
                       model_height(tree), tree->operations, model_largest_hole(tree) * PAGE_SIZE);
        }
}

static void print_json_scripts(const struct info *info)
{
        for (size_t i = 0; i < info->scripts; i++) {
                printf("%s{\"name\":", i ? "," : "");
                json_print_string(stdout, info->script[i].name);
                printf(",\"operations\":%" PRIu64 ",\"mismatches\":%" PRIu64 ",\"verdict\":\"%s\"}",
                       info->script[i].operations, info->script[i].mismatches,
                       info->script[i].ended ? verdict_name(info->script[i].verdict) : "none");
        }
}

static void print_json_cpus(const struct info *info)
{
        const char *separator = "";

        for (unsigned i = 0; i < MODEL_CPUS_MAX; i++) {
                if (!info->cpu[i].events)
                        continue;
                printf("%s{\"cpu\":%u,\"events\":%" PRIu64 ",\"switches\":%" PRIu64 ",\"interrupts\":%" PRIu64 "}",
                       separator, i, info->cpu[i].events, info->cpu[i].switches, info->cpu[i].interrupts);
                separator = ",";
        }
}

static void print_json_tasks(const struct info *info)
{
        const struct model_task *task;

        for (size_t i = 0; (task = model_task_at(info->model, i)); i++) {
                printf("%s{\"task\":%" PRIu64 ",\"process\":%" PRIu64 ",\"space\":%" PRIu64 ",\"name\":",
                       i ? "," : "", task->id, task->process, task->space);
                json_print_string(stdout, task->name);
                printf(",\"exited\":%s,\"status\":%" PRIu64 "}", task->exited ? "true" : "false", task->status);
        }
}

static void print_json_locks(const struct info *info)
{
        const char *separator = "";

        for (size_t class = 0; class <= info_lock_classes(); class++) {
                if (!info->lock[class].acquired && !info->lock[class].wanted)
                        continue;
                printf("%s{\"class\":\"%s\",\"acquired\":%" PRIu64 ",\"wanted\":%" PRIu64 ",\"held_most\":%" PRIu64 "}",
                       separator, lock_class_name(class), info->lock[class].acquired, info->lock[class].wanted,
                       info->lock[class].longest);
                separator = ",";
        }
}

static void print_json_longest_hold(const struct info *info)
{
        const struct longest_hold *hold = &info->longest_hold;

        if (hold->ticks)
                printf("{\"ticks\":%" PRIu64 ",\"class\":\"%s\",\"event\":%" PRIu64 ",\"cpu\":%u}", hold->ticks,
                       lock_class_name(hold->class), hold->event, hold->cpu);
        else
                printf("null");
}

void info_print_json(const struct info *info)
{
        const struct schema *schema = reader_schema(info->reader);
        struct reader_totals totals = reader_totals(info->reader);
        bool first = true;

        printf("{\"build\":");
        json_print_string(stdout, schema->build);
        printf(",\"mode\":");
        json_print_string(stdout, schema->mode);
        printf(",\"cpus\":%" PRIu64 ",\"ticks_per_second\":%" PRIu64 ",\"ticks\":%" PRIu64 ",\"bytes\":%" PRIu64
               ",\"frames\":%" PRIu64 ",\"damaged\":%" PRIu64 ",\"repeated\":%" PRIu64 ",\"events\":%" PRIu64
               ",\"dropped\":%" PRIu64 ",\"lost\":%" PRIu64 ",\"missing_at_end\":%" PRIu64 ",\"late\":%" PRIu64,
               schema->cpus, schema->clock_per_second, info->last_ticks - info->first_ticks, totals.bytes,
               totals.frames, totals.damaged, totals.repeated, totals.events, totals.dropped, totals.lost,
               totals.missing_at_end, totals.late);
        printf(",\"events_by_type\":{");
        for (size_t i = 0; i < schema->events; i++) {
                if (!info->events[i])
                        continue;
                printf("%s", first ? "" : ",");
                json_print_string(stdout, schema->event[i].name);
                printf(":%" PRIu64, info->events[i]);
                first = false;
        }
        printf("},\"trees\":[");
        print_json_trees(info);
        printf("],\"by_cpu\":[");
        print_json_cpus(info);
        printf("],\"tasks\":[");
        print_json_tasks(info);
        printf("],\"locks\":[");
        print_json_locks(info);
        printf("],\"longest_hold\":");
        print_json_longest_hold(info);
        printf(",\"scripts\":[");
        print_json_scripts(info);
        printf("],\"end\":%s,\"verdict\":\"%s\"}\n", info->ended ? "true" : "false",
               info->ended ? verdict_name(info->verdict) : "none");
}
