#include "check/check_internal.h"
#include "stream/event_table.h"

#include <inttypes.h>
#include <stdio.h>

/*
 * Op scripts: one begins when none runs, on a space that there is; its lines ascend, and are as many as its end says;
 * it passes if no outcome was another than expected. After a loss nothing is known of the script until one begins.
 */

static void see_begin(struct check *check, const struct event *event)
{
        const struct model_space *space = model_space(check->model, VALUE(event, script_begin, space));

        if (check->script.is_open && !check->script.is_partial)
                check_report(check, event->number, NULL, "a script begins, but the one before has not ended");
        if ((!space || space->gone) && !model_unknown_since(check->model))
                check_report(check, event->number, NULL, "the script runs on space %" PRIu64 ", but there is none",
                             VALUE(event, script_begin, space));
        check->script.is_open = true;
        check->script.is_partial = !(model_categories(check->model) >> CATEGORY_test & 1);
        check->script.lines = check->script.newest = check->script.mismatches = 0;
}

static bool is_open(struct check *check, const struct event *event)
{
        if (!check->script.is_open && !check->script.is_partial)
                check_report(check, event->number, NULL, "%s, but no script runs", event->schema->name);
        return check->script.is_open && !check->script.is_partial;
}

static void see_line(struct check *check, const struct event *event)
{
        const uint64_t line = VALUE(event, script_line, line);

        if (is_open(check, event) && line <= check->script.newest)
                check_report(check, event->number, NULL,
                             "line %s of the script is run after line %s", format_count(line),
                             format_count(check->script.newest));
        check->script.newest = line;
        check->script.lines++;
}

enum { OUTCOME_SIZE = 48 };

/* "ok 0x1000", or "no_memory": an operation that failed has no address. */
static void outcome_words(char out[static OUTCOME_SIZE], uint64_t result, uint64_t address)
{
        const char *const name = error_code_name(result);

        if (result == ERROR_OK && address)
                snprintf(out, OUTCOME_SIZE, "%s %s", name, format_address(address));
        else
                snprintf(out, OUTCOME_SIZE, "%s", name);
}

static void see_mismatch(struct check *check, const struct event *event)
{
        const uint64_t line = VALUE(event, script_mismatch, line);
        char outcome[OUTCOME_SIZE], expected[OUTCOME_SIZE];

        outcome_words(outcome, VALUE(event, script_mismatch, result), VALUE(event, script_mismatch, address));
        outcome_words(expected, VALUE(event, script_mismatch, expected_result),
                      VALUE(event, script_mismatch, expected_address));
        check_report(check, event->number, NULL, "the outcome is %s, but the script expects %s", outcome, expected);
        if (is_open(check, event) && line != check->script.newest)
                check_report(check, event->number, NULL, "the outcome is that of line %s, but line %s is run",
                             format_count(line), format_count(check->script.newest));
        check->script.mismatches++;
}

static void see_end(struct check *check, const struct event *event)
{
        const uint64_t verdict = VALUE(event, script_end, verdict);

        if (is_open(check, event)) {
                if (VALUE(event, script_end, operations) != check->script.lines)
                        check_report(check, event->number, NULL, "the script ended with %s, but it had %s",
                                     format_counted(VALUE(event, script_end, operations), "operation"),
                                     format_counted(check->script.lines, "line"));
                else if (verdict == VERDICT_SKIPPED || (verdict == VERDICT_PASSED && check->script.mismatches))
                        check_report(check, event->number, NULL, "the script's verdict is %s, but %s mismatched",
                                     verdict_name(verdict), format_counted(check->script.mismatches, "line"));
        }
        check->script.is_open = false;
        check->totals.scripts++;
        if (verdict == VERDICT_FAILED)
                check_report(check, event->number, NULL, "the script failed");
}

void check_script(struct check *check, const struct event *event)
{
        switch (event->type) {
        case EVENT_script_begin:
                see_begin(check, event);
                break;
        case EVENT_script_line:
                see_line(check, event);
                break;
        case EVENT_script_mismatch:
                see_mismatch(check, event);
                break;
        case EVENT_script_end:
                see_end(check, event);
                break;
        case EVENT_end:
                if (check->script.is_open && !check->script.is_partial && VALUE(event, end, verdict) == VERDICT_PASSED)
                        check_report(check, event->number, NULL, "the run passed, but its script has not ended");
                break;
        default:
                break;
        }
}
