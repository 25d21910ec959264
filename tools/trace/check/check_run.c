#include "check/check_internal.h"
#include "stream/event_table.h"

#include <inttypes.h>

/* Events about the run: test cases, a panic, the end. */

/* What a cpu sent last may be missing without a number that shows it: then the end counts more. */
static void compare_total(struct check *check, const struct event *event, uint64_t numbered)
{
        const uint64_t said = VALUE(event, end, events);

        if (said < numbered)
                check_report(check, event->number, NULL, "the end counts %s, but their numbers go up to %s",
                             format_counted(said, "event"), format_count(numbered));
        else if (said > numbered && check->policy == EVERY_EVENT_COUNTS)
                check_report(check, event->number, NULL,
                             "%s missing, the last of a cpu, or all that it sent: the end counts %s, but their numbers "
                             "go up to %s",
                             format_counted(said - numbered, "event"), format_count(said), format_count(numbered));
}

/* What `regiontrace cut` ends before the run does has no verdict of its own. */
static bool is_cut(const struct check *check, const struct event *event)
{
        return VALUE(event, end, verdict) == VERDICT_CUT && check->policy == LOSS_IS_ALLOWED;
}

static void see_end(struct check *check, const struct event *event)
{
        uint64_t numbered = 0;

        for (size_t cpu = 0; cpu < CPUS_MAX; cpu++)
                numbered += check->newest[cpu];
        check->ended = true;
        check->end_dropped = VALUE(event, end, dropped);
        compare_total(check, event, numbered);
        if (VALUE(event, end, verdict) != VERDICT_PASSED && !is_cut(check, event))
                check_report(check, event->number, NULL, "the run's own verdict is %s",
                             verdict_name(VALUE(event, end, verdict)));
}

void check_run(struct check *check, const struct event *event)
{
        const char *text = event->text ? event->text : "";

        check_script(check, event);
        if (check->ended)
                check_report(check, event->number, NULL, "%s after the end", event->schema->name);
        switch (event->type) {
        case EVENT_case_end:
                check->totals.cases++;
                if (VALUE(event, case_end, verdict) == VERDICT_FAILED)
                        check_report(check, event->number, NULL, "test case %s failed", text);
                break;
        case EVENT_panicked:
                check_report(check, event->number, NULL, "the kernel panicked: %s", text);
                break;
        case EVENT_end:
                see_end(check, event);
                break;
        default:
                break;
        }
}
