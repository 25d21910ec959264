#include "live/run.h"
#include "live/act.h"
#include "live/arrival.h"
#include "live/beside.h"
#include "live/finding.h"
#include "live/frame.h"
#include "live/samples.h"
#include "live/seek.h"

#include <time.h>

enum { FRAME_MS = 16, INDEX_MS = 12, IDLE_MS = 1000, REST_MS = 120 };

static double now_ms(void)
{
        struct timespec now;

        clock_gettime(CLOCK_MONOTONIC, &now);
        return (double)now.tv_sec * 1000 + (double)now.tv_nsec / 1e6;
}

/* Goes on by as many events as are due since `played_ms`; stops at the end, or where a prediction is asked for. */
static void play(struct view *view, double *played_ms)
{
        double due = (now_ms() - *played_ms) * view->per_second / 1000;

        for (; due >= 1 && view->is_playing; due--) {
                uint64_t before = timeline_at(view->timeline);

                *played_ms += 1000 / view->per_second;
                if (predict_asks(view)) {
                        view->is_playing = false;
                        break;
                }
                time_step(view, FORWARD);
                if (timeline_at(view->timeline) == before) {
                        view->is_playing = false;
                        view->message[0] = 0;
                }
        }
}

static int wait_ms(const struct view *view, double played_ms)
{
        double wait = played_ms + 1000 / view->per_second - now_ms();

        if (finding_is_searched(view) || !timeline_is_indexed(view->timeline) ||
            (view->beside && !beside_is_indexed(view->beside)))
                return 0;
        if (view->present && present_state(view->present) == PRESENT_RUNS)
                return FRAME_MS;
        if (!view->is_playing)
                return samples_are_missing(view) ? REST_MS : IDLE_MS;
        return wait < FRAME_MS ? FRAME_MS : (int)wait;
}

static struct error show(struct canvas *canvas, struct view *view)
{
        TRY(screen_canvas(canvas));
        frame_draw(canvas, view);
        screen_show(canvas);
        return SUCCESS;
}

/* What is to be done between keys: indexes more, and follows a running kernel. */
static struct error go_on(struct view *view)
{
        if (view->present)
                present_update(view->present, view);
        if (view->arrival)
                TRY(arrival_update(view->arrival, view->timeline));
        TRY(timeline_index(view->timeline, INDEX_MS));
        if (finding_is_searched(view))
                finding_go_on(view, INDEX_MS);
        if (view->beside)
                TRY(beside_index(view->beside, INDEX_MS));
        if (view->present)
                present_follow(view->present, view);
        else
                time_begin(view);
        if (view->arrival && view->follows)
                time_last(view);
        if (view->beside)
                beside_align(view->beside, view);
        return SUCCESS;
}

/* What is waited for besides keys: that the recorder sends something, or that more of the recording arrives. */
static int descriptor_of(const struct view *view)
{
        if (view->present)
                return present_descriptor(view->present);
        return view->arrival ? arrival_descriptor(view->arrival) : -1;
}

/* Whether nothing else is to be done, so that the sparklines can get what a jump left out. */
static bool may_fill(const struct view *view)
{
        return timeline_is_indexed(view->timeline) && !finding_is_searched(view) && samples_are_missing(view) &&
               !(view->present && present_state(view->present) == PRESENT_RUNS);
}

static struct error loop(struct view *view)
{
        struct canvas canvas = { 0 };
        struct error error = SUCCESS;
        double played_ms = 0;
        bool was_playing = false;

        while (!view->ends && !screen_was_ended()) {
                int key;

                error = go_on(view);
                if (error.code)
                        break;
                error = show(&canvas, view);
                if (error.code)
                        break;
                key = screen_key(wait_ms(view, played_ms), descriptor_of(view), NULL);
                if (key == SCREEN_NO_KEY && may_fill(view)) {
                        error = samples_fill(view);
                        if (error.code)
                                break;
                }
                /* All that was typed meanwhile, before the next drawing. */
                for (; key != SCREEN_NO_KEY && !view->ends; key = screen_key(0, -1, NULL)) {
                        if (key == SCREEN_KEY_MOUSE)
                                act_on_mouse(view, screen_mouse());
                        else
                                act_on_key(view, key);
                }
                act_scrub(view);
                if (view->is_playing && !was_playing)
                        played_ms = now_ms();
                was_playing = view->is_playing;
                if (view->is_playing)
                        play(view, &played_ms);
        }
        canvas_free(&canvas);
        return error;
}

struct error live_run(struct view *view, const struct screen_options *options)
{
        struct error error;

        TRY(screen_start(options));
        error = loop(view);
        finding_stop(view);
        screen_end();
        return error;
}
