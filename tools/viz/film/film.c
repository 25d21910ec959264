#include "film/film.h"
#include "base/error_message.h"
#include "base/format.h"
#include "draw/text.h"
#include "film/film_levels.h"
#include "moment/event_words.h"
#include "moment/operation_words.h"
#include "stream/reader.h"

#include <stdlib.h>
#include <string.h>

/*
 * A tree that can be drawn whole in each frame is, and equally generously in all of them, so that its nodes can be
 * followed from frame to frame. Which style that takes is known when all frames have been drawn; then they are drawn again.
 */
struct wholeness {
        bool is_wanted;
        unsigned style;                         /* the most frugal that a frame needed */
        bool is_missed;                         /* a frame could not be whole */
};

/* A film in the making. */
struct shooting {
        struct film *film;
        struct model *model;
        const struct schema *schema;
        const struct model_tree *tree;
        char space[MODEL_NAME_SIZE];
        enum units units;
        char meaning[FILM_CAPTION_SIZE];        /* of the change that the next frame shows */
        struct shown_operation shown;
        uint64_t event;                         /* the newest in the model */
        struct wholeness whole, whole_levels;
};

enum { REMARKS_MAX = 3 };

/* --- frames ----------------------------------------------------------------------------------------------- */

static void write_subtree(FILE *file, const struct model *model, const struct model_region *region, const char *place,
                          int depth)
{
        char words[96];

        if (!region)
                return;
        region_words(words, sizeof words, model, region->id);
        fprintf(file, "      %*s%s: %s, %s%s\n", 2 * depth, "", place, words, region->colour == RED ? "red" : "black",
                depth == 2 && (region->child[LEFT] || region->child[RIGHT]) ? ", and what is below it" : "");
        if (depth == 2)
                return;
        write_subtree(file, model, region->child[LEFT], "left", depth + 1);
        write_subtree(file, model, region->child[RIGHT], "right", depth + 1);
}

/* The part of the tree around a region that has changed: three levels, from its parent on. */
static struct error describe_part(char **out, const struct shooting *shooting, const struct model_region *region)
{
        const struct model_region *top = region->parent ? region->parent : region;
        size_t length;
        FILE *file = open_memstream(out, &length);

        if (!file)
                return fail_no_memory();
        write_subtree(file, shooting->model, top,
                      top->parent ? top->parent->child[RIGHT] == top ? "right" : "left" : "root", 0);
        return fclose(file) ? fail_no_memory() : SUCCESS;
}

static void note(struct wholeness *whole, const struct layout *layout)
{
        whole->is_missed |= !layout->is_whole;
        if (layout->is_whole && layout->style > whole->style)
                whole->style = layout->style;
}

/* The frame once more, as a 2-3-4 tree. */
static struct error add_levels(struct shooting *shooting, struct film_frame *frame, const struct layout_remark *remark,
                               size_t remarks)
{
        snprintf(frame->meaning, sizeof frame->meaning, "as a 2-3-4 tree%s%s", shooting->meaning[0] ? ": " : "",
                 shooting->meaning);
        shooting->meaning[0] = 0;
        TRY(layout_create(&frame->levels, &(struct layout_request){
                .prefers_whole = shooting->whole_levels.is_wanted, .least_style = shooting->whole_levels.style,
                .tree = shooting->tree, .space = shooting->space, .shown = &shooting->shown, .event = shooting->event,
                .fit = FIT_FRAME, .levels = LEVELS_BY_BLACK, .title = frame->meaning, .is_wordless = true,
                .remark = remark, .remarks = remarks,
        }));
        note(&shooting->whole_levels, frame->levels);
        return SUCCESS;
}

/* Adds a frame of the tree as it is now. `changed` is a region whose surroundings are described, or NULL. */
static struct error add_frame(struct shooting *shooting, const char *caption, const struct layout_remark *remark,
                              size_t remarks, const struct model_region *changed)
{
        struct film *film = shooting->film;
        struct film_frame *frame;

        if (film->frames == FILM_FRAMES_MAX) {
                film->is_cut = true;
                return SUCCESS;
        }
        frame = &film->frame[film->frames];
        snprintf(frame->caption, sizeof frame->caption, "%zu. %s", film->frames + 1, caption);
        frame->event = shooting->event;
        shown_take(&shooting->shown, shooting->tree);
        if (changed && changed->tree)
                TRY(describe_part(&frame->words, shooting, changed));
        TRY(layout_create(&frame->layout, &(struct layout_request){
                .prefers_whole = shooting->whole.is_wanted, .least_style = shooting->whole.style,
                .tree = shooting->tree, .space = shooting->space, .shown = &shooting->shown, .event = shooting->event,
                .fit = FIT_FRAME, .title = frame->caption, .remark = remark, .remarks = remarks,
        }));
        note(&shooting->whole, frame->layout);
        film->frames++;
        return film->levels == LEVELS_BY_BLACK ? add_levels(shooting, frame, remark, remarks) : SUCCESS;
}

/* After the last decision of a visit. */
static struct error add_visit(struct shooting *shooting)
{
        char caption[4 * WHY_SIZE], words[96] = "the tail gap", why[2 * WHY_SIZE];
        size_t first;

        shown_take(&shooting->shown, shooting->tree);
        first = shooting->shown.searching - 1;
        while (first &&
               shooting->shown.operation.visit[first - 1].region == shooting->shown.operation.visit[first].region)
                first--;
        if (shooting->shown.operation.visit[first].region)
                region_words(words, sizeof words, shooting->model, shooting->shown.operation.visit[first].region);
        visit_words(why, sizeof why, shooting->model, &shooting->shown, first, shooting->units);
        snprintf(caption, sizeof caption, "visits %s: %s", words, why);
        return add_frame(shooting, caption, NULL, 0, NULL);
}

/* A link, an unlink, an exchange or a recolouring, which the model has carried out. */
static struct error add_change(struct shooting *shooting, const struct event *event)
{
        const struct model_region *region = model_region(shooting->model, event->field[1]);
        char caption[FILM_CAPTION_SIZE];

        event_words(caption, sizeof caption, event, shooting->model, shooting->schema);
        film_meaning_of_change(shooting->meaning, sizeof shooting->meaning, shooting->model, event);
        return add_frame(shooting, caption,
                         &(struct layout_remark){
                                 event->field[1],
                                 event->type == EVENT_tree_colour ? "recoloured" :
                                 event->type == EVENT_tree_link   ? "linked" :
                                 event->type == EVENT_list_link   ? "linked" :
                                                                    "exchanged",
                         },
                         1, event->type == EVENT_tree_colour ? NULL : region);
}

/* --- rotations -------------------------------------------------------------------------------------------- */

/*
 * Of a rotation: which node sinks, which rises, and the subtree that changes its parent from the one that rises to the one
 * that sinks.
 */
struct rotation {
        const struct model_region *sinks, *rises, *moves;
        enum side side;
        bool rises_was_red;
};

static bool rotation_of(struct rotation *rotation, const struct shooting *shooting, const struct event *event)
{
        enum side side = event->field[EVENT_FIELD(tree_rotate, side)] == LEFT ? LEFT : RIGHT;
        const struct model_region *sinks =
                model_region(shooting->model, event->field[EVENT_FIELD(tree_rotate, region)]);

        if (!sinks || !sinks->child[!side])
                return false;
        *rotation = (struct rotation){ sinks, sinks->child[!side], sinks->child[!side]->child[side], side,
                                         sinks->child[!side]->colour == RED };
        return true;
}

static size_t remark_rotation(struct layout_remark remark[static REMARKS_MAX], const struct rotation *rotation,
                              bool is_over)
{
        remark[0] = (struct layout_remark){ rotation->sinks->id, is_over ? "sank" : "sinks" };
        remark[1] = (struct layout_remark){ rotation->rises->id, is_over ? "rose" : "rises" };
        if (!rotation->moves)
                return 2;
        remark[2] = (struct layout_remark){ rotation->moves->id, is_over ? "has a new parent" : "changes its parent" };
        return 3;
}

/* Just before a rotation is carried out: the tree as it was. */
static struct error add_before_rotation(struct shooting *shooting, const struct rotation *rotation)
{
        struct layout_remark remark[REMARKS_MAX];
        char caption[FILM_CAPTION_SIZE] = "", sinks[96], rises[96], moves[96];

        region_words(sinks, sizeof sinks, shooting->model, rotation->sinks->id);
        region_words(rises, sizeof rises, shooting->model, rotation->rises->id);
        text_append(caption, sizeof caption, "before a rotation: %s will sink to the %s, %s will rise", sinks,
                    rotation->side == LEFT ? "left" : "right", rises);
        if (rotation->moves) {
                region_words(moves, sizeof moves, shooting->model, rotation->moves->id);
                text_append(caption, sizeof caption, "; the subtree of %s changes its parent", moves);
        }
        return add_frame(shooting, caption, remark, remark_rotation(remark, rotation, false), rotation->rises);
}

static struct error add_after_rotation(struct shooting *shooting, const struct rotation *rotation)
{
        struct layout_remark remark[REMARKS_MAX];
        char caption[FILM_CAPTION_SIZE], sinks[96], rises[96];

        region_words(sinks, sizeof sinks, shooting->model, rotation->sinks->id);
        region_words(rises, sizeof rises, shooting->model, rotation->rises->id);
        snprintf(caption, sizeof caption, "rotated: %s is the %s child of %s", sinks,
                 rotation->side == LEFT ? "left" : "right", rises);
        film_meaning_of_rotation(shooting->meaning, sizeof shooting->meaning, shooting->model, rotation->sinks,
                                 rotation->rises, rotation->rises_was_red);
        return add_frame(shooting, caption, remark, remark_rotation(remark, rotation, true), rotation->sinks);
}

/* --- the operation ---------------------------------------------------------------------------------------- */

static bool is_of(const struct event *event, const struct shooting *shooting)
{
        return event_is_of_tree(event) && event->field[0] == shooting->tree->id;
}

/* Whether the newest event was a decision of the search whose visit ends with it, `next` being the event after it. */
static bool ends_visit(const struct shooting *shooting, const struct event *next)
{
        const struct model_operation *operation = &shooting->tree->operation;
        const struct model_visit *last;

        if (!operation->visits)
                return false;
        last = &operation->visit[operation->visits - 1];
        return last->event == shooting->event && last->decision != LINKING &&
               !(next->type == EVENT_tree_visit && next->field[EVENT_FIELD(tree_visit, region)] == last->region &&
                 next->field[EVENT_FIELD(tree_visit, decision)] != LINKING);
}

/* One event of the operation: the frames before it is carried out, and after. */
static struct error shoot(struct shooting *shooting, const struct event *event)
{
        struct rotation rotation;
        bool rotates = false;

        if (is_of(event, shooting) && ends_visit(shooting, event))
                TRY(add_visit(shooting));
        if (is_of(event, shooting) && event->type == EVENT_tree_rotate)
                rotates = rotation_of(&rotation, shooting, event);
        if (rotates)
                TRY(add_before_rotation(shooting, &rotation));

        if (error_is(model_apply(shooting->model, event), ERROR_NO_MEMORY))
                return fail_no_memory();
        if (!is_of(event, shooting))
                return SUCCESS;
        shooting->event = event->number;
        if (rotates)
                return add_after_rotation(shooting, &rotation);
        switch (event->type) {
        case EVENT_list_link:
        case EVENT_list_unlink:
        case EVENT_tree_link:
        case EVENT_tree_unlink:
        case EVENT_tree_exchange:
        case EVENT_tree_colour:
                return add_change(shooting, event);
        default:
                return SUCCESS;
        }
}

static void write_title(struct shooting *shooting)
{
        char *title = shooting->film->title;
        size_t size = sizeof shooting->film->title;

        shown_take(&shooting->shown, shooting->tree);
        text_append(title, size, "%s · operation %s · ", shooting->space,
                    format_count(shooting->shown.operation.number));
        operation_call(title, size, &shooting->shown, shooting->tree->range, shooting->units);
        operation_outcome(title, size, &shooting->shown);
}

/* From the first event of the operation on. */
static struct error shoot_operation(struct shooting *shooting, struct reader *reader)
{
        const struct model_space *space = model_space(shooting->model, shooting->tree->space);
        struct event event;

        shooting->units = units_for(shooting->tree->range);
        if (space && space->name && *space->name)
                text_copy_name(shooting->space, sizeof shooting->space, space->name);
        else
                snprintf(shooting->space, sizeof shooting->space, "tree %s", format_count(shooting->tree->id));
        TRY(add_frame(shooting, "before", NULL, 0, NULL));
        while (shooting->tree->operation.in_progress && reader_next(reader, &event))
                TRY(shoot(shooting, &event));
        TRY(add_frame(shooting, shooting->tree->operation.in_progress ? "here the recording ends" : "after", NULL, 0,
                      NULL));
        write_title(shooting);
        return SUCCESS;
}

static struct error find_and_shoot(struct shooting *shooting, struct reader *reader, uint64_t tree, uint64_t operation)
{
        struct event event;

        shooting->schema = reader_schema(reader);
        while (reader_next(reader, &event)) {
                if (error_is(model_apply(shooting->model, &event), ERROR_NO_MEMORY))
                        return fail_no_memory();
                if (event.type != EVENT_tree_begin || event.field[0] != tree ||
                    event.field[EVENT_FIELD(tree_begin, operation)] != operation)
                        continue;
                shooting->tree = model_tree(shooting->model, tree);
                shooting->event = event.number;
                if (shooting->tree)
                        return shoot_operation(shooting, reader);
        }
        if (reader_failed(reader))
                return FAIL(BAD_INPUT);
        return FAILF(NOT_FOUND, "%s: tree %s has no operation %s", reader_name(reader), format_count(tree),
                     format_count(operation));
}

static struct error shoot_film(struct film **out, const char *path, uint64_t tree, uint64_t operation,
                               enum levels levels, struct wholeness *whole, struct wholeness *whole_levels)
{
        struct shooting shooting = {
                .film = calloc(1, sizeof *shooting.film), .whole = *whole, .whole_levels = *whole_levels,
        };
        struct reader *reader;
        struct error error;

        if (!shooting.film || !(shooting.film->frame = calloc(FILM_FRAMES_MAX, sizeof *shooting.film->frame))) {
                film_free(shooting.film);
                return fail_no_memory();
        }
        shooting.film->levels = levels;
        error = model_create(&shooting.model);
        if (!error.code)
                error = reader_open(path, &reader);
        if (!error.code) {
                error = find_and_shoot(&shooting, reader, tree, operation);
                reader_close(reader);
        }
        model_destroy(shooting.model);
        if (error.code) {
                film_free(shooting.film);
                return error;
        }
        *out = shooting.film;
        *whole = shooting.whole;
        *whole_levels = shooting.whole_levels;
        return SUCCESS;
}

static struct wholeness next_try(const struct wholeness *whole)
{
        return (struct wholeness){ .is_wanted = !whole->is_missed, .style = whole->is_missed ? 0 : whole->style };
}

struct error film_make(struct film **out, const char *path, uint64_t tree, uint64_t operation, enum levels levels)
{
        struct wholeness whole = { .is_wanted = true }, whole_levels = { .is_wanted = true };
        struct film *film;

        TRY(shoot_film(&film, path, tree, operation, levels, &whole, &whole_levels));
        film_free(film);
        whole = next_try(&whole);
        whole_levels = next_try(&whole_levels);
        return shoot_film(out, path, tree, operation, levels, &whole, &whole_levels);
}

void film_free(struct film *film)
{
        if (!film)
                return;
        for (size_t i = 0; i < film->frames; i++) {
                free(film->frame[i].words);
                layout_free(film->frame[i].layout);
                layout_free(film->frame[i].levels);
        }
        free(film->frame);
        free(film);
}
