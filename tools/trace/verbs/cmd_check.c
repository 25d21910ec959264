#include "base/error_message.h"
#include "base/format.h"
#include "check/check.h"
#include "stream/event_print.h"
#include "stream/event_table.h"
#include "verbs/command.h"
#include "verbs/command_options.h"

#include <inttypes.h>
#include <string.h>

static const char help[] =
        "usage: regiontrace check [OPTIONS] FILE\n"
        "\n"
        "Rebuilds every region tree from the events of a recording. After each operation the tree must\n"
        "obey the red-black rules, its regions must be in order and not overlap, and its gaps must be right; the\n"
        "answer of the operation must be that of a sorted array of ranges; and every keyframe must show what\n"
        "the events led to. Names the first bad event. FILE may be a pipe, a Unix socket, or - for standard input.\n"
        "\n"
        "  -a, --all N       go on, and name up to N bad events\n"
        "  -m, --memory MIB  how much memory the check may take (1024); a recording that shows more is refused\n"
        "  -v, --no-visits   an older kernel made the recording without visits (trace=-visit): miss none\n"
        "  -j, --json        the outcome as one JSON object\n"
        "  -h, --help        show this\n"
        "\n"
        "Exit status: 0 passed; 1 failed, cut short, or events are missing; 2 wrong usage, or FILE cannot\n"
        "be read.\n";

enum shape { AS_TEXT, AS_JSON };

static const char *plural(uint64_t count)
{
        return count == 1 ? "" : "s";
}

/* Categories whose events were not sent, so that what they would have shown was not checked. */
static void print_unsent(uint64_t categories, const char *before, const char *between, enum shape shape)
{
        for (size_t i = 0; i < CATEGORY_COUNT; i++) {
                if (!(categories >> i & 1))
                        continue;
                printf(shape == AS_JSON ? "%s\"%s\"" : "%s%s", before, category_table[i].name);
                before = between;
        }
}

/* What events that are missing have left unknown. */
static void print_unknown(const struct check_totals *totals)
{
        if (totals->not_judged)
                printf("; unknown: %s", format_counted(totals->not_judged, "operation"));
        if (totals->unknown_frames || totals->unknown_blocks)
                printf("%s, whether %s and %s are still in use", totals->not_judged ? "" : "; unknown",
                       format_counted(totals->unknown_frames, "frame"),
                       format_counted(totals->unknown_blocks, "block"));
}

static void print_text(const struct reader *reader, const struct check *check, size_t limit)
{
        struct reader_totals read = reader_totals(reader);
        struct check_totals totals = check_totals(check);
        const struct finding *finding;

        for (size_t i = 0; i < limit && (finding = check_finding(check, i)); i++)
                printf("%s: %s\n", reader_name(reader), finding->words);
        if (check_findings(check) > limit && limit > 1)
                printf("... and %s more\n", format_count(check_findings(check) - limit));
        printf("check: %s: %s, %s on %s, %s, lost: %s", check_findings(check) ? "FAILED" : "passed",
               format_counted(read.events, "event"), format_counted(totals.operations, "operation"),
               format_counted(totals.trees, "tree"), format_counted(totals.keyframes, "keyframe"),
               format_count(reader_totals_missing(read)));
        if (totals.scripts)
                printf(", %s", format_counted(totals.scripts, "script"));
        if (totals.cases)
                printf(", %s test case%s", format_count(totals.cases), plural(totals.cases));
        print_unsent(totals.unsent, ", not sent: ", " ", AS_TEXT);
        print_unknown(&totals);
        putchar('\n');
}

static void print_json(const struct reader *reader, const struct check *check, size_t limit)
{
        struct reader_totals read = reader_totals(reader);
        struct check_totals totals = check_totals(check);
        const struct finding *finding;

        printf("{\"passed\":%s,\"events\":%" PRIu64 ",\"operations\":%" PRIu64 ",\"trees\":%" PRIu64
               ",\"keyframes\":%" PRIu64 ",\"dropped\":%" PRIu64 ",\"lost\":%" PRIu64 ",\"missing_at_end\":%" PRIu64
               ",\"findings\":[",
               check_findings(check) ? "false" : "true", read.events, totals.operations, totals.trees,
               totals.keyframes, read.dropped, read.lost, read.missing_at_end);
        for (size_t i = 0; i < limit && (finding = check_finding(check, i)); i++) {
                printf("%s{\"event\":%" PRIu64 ",\"tree\":%" PRIu64 ",\"operation\":%" PRIu64 ",\"region\":%" PRIu64
                       ",\"words\":",
                       i ? "," : "", finding->event, finding->tree, finding->operation, finding->region);
                json_print_string(stdout, finding->words);
                putchar('}');
        }
        printf("],\"not_judged\":%" PRIu64 ",\"unknown_frames\":%" PRIu64 ",\"unknown_blocks\":%" PRIu64 ",\"not_sent\":[",
               totals.not_judged, totals.unknown_frames, totals.unknown_blocks);
        print_unsent(totals.unsent, "", ",", AS_JSON);
        puts("]}");
}

/* Stops reading once there are as many findings as will be printed. */
static struct error run(struct reader *reader, struct check *check, size_t limit)
{
        struct event event;

        while (check_findings(check) < limit && command_next(reader, &event))
                TRY(check_event(check, &event));
        command_hide_progress();
        if (reader_failed(reader))
                return FAIL(IO);
        return check_findings(check) < limit ? check_finish(check, reader) : SUCCESS;
}

enum visits { WITH_VISITS, NO_VISITS };

static int check_stream(struct reader *reader, size_t limit, enum shape shape, enum visits visits, uint64_t memory)
{
        const char *mode = reader_schema(reader)->mode;
        bool may_lose = strcmp(mode, "discard") == 0 || strcmp(mode, "cut") == 0;
        struct check *check;
        int status = EXIT_CANNOT;

        if (check_create(may_lose ? LOSS_IS_ALLOWED : EVERY_EVENT_COUNTS, &check).code)
                return command_cannot("check", "%s", error_message());
        check_set_memory(check, memory < SIZE_MAX >> 20 ? (size_t)memory << 20 : SIZE_MAX);
        command_limit_memory(memory);
        if (visits == NO_VISITS)
                check_expect_no_visits(check);
        struct error error = run(reader, check, limit);

        if (error_is(error, ERROR_NO_MEMORY)) {
                command_cannot("check", "%s; --memory MIB allows more", error_message());
        } else if (error.code) {
                command_cannot("check", "%s", error_message());
        } else {
                if (shape == AS_JSON)
                        print_json(reader, check, limit);
                else
                        print_text(reader, check, limit);
                status = check_findings(check) ? EXIT_CHECK_FAILED : EXIT_FINE;
                if (!command_flush("check"))
                        status = EXIT_CANNOT;
        }
        check_destroy(check);
        return status;
}

int cmd_check(int argc, char **argv)
{
        uint64_t limit = 1, memory = MEMORY_MEBIBYTES;
        bool json = false, no_visits = false;
        const struct command_option options[] = {
                { "all", 'a', .number = &limit },
                { "memory", 'm', .number = &memory },
                { "no-visits", 'v', .flag = &no_visits },
                { "json", 'j', .flag = &json },
                { 0 },
        };
        struct reader *reader;
        int status;

        if (!command_options("check", argc, argv, help, options, &status))
                return status;
        if (!command_open("check", argc, argv, &reader))
                return EXIT_CANNOT;
        status = check_stream(reader, limit ? limit : 1, json ? AS_JSON : AS_TEXT,
                              no_visits ? NO_VISITS : WITH_VISITS, memory);
        reader_close(reader);
        return status;
}
