#include "live/finding.h"
#include "base/error_message.h"
#include "check/check.h"

#include <stdlib.h>
#include <time.h>

enum { AT_A_TIME = 2000 };

struct finding_search {
        struct check *check;
        struct reader *reader;
};

static double now_ms(void)
{
        struct timespec now;

        clock_gettime(CLOCK_MONOTONIC, &now);
        return (double)now.tv_sec * 1000 + (double)now.tv_nsec / 1e6;
}

bool finding_is_searched(const struct view *view)
{
        return view->finding != NULL;
}

void finding_stop(struct view *view)
{
        if (!view->finding)
                return;
        check_destroy(view->finding->check);
        if (view->finding->reader)
                reader_close(view->finding->reader);
        free(view->finding);
        view->finding = NULL;
        error_ignore(timeline_spare(view->timeline, 0));
}

/* The check has a model of its own, and an array of regions with which it compares answers. */
static struct error start(struct finding_search **out, struct timeline *timeline)
{
        *out = calloc(1, sizeof **out);
        if (!*out)
                return fail_no_memory();
        if (timeline_spare(timeline, 2 * history_progress(timeline_history(timeline)).largest_model).code)
                return FAILF(NO_MEMORY, "the check takes more memory than --memory allows; `regiontrace check' takes a process "
                             "of its own");
        TRY(check_create(EVERY_EVENT_COUNTS, &(*out)->check));
        return reader_open(timeline_name(timeline), &(*out)->reader);
}

void finding_start(struct view *view)
{
        if (view->finding) {
                finding_stop(view);
                view_say(view, "the check was given up");
        } else if (view->present) {
                view_say(view, "a running kernel's recording is checked when it is finished: `regiontrace check'");
        } else if (start(&view->finding, view->timeline).code) {
                view_alarm(view, "%s", error_message());
                finding_stop(view);
        }
}

/* Up to AT_A_TIME more events. False at the end, or at a finding. */
static struct error check_piece(struct finding_search *search, bool *more)
{
        struct event event;

        *more = true;
        for (unsigned i = 0; i < AT_A_TIME; i++) {
                if (check_findings(search->check) || !reader_next(search->reader, &event)) {
                        *more = false;
                        return check_findings(search->check) ? SUCCESS : check_finish(search->check, search->reader);
                }
                TRY(check_event(search->check, &event));
        }
        return SUCCESS;
}

static void go_to_finding(struct view *view)
{
        const struct finding first = *check_finding(view->finding->check, 0);

        if (first.tree)
                view->tree = first.tree;
        view->selected = first.region;
        if (timeline_seek(view->timeline, first.event ? first.event : timeline_last(view->timeline)).code)
                view_alarm(view, "%s", error_message());
        else
                view_alarm(view, "%.150s", first.words);
}

void finding_go_on(struct view *view, double milliseconds)
{
        const double end = now_ms() + milliseconds;
        struct finding_search *search = view->finding;
        const uint64_t all = history_progress(timeline_history(view->timeline)).size;
        bool more = true;

        while (more && now_ms() < end)
                if (check_piece(search, &more).code) {
                        view_alarm(view, "%s", error_message());
                        finding_stop(view);
                        return;
                }
        if (more) {
                view_say(view, "checks: %.0f %%; c gives up",
                         all ? 100 * (double)reader_totals(search->reader).bytes / (double)all : 0.0);
                return;
        }
        if (check_findings(search->check))
                go_to_finding(view);
        else
                view_say(view, "the check finds nothing wrong");
        finding_stop(view);
}
