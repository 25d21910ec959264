#include "command.h"
#include "complaint.h"
#include "event_print.h"
#include "format.h"
#include "model.h"

#include <getopt.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

static const char help[] =
        "usage: regiontrace info [OPTIONS] FILE\n"
        "\n"
        "Says what is in a recording: where it comes from, how many events of which kind, whether any are\n"
        "missing, what every tree looks like at the end, which scripts ran, and the verdict. FILE may be a\n"
        "pipe, a Unix socket, or - for standard input.\n"
        "\n"
        "  -j, --json   the same as one JSON object\n"
        "  -h, --help   show this\n"
        "\n"
        "Exit status: 0 fine; 2 wrong usage, or FILE cannot be read. Whether the recording is right is\n"
        "told by `regiontrace check'.\n";

enum { SCRIPTS_MAX = 1000 };

struct script {
        char *name;
        uint64_t operations, mismatches;
        bool ended;
        uint64_t verdict;
};

struct info {
        struct reader *reader;
        struct model *model;
        uint64_t *events;                       /* how many of each type of the stream's schema */
        uint64_t first_ticks, last_ticks;
        bool ended;
        uint64_t verdict, end_dropped;
        uint64_t not_applied;                   /* events that the model could not carry out */
        size_t scripts;
        struct script script[SCRIPTS_MAX];
};

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

static void note(struct info *info, const struct event *event)
{
        info->events[event->schema - reader_schema(info->reader)->event]++;
        if (!info->first_ticks)
                info->first_ticks = event->ticks;
        info->last_ticks = event->ticks;
        if (event->type == EVENT_end) {
                info->ended = true;
                info->verdict = event->field[EVENT_FIELD(end, verdict)];
        }
        note_script(info, event);
        info->not_applied += model_apply(info->model, event).code != 0;
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

static void print_tree(const struct model_tree *tree, const struct model_space *space)
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
        printf("%s\n", tree->gone ? " (gone)" : "");
}

static void print_scripts(const struct info *info)
{
        for (size_t i = 0; i < info->scripts; i++) {
                const struct script *script = &info->script[i];

                printf("script       %s: ", script->name);
                if (script->ended)
                        printf("%s, %s, %s\n", format_counted(script->operations, "operation"),
                               format_counted(script->mismatches, "mismatched line"), word_of_verdict(script->verdict));
                else
                        printf("begun, not ended\n");
        }
}

static void print_text(const struct info *info)
{
        const struct schema *schema = reader_schema(info->reader);
        struct reader_totals totals = reader_totals(info->reader);
        const struct model_tree *tree;

        printf("build        %s\n", schema->build);
        printf("mode         %s, %s\n", schema->mode, format_counted(schema->cpus, "cpu"));
        if (schema->clock_per_second)
                printf("clock        %s ticks a second; %.3f ms from first to last event\n",
                       format_count(schema->clock_per_second),
                       (double)(info->last_ticks - info->first_ticks) * 1000 / (double)schema->clock_per_second);
        printf("events       %s in %s, %s bytes\n", format_count(totals.events), format_counted(totals.frames, "frame"),
               format_count(totals.bytes));
        print_categories(info);
        printf("missing      %s: %s dropped by the kernel, %s lost on the line\n",
               format_count(totals.dropped + totals.lost), format_count(totals.dropped), format_count(totals.lost));
        if (totals.damaged || totals.repeated)
                printf("damage       %s thrown away, %s of them because they were there twice\n",
                       format_counted(totals.damaged + totals.repeated, "frame"), format_count(totals.repeated));
        for (size_t i = 0; (tree = model_tree_at(info->model, i)); i++)
                print_tree(tree, model_space(info->model, tree->space));
        print_scripts(info);
        if (info->not_applied)
                printf("inconsistent %s; `regiontrace check' tells more\n", format_counted(info->not_applied, "event"));
        if (info->ended)
                printf("end          yes, verdict %s\n", word_of_verdict(info->verdict));
        else
                printf("end          no: the stream was cut short\n");
}

/* --- for programs ----------------------------------------------------------------------------------------- */

static void print_json_trees(const struct info *info)
{
        const struct model_tree *tree;

        for (size_t i = 0; (tree = model_tree_at(info->model, i)); i++) {
                const struct model_space *space = model_space(info->model, tree->space);

                printf("%s{\"tree\":%" PRIu64 ",\"space\":%" PRIu64 ",\"name\":", i ? "," : "", tree->id, tree->space);
                json_print_string(stdout, space ? space->name : "");
                printf(",\"gone\":%s,\"unknown\":%s,\"regions\":%zu,\"height\":%u,\"operations\":%" PRIu64
                       ",\"largest_hole\":%" PRIu64 "}",
                       tree->gone ? "true" : "false", tree->unknown ? "true" : "false", tree->regions,
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
                       info->script[i].ended ? word_of_verdict(info->script[i].verdict) : "none");
        }
}

static void print_json(const struct info *info)
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
               ",\"dropped\":%" PRIu64 ",\"lost\":%" PRIu64,
               schema->cpus, schema->clock_per_second, info->last_ticks - info->first_ticks, totals.bytes,
               totals.frames, totals.damaged, totals.repeated, totals.events, totals.dropped, totals.lost);
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
        printf("],\"scripts\":[");
        print_json_scripts(info);
        printf("],\"end\":%s,\"verdict\":\"%s\"}\n", info->ended ? "true" : "false",
               info->ended ? word_of_verdict(info->verdict) : "none");
}

/* --- the command ------------------------------------------------------------------------------------------ */

enum shape { AS_TEXT, AS_JSON };

static int gather_and_print(struct info *info, enum shape shape)
{
        struct event event;

        info->events = calloc(reader_schema(info->reader)->events + 1, sizeof *info->events);
        if (!info->events || model_create(&info->model).code)
                return command_cannot("info", "%s", complain_no_memory().code ? complaint() : "");
        while (reader_next(info->reader, &event))
                note(info, &event);
        if (reader_failed(info->reader))
                return command_cannot("info", "%s", complaint());
        if (shape == AS_JSON)
                print_json(info);
        else
                print_text(info);
        return command_flush("info") ? EXIT_FINE : EXIT_CANNOT;
}

static int info_of(struct reader *reader, enum shape shape)
{
        struct info *info = calloc(1, sizeof *info);
        int status;

        if (!info)
                return command_cannot("info", "%s", complain_no_memory().code ? complaint() : "");
        info->reader = reader;
        status = gather_and_print(info, shape);
        for (size_t i = 0; i < info->scripts; i++)
                free(info->script[i].name);
        model_destroy(info->model);
        free(info->events);
        free(info);
        return status;
}

int cmd_info(int argc, char **argv)
{
        static const struct option options[] = {
                { "json", no_argument, NULL, 'j' }, { "help", no_argument, NULL, 'h' }, { 0 },
        };
        enum shape shape = AS_TEXT;
        struct reader *reader;
        int option, status;

        while ((option = getopt_long(argc, argv, "jh", options, NULL)) != -1) {
                switch (option) {
                case 'j':
                        shape = AS_JSON;
                        break;
                case 'h':
                        fputs(help, stdout);
                        return EXIT_FINE;
                default:
                        return command_usage("info");
                }
        }
        if (!command_open("info", argc, argv, &reader))
                return EXIT_CANNOT;
        status = info_of(reader, shape);
        reader_close(reader);
        return status;
}
