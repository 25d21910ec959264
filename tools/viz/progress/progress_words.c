#include "base/format.h"
#include "progress/progress.h"

#include <stdlib.h>
#include <string.h>

enum { PAIRS_SAID = 20 };

/* --- notes ------------------------------------------------------------------------------------------------ */

static void describe_end(char *words, size_t size, const struct progress *progress, const struct progress_span *span,
                         bool is_begin)
{
        const char *who = progress->name[span->axis], *name = progress_span_name(progress, span);

        if (span->kind == SPAN_LOCK)
                snprintf(words, size, "%s %s the lock %s", who, is_begin ? "acquires" : "releases", name);
        else if (progress->request.window == WINDOW_OF_TREES)
                snprintf(words, size, "%s %s: %s, operation %s of tree %s", who,
                         is_begin ? "checks" : "has acted", name, format_count(span->number), format_count(span->object));
        else
                snprintf(words, size, is_begin ? "%s has checked, and calls %s" : "%s has acted, after %s: its next call", who, name);
}

static int compare_notes(const void *left, const void *right)
{
        const struct progress_note *a = left, *b = right;

        return (a->event > b->event) - (a->event < b->event);
}

static const struct progress_span *lock_waited_for(const struct progress *progress, const struct progress_wait *wait)
{
        for (size_t i = 0; i < progress->spans; i++)
                if (progress->span[i].kind == SPAN_LOCK && progress->span[i].object == wait->lock)
                        return &progress->span[i];
        return NULL;
}

static bool is_event_shown(const struct progress *progress, uint64_t event)
{
        for (int axis = 0; axis < 2; axis++) {
                size_t steps = progress_steps_until(progress, axis, event);

                if (steps < progress->from[axis] || steps > progress->to[axis])
                        return false;
        }
        return true;
}

static void add_end(const struct progress *progress, struct progress_note *notes, size_t *count,
                    const struct progress_span *span, bool is_begin)
{
        struct progress_note *note = &notes[*count];

        note->event = is_begin ? span->first : span->last;
        if (note->event == UINT64_MAX || !is_event_shown(progress, note->event))
                return;
        describe_end(note->words, sizeof note->words, progress, span, is_begin);
        ++*count;
}

size_t progress_notes(const struct progress *progress, struct progress_note notes[PROGRESS_NOTES_MOST])
{
        size_t count = 0;

        for (int axis = 0; axis < 2; axis++) {
                const struct progress_span *focus = progress->focus[axis];

                if (!focus)
                        continue;
                add_end(progress, notes, &count, focus, true);
                add_end(progress, notes, &count, focus, false);
        }
        for (size_t i = 0; i < progress->waits && count < PROGRESS_NOTES_MOST; i++) {
                const struct progress_wait *wait = &progress->wait[i];
                const struct progress_span *span = lock_waited_for(progress, wait);

                if (!is_event_shown(progress, wait->event))
                        continue;
                notes[count].event = wait->event;
                snprintf(notes[count].words, sizeof notes[count].words, "%s waits for the lock %s",
                         progress->name[wait->axis], span ? progress_span_name(progress, span) : "");
                count++;
        }
        qsort(notes, count, sizeof *notes, compare_notes);
        return count;
}

/* --- all of it -------------------------------------------------------------------------------------------- */

/* "events 812 to 840", "event 812 to the end" */
static void write_events(const struct progress_span *span, FILE *file)
{
        if (span->last == UINT64_MAX)
                fprintf(file, "event %s to the end", format_count(span->first));
        else
                fprintf(file, "events %s to %s", format_count(span->first), format_count(span->last));
}

static void write_pair(const struct progress *progress, const struct progress_span *a, const struct progress_span *b,
                       FILE *file)
{
        fprintf(file, "  %s: %s at ", progress_span_name(progress, a), progress->name[a->axis]);
        write_events(a, file);
        if (b->what != a->what)
                fprintf(file, "; %s: %s at ", progress_span_name(progress, b), progress->name[b->axis]);
        else
                fprintf(file, "; %s at ", progress->name[b->axis]);
        write_events(b, file);
        fputc('\n', file);
}

/* Each pair that `belongs` among what is shown. Returns how many there are. */
static size_t write_pairs(const struct progress *progress, FILE *file, const char *heading,
                          bool (*belongs)(const struct progress_span *, const struct progress_span *))
{
        size_t count = 0;

        for (size_t i = 0; i < progress->spans; i++) {
                const struct progress_span *a = &progress->span[i];

                for (size_t j = 0; a->axis == 0 && progress_is_shown(progress, a) && j < progress->spans; j++) {
                        const struct progress_span *b = &progress->span[j];

                        if (b->axis != 1 || !progress_is_shown(progress, b) || !belongs(a, b))
                                continue;
                        if (!count)
                                fprintf(file, "\n%s\n", heading);
                        if (count++ < PAIRS_SAID)
                                write_pair(progress, a, b, file);
                }
        }
        if (count > PAIRS_SAID)
                fprintf(file, "  and %s more\n", format_count(count - PAIRS_SAID));
        return count;
}

void progress_write_words(const struct progress *progress, FILE *file)
{
        struct progress_note notes[PROGRESS_NOTES_MOST];
        size_t count = progress_notes(progress, notes);

        fprintf(file, "%s and %s, one against the other: %s\n", progress->name[0], progress->name[1], progress->why);
        for (int axis = 0; axis < 2; axis++)
                fprintf(file, "  %s: steps %s to %s of %s\n", progress->name[axis],
                        format_count(progress->from[axis] + 1), format_count(progress->to[axis]),
                        format_count(progress->steps[axis]));
        if (count)
                fputs("\nIn this order\n", file);
        for (size_t i = 0; i < count; i++)
                fprintf(file, "  %2zu. event %s: %s\n", i + 1, format_count(notes[i].event), notes[i].words);
        if (!write_pairs(progress, file, "Races: both were between check and act at the same time", progress_is_race))
                fputs("\nNo race is in this part.\n", file);
        if (!write_pairs(progress, file, "Rectangles that no path enters: both would hold the same lock",
                         progress_is_same_lock))
                fputs(progress->request.axis[0].kind == AXIS_TASK
                              ? "\nLocks of the kernel are held by processors: for them take --axes cpu:0,cpu:1.\n" :
                      progress->locks_told ? "\nThe two take no lock in common in this part.\n"
                                           : "\nThe recording has no events of locks: record with trace=+lock.\n", file);
}
