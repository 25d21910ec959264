/*
 * How fast a recording goes through the tools, stage by stage, each stage with all that it needs below it.
 *
 *      measure_stages STAGE FILE       decode, model, check, dump, dump-json, perfetto
 *      measure_stages run COMMAND...   a command, whose output is thrown away
 *
 * Prints one line: processor time in ms, peak memory in KiB; of a stage also events, and bytes an event of the
 * recording without its header. The output of a stage goes to /dev/null.
 */
#include "base/error_message.h"
#include "check/check.h"
#include "perfetto/perfetto_timeline.h"
#include "stream/event_print.h"

#include <fcntl.h>
#include <inttypes.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

enum { WRITTEN_AT_ONCE = 1 << 16 };

struct stage {
        const char *name;
        struct error (*run)(struct reader *reader, FILE *out);
};

static struct error decode(struct reader *reader, [[maybe_unused]] FILE *out)
{
        struct event event;

        while (reader_next(reader, &event))
                continue;
        return SUCCESS;
}

static struct error model(struct reader *reader, [[maybe_unused]] FILE *out)
{
        struct model *model;
        struct event event;

        TRY(model_create(&model));
        while (reader_next(reader, &event))
                TRY(model_apply(model, &event));
        model_destroy(model);
        return SUCCESS;
}

static struct error check(struct reader *reader, [[maybe_unused]] FILE *out)
{
        struct check *check;
        struct event event;

        TRY(check_create(EVERY_EVENT_COUNTS, &check));
        while (reader_next(reader, &event))
                TRY(check_event(check, &event));
        TRY(check_finish(check, reader));
        if (check_findings(check))
                return FAILF(BAD_INPUT, "the check fails: %s", check_finding(check, 0)->words);
        check_destroy(check);
        return SUCCESS;
}

static struct error print(struct reader *reader, FILE *out, bool as_json)
{
        struct buffer lines = { 0 };
        struct event event;

        while (reader_next(reader, &event)) {
                if (as_json)
                        event_print_json(&lines, &event);
                else
                        event_print(&lines, reader_schema(reader), &event);
                if (lines.length < WRITTEN_AT_ONCE)
                        continue;
                fwrite(lines.bytes, 1, lines.length, out);
                lines.length = 0;
        }
        free(lines.bytes);
        return SUCCESS;
}

static struct error dump(struct reader *reader, FILE *out)
{
        return print(reader, out, false);
}

static struct error dump_json(struct reader *reader, FILE *out)
{
        return print(reader, out, true);
}

static struct error perfetto(struct reader *reader, FILE *out)
{
        struct timeline *timeline;
        struct event event;

        TRY(timeline_create(reader, out, &timeline));
        while (reader_next(reader, &event))
                TRY(timeline_event(timeline, &event));
        TRY(timeline_finish(timeline));
        timeline_destroy(timeline);
        return SUCCESS;
}

static const struct stage stages[] = {
        { "decode", decode }, { "model", model },         { "check", check },
        { "dump", dump },     { "dump-json", dump_json }, { "perfetto", perfetto },
};

static double milliseconds(struct timeval time)
{
        return (double)time.tv_sec * 1e3 + (double)time.tv_usec / 1e3;
}

static struct error measure(const struct stage *stage, const char *path)
{
        FILE *out = fopen("/dev/null", "w");
        struct reader_totals totals;
        struct reader *reader;
        struct rusage usage;
        uint64_t header;

        if (!out)
                return FAILF(IO, "/dev/null cannot be written");
        TRY(reader_open(path, &reader));
        header = reader_totals(reader).bytes;
        TRY(stage->run(reader, out));
        totals = reader_totals(reader);
        getrusage(RUSAGE_SELF, &usage);
        printf("%.1f %ld %" PRIu64 " %.3f\n", milliseconds(usage.ru_utime) + milliseconds(usage.ru_stime),
               usage.ru_maxrss,
               totals.events, (double)(totals.bytes - header) / (double)totals.events);
        reader_close(reader);
        fclose(out);
        return SUCCESS;
}

/* The command's own status is this program's. */
static int run(char **command)
{
        struct rusage usage;
        int status, nowhere;
        pid_t child = fork();

        if (child < 0)
                return 2;
        if (!child) {
                nowhere = open("/dev/null", O_WRONLY);
                dup2(nowhere, STDOUT_FILENO);
                dup2(nowhere, STDERR_FILENO);
                execv(command[0], command);
                _exit(2);
        }
        if (wait4(child, &status, 0, &usage) < 0)
                return 2;
        printf("%.1f %ld\n", milliseconds(usage.ru_utime) + milliseconds(usage.ru_stime), usage.ru_maxrss);
        return WIFEXITED(status) ? WEXITSTATUS(status) : 2;
}

int main(int argc, char **argv)
{
        if (argc > 2 && strcmp(argv[1], "run") == 0)
                return run(argv + 2);
        for (size_t i = 0; argc == 3 && i < sizeof stages / sizeof stages[0]; i++) {
                if (strcmp(stages[i].name, argv[1]) != 0)
                        continue;
                if (!measure(&stages[i], argv[2]).code)
                        return 0;
                fprintf(stderr, "measure_stages: %s\n", error_message());
                return 1;
        }
        fprintf(stderr, "usage: measure_stages decode|model|check|dump|dump-json|perfetto FILE, or run COMMAND...\n");
        return 2;
}
