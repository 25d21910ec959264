#include "live/act.h"
#include "base/error_message.h"
#include "live/beside.h"
#include "live/finding.h"
#include "live/frame.h"
#include "live/keys.h"
#include "live/look.h"
#include "live/panes.h"
#include "live/save.h"
#include "live/seek.h"

#include <curses.h>
#include <string.h>

/* --- what is typed ---------------------------------------------------------------------------------------- */

static void open_prompt(struct view *view, enum prompt prompt)
{
        view->prompt = prompt;
        view->input[0] = 0;
}

static void finish_prompt(struct view *view)
{
        enum prompt prompt = view->prompt;

        view->prompt = PROMPT_NONE;
        if (!view->input[0])
                return;
        switch (prompt) {
        case PROMPT_GO_TO:
                time_to_words(view, view->input);
                break;
        case PROMPT_SEARCH:
                snprintf(view->search, sizeof view->search, "%.63s", view->input);
                time_match(view, FORWARD);
                break;
        default:
                save_view(view, view->input);
                break;
        }
}

static void type(struct view *view, int key)
{
        size_t length = strlen(view->input);

        if (key == 27) {
                view->prompt = PROMPT_NONE;
        } else if (key == '\r' || key == '\n' || key == KEY_ENTER) {
                finish_prompt(view);
        } else if ((key == KEY_BACKSPACE || key == 127 || key == 8) && length) {
                view->input[length - 1] = 0;
        } else if (key == 21) {
                view->input[0] = 0;
        } else if (key >= ' ' && key < 127 && length + 1 < sizeof view->input) {
                view->input[length] = (char)key;
                view->input[length + 1] = 0;
        }
}

/* --- moving ----------------------------------------------------------------------------------------------- */

static void move_selection(struct view *view, enum action action)
{
        if (view->overlay) {
                view->overlay_row += action == ACTION_UP ? -1 : 1;
                if (view->overlay_row < 0)
                        view->overlay_row = 0;
        } else if (view->focus == PANE_TREE) {
                look_select_in_tree(view, action);
        } else if (view->focus == PANE_BAR) {
                look_select_in_order(view, action == ACTION_UP ? LEFT : RIGHT);
        } else {
                time_step(view, action == ACTION_UP ? BACKWARD : FORWARD);
        }
}

/* --- overlays --------------------------------------------------------------------------------------------- */

static void toggle(struct view *view, enum overlay overlay)
{
        view->overlay = view->overlay == overlay ? OVERLAY_NONE : overlay;
        view->overlay_row = 0;
}

static void choose_space(struct view *view)
{
        struct scene scene = { .model = timeline_model(view->timeline) };
        uint64_t tree = overlay_spaces_tree_at(&scene, view->overlay_row);

        view->overlay = OVERLAY_NONE;
        if (!tree)
                return;
        view->tree = tree;
        view->tree_was_chosen = true;
        view->bar = (struct vrange){ 0 };
        view->selected = 0;
        memset(view->sample, 0, sizeof view->sample);
        view->filled_at = 0;
}

static void enter(struct view *view)
{
        if (view->overlay == OVERLAY_SPACES)
                choose_space(view);
        else if (view->overlay == OVERLAY_LOCKS && view->present)
                present_send_locks(view->present, view);
        else if (view->overlay)
                view->overlay = OVERLAY_NONE;
        else
                look_show_in_bar(view);
}

static void close_what_is_open(struct view *view)
{
        if (view->overlay)
                view->overlay = OVERLAY_NONE;
        else if (view->selected)
                view->selected = 0;
        else
                view->maximised = false;
}

/* --- keys ------------------------------------------------------------------------------------------------- */

/* At the newest event of a running kernel, what goes forward in time is a command to it. */
static bool is_command(struct view *view, enum action action)
{
        if (!present_is_shown(view->present, view))
                return false;
        switch (action) {
        case ACTION_STEP_FORWARD:
                if (view->predicts)
                        present_step_unseen(view->present, view);
                else
                        present_step(view->present, view);
                return true;
        case ACTION_OPERATION_FORWARD:
                present_run_to(view->present, view, COMMAND_RUN_TO_TREE);
                return true;
        case ACTION_FAULT_FORWARD:
                present_run_to(view->present, view, COMMAND_RUN_TO_FAULT);
                return true;
        case ACTION_ERROR_FORWARD:
                present_run_to(view->present, view, COMMAND_RUN_TO_ERROR);
                return true;
        case ACTION_PLAY:
                present_pause_or_go(view->present, view);
                return true;
        default:
                return false;
        }
}

static void step(struct view *view, enum direction direction)
{
        if (direction == FORWARD && predict_asks(view))
                return;
        time_step(view, direction);
}

static void play(struct view *view)
{
        view->is_playing = !view->is_playing;
        if (view->is_playing)
                view_say(view, "plays %g events a second; > and < change that, Space pauses", view->per_second);
}

static void change_speed(struct view *view, double factor)
{
        view->per_second *= factor;
        if (view->per_second > 10000)
                view->per_second = 10000;
        if (view->per_second < 0.5)
                view->per_second = 0.5;
        view_say(view, "plays %g events a second", view->per_second);
}

static void predict(struct view *view)
{
        view->predicts = !view->predicts;
        view->is_asking = false;
        if (view->predicts) {
                view->asked = view->right = 0;
                view_say(view, "predict: before each visit, a step forward asks what is decided there");
        } else {
                view_say(view, "predicted %u of %u", view->right, view->asked);
        }
}

static void pause_or_go(struct view *view)
{
        if (view->present)
                present_pause_or_go(view->present, view);
        else
                view_say(view, "this is a recording: no kernel runs");
}

static void act(struct view *view, enum action action)
{
        switch (action) {
        case ACTION_STEP_FORWARD:       step(view, FORWARD); break;
        case ACTION_STEP_BACK:          step(view, BACKWARD); break;
        case ACTION_OPERATION_FORWARD:  time_operation(view, FORWARD); break;
        case ACTION_OPERATION_BACK:     time_operation(view, BACKWARD); break;
        case ACTION_FAULT_FORWARD:      time_fault(view, FORWARD); break;
        case ACTION_FAULT_BACK:         time_fault(view, BACKWARD); break;
        case ACTION_ERROR_FORWARD:      time_error(view, FORWARD); break;
        case ACTION_ERROR_BACK:         time_error(view, BACKWARD); break;
        case ACTION_FINDING:            finding_start(view); break;
        case ACTION_DIFFERENCE:         beside_first_difference(view); break;
        case ACTION_FIRST:              time_first(view); break;
        case ACTION_LAST:               time_last(view); view->follows = true; break;
        case ACTION_GO_TO:              open_prompt(view, PROMPT_GO_TO); break;
        case ACTION_SEARCH:             open_prompt(view, PROMPT_SEARCH); break;
        case ACTION_SAVE:               open_prompt(view, PROMPT_SAVE); break;
        case ACTION_MATCH_FORWARD:      time_match(view, FORWARD); break;
        case ACTION_MATCH_BACK:         time_match(view, BACKWARD); break;
        case ACTION_FILTER:             view->filter = (view->filter + 1) % FILTERS; break;
        case ACTION_PLAY:               play(view); break;
        case ACTION_PAUSE_OR_GO:        pause_or_go(view); break;
        case ACTION_FASTER:             change_speed(view, 2); break;
        case ACTION_SLOWER:             change_speed(view, 0.5); break;
        case ACTION_PREDICT:            predict(view); break;
        case ACTION_HELP:               toggle(view, OVERLAY_HELP); break;
        case ACTION_SPACES:             toggle(view, OVERLAY_SPACES); break;
        case ACTION_TASKS:              toggle(view, OVERLAY_TASKS); break;
        case ACTION_LOCKS:              toggle(view, OVERLAY_LOCKS); break;
        case ACTION_FOCUS_NEXT:         view->focus = (view->focus + 1) % PANES; break;
        case ACTION_FOCUS_BACK:         view->focus = (view->focus + PANES - 1) % PANES; break;
        case ACTION_MAXIMISE:           view->maximised = !view->maximised; break;
        case ACTION_UP:
        case ACTION_DOWN:               move_selection(view, action); break;
        case ACTION_SELECT_BACK:        look_select_in_order(view, LEFT); break;
        case ACTION_SELECT_NEXT:        look_select_in_order(view, RIGHT); break;
        case ACTION_ENTER:              enter(view); break;
        case ACTION_ZOOM_IN:            look_zoom(view, true); break;
        case ACTION_ZOOM_OUT:           look_zoom(view, false); break;
        case ACTION_FIT:                look_fit(view); break;
        case ACTION_PAN_LEFT:           look_pan(view, -1, 0); break;
        case ACTION_PAN_RIGHT:          look_pan(view, 1, 0); break;
        case ACTION_PAN_UP:             look_pan(view, 0, -1); break;
        case ACTION_PAN_DOWN:           look_pan(view, 0, 1); break;
        case ACTION_CLOSE:              close_what_is_open(view); break;
        case ACTION_QUIT:               view->ends = true; break;
        case ACTION_NONE:
        case ACTION_COUNT:              break;
        }
}

/* What a key does to the view, or, at the newest event of a running kernel, to that. */
static void act_or_command(struct view *view, enum action action)
{
        if (!is_command(view, action))
                act(view, action);
}

/* After the view has moved in time from event `before`: it stays at the present if it is there, and leaves it if not. */
static void stay_or_leave(struct view *view, uint64_t before)
{
        if (timeline_at(view->timeline) == before)
                return;
        view->follows = timeline_at(view->timeline) == timeline_last(view->timeline);
        if (view->present && view->follows)
                present_return(view->present);
        else if (view->present)
                present_leave(view->present);
}

static void take_key(struct view *view, int key)
{
        if (view->prompt) {
                type(view, key);
                return;
        }
        if (view->is_asking) {
                if (predict_answer(view, key))
                        return;
                view->is_asking = false;
                if (key == 27)
                        return;
        }
        if (key_action(key) == ACTION_NONE && key >= 0)
                view_say(view, "this key does nothing; ? shows every key");
        act_or_command(view, key_action(key));
}

void act_on_key(struct view *view, int key)
{
        const uint64_t before = timeline_at(view->timeline);

        if (key == KEY_RESIZE)
                return;
        act_scrub(view);
        view->message[0] = 0;
        take_key(view, key);
        stay_or_leave(view, before);
}

/* --- the mouse -------------------------------------------------------------------------------------------- */

static void click_pane(struct view *view, enum pane pane, struct mouse mouse)
{
        uint64_t id;

        view->focus = pane;
        switch (pane) {
        case PANE_TREE:
                view->selected = pane_tree_region_at(mouse.x, mouse.y);
                break;
        case PANE_BAR:
                id = pane_bar_region_at(mouse.x);
                if (id)
                        view->selected = id;
                break;
        case PANE_EVENTS:
                id = pane_events_event_at(mouse.y);
                if (id)
                        time_to_event(view, id);
                break;
        default:
                break;
        }
}

static void turn_wheel(struct view *view, struct mouse mouse, struct frame_spot spot)
{
        if (view->overlay) {
                move_selection(view, mouse.wheel_up ? ACTION_UP : ACTION_DOWN);
        } else if (spot.kind == SPOT_PANE && (spot.pane == PANE_TREE || spot.pane == PANE_BAR)) {
                view->focus = spot.pane;
                look_zoom(view, mouse.wheel_up);
        } else {
                time_step(view, mouse.wheel_up ? BACKWARD : FORWARD);
        }
}

static void drag(struct view *view, struct mouse mouse)
{
        const double last = (double)timeline_last(view->timeline);

        view->scrub_to = (uint64_t)(frame_scrub_share(mouse.x) * last + 0.5);
        if (!view->scrub_to)
                view->scrub_to = 1;
}

void act_scrub(struct view *view)
{
        const uint64_t before = timeline_at(view->timeline);

        if (!view->scrub_to)
                return;
        time_to_event(view, view->scrub_to);
        view->scrub_to = 0;
        stay_or_leave(view, before);
}

static void click(struct view *view, struct mouse mouse, struct frame_spot spot)
{
        switch (spot.kind) {
        case SPOT_FUNCTION_KEY:
                act_or_command(view, key_action(KEY_F(spot.function_key)));
                break;
        case SPOT_SCRUB:
                view->is_scrubbing = true;
                drag(view, mouse);
                break;
        case SPOT_PANE:
                if (view->overlay == OVERLAY_SPACES) {
                        view->overlay_row = spot.row > 0 ? spot.row - 1 : 0;
                        choose_space(view);
                } else if (!view->overlay) {
                        click_pane(view, spot.pane, mouse);
                }
                break;
        default:
                break;
        }
}

void act_on_mouse(struct view *view, struct mouse mouse)
{
        const struct frame_spot spot = frame_at(mouse.x, mouse.y);
        const uint64_t before = timeline_at(view->timeline);

        view->message[0] = 0;
        if (mouse.wheel_up || mouse.wheel_down)
                turn_wheel(view, mouse, spot);
        else if (mouse.moved && view->is_scrubbing)
                drag(view, mouse);
        else if (mouse.pressed || mouse.twice)
                click(view, mouse, spot);
        if (mouse.released)
                view->is_scrubbing = false;
        stay_or_leave(view, before);
}
