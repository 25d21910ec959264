#include "check/check_changes.h"
#include "check/check_internal.h"
#include "check/protections.h"
#include "stream/event_table.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/*
 * An operation on a space may change only what was requested: afterwards the protection of every other address is as
 * before; after an operation that failed, that of every address.
 */

/* A space, and its state when the operation in progress began. */
struct check_space {
        uint64_t begin;                         /* the event with which that was, if the tree was known, perhaps once; else 0 */
        bool is_paired;                         /* whether an operation is in progress is known, but for what is missing */
        struct changes changes;                 /* since the operation began */
        size_t counted;                         /* their bytes, as check->array_bytes has them */
        struct vrange region;                   /* the region that is resized or grows, if one is; or empty */
        enum protection protection;             /* the region's */
};

bool check_space_is_paired(const struct check *check, const struct model_space *space)
{
        const struct check_space *of = id_map_get(&check->spaces, space->id);

        return of && of->is_paired && model_space_is_known(check->model, space);
}

static struct error check_space_of(struct check *check, uint64_t id, struct check_space **out)
{
        *out = id_map_get(&check->spaces, id);
        if (*out)
                return SUCCESS;
        *out = calloc(1, sizeof **out);
        if (!*out)
                return fail_no_memory();
        if (id_map_put(&check->spaces, id, *out).code) {
                free(*out);
                return fail_no_memory();
        }
        return SUCCESS;
}

/* The tree of a space, if it can be followed; else NULL. */
static const struct model_tree *followed_tree(const struct check *check, const struct model_space *space)
{
        const struct model_tree *tree = space ? model_tree(check->model, space->tree) : NULL;

        return tree && !tree->gone && check_can_follow(check, tree) ? tree : NULL;
}

const struct model_tree *check_trusted_tree(const struct check *check, const struct model_space *space)
{
        const struct model_tree *tree = followed_tree(check, space);

        return tree && check_can_judge(check, tree) ? tree : NULL;
}

/* The region that begins at an address, or NULL. */
static const struct model_region *region_at(const struct model_tree *tree, uintptr_t base)
{
        const struct model_region *region = tree->root;

        if (tree->is_list)
                while (region && region->range.base != base)
                        region = region->child[RIGHT];
        while (region && region->range.base != base)
                region = region->child[base < region->range.base ? LEFT : RIGHT];
        return region;
}

/* The region that ends at an address, or NULL. */
static const struct model_region *region_up_to(const struct model_tree *tree, uintptr_t end)
{
        const struct model_region *region = tree->root;

        if (tree->is_list)
                while (region && region->range.end != end)
                        region = region->child[RIGHT];
        while (region && region->range.end != end)
                region = region->child[end < region->range.end ? LEFT : RIGHT];
        return region;
}

/* The upper end of a region is moved, or the lower end of one that grows. */
static void see_region(struct check_space *of, const struct model_tree *tree, const struct model_space *space)
{
        const struct model_region *region = space->kind == GROW ? region_up_to(tree, space->base + space->size) :
                                                                  region_at(tree, space->base);

        of->region = region ? region->range : (struct vrange){ 0 };
        of->protection = region ? region->protection : PROTECT_NONE;
}

/* What an operation was asked to change, from `base` on; empty if it is no range. */
static struct vrange requested_range(const struct model_space *space, uintptr_t base)
{
        struct vrange range;
        uint64_t size;

        return vrange_round_up(&size, space->size) && vrange_make(&range, base, size) ? range : (struct vrange){ 0 };
}

/* A range is about to change, or will be compared. */
static struct error note(struct check *check, struct check_space *of, const struct model_tree *tree,
                         struct vrange range)
{
        const struct error error = changes_note(&of->changes, tree, range);

        check_count_space(check, &of->counted, &of->changes);
        return error;
}

static struct error after_begin(struct check *check, const struct event *event)
{
        const struct model_space *space = model_space(check->model, VALUE(event, space_begin, space));
        const struct model_tree *tree = followed_tree(check, space);
        struct check_space *of;

        TRY(check_space_of(check, VALUE(event, space_begin, space), &of));
        of->begin = tree ? space->begin : 0;
        of->is_paired = true;
        if (!tree)
                return SUCCESS;
        see_region(of, tree, space);
        changes_begin(&of->changes);
        TRY(note(check, of, tree, of->region));
        return note(check, of, tree, requested_range(space, space->base));
}

/* --- while it is in progress ------------------------------------------------------------------------------ */

/* Whether the operation in progress has been followed from its beginning. */
static bool is_followed(const struct model_space *space, const struct check_space *of)
{
        return space->in_progress && of->begin && of->begin == space->begin;
}

/* The space whose operation in progress is followed, and which has this tree; or NULL. */
static struct check_space *space_at_work(const struct check *check, const struct model_tree *tree)
{
        const struct model_space *space = tree ? model_space(check->model, tree->space) : NULL;
        struct check_space *of = space && space->tree == tree->id ? id_map_get(&check->spaces, space->id) : NULL;

        return of && is_followed(space, of) && check_can_follow(check, tree) ? of : NULL;
}

static struct error note_region(struct check *check, const struct model_tree *tree, uint64_t id)
{
        const struct model_region *region = model_region(check->model, id);
        struct check_space *of = space_at_work(check, tree);

        return of && region ? note(check, of, tree, region->range) : SUCCESS;
}

/* After an exchange the tree is out of order: what is exchanged must be noted before. */
static struct error note_change(struct check *check, const struct event *event)
{
        const struct model_tree *tree = model_tree(check->model, event->field[0]);
        const struct model_region *region;
        struct vrange range;

        switch (event->type) {
        case EVENT_list_link:
        case EVENT_list_unlink:
        case EVENT_tree_link:
        case EVENT_tree_unlink:
                return note_region(check, tree, event->field[1]);
        case EVENT_tree_exchange:
                TRY(note_region(check, tree, VALUE(event, tree_exchange, region)));
                return note_region(check, tree, VALUE(event, tree_exchange, successor));
        case EVENT_region_changed:
                region = model_region(check->model, VALUE(event, region_changed, region));
                range = (struct vrange){ VALUE(event, region_changed, base), VALUE(event, region_changed, end) };
                if (!region || !space_at_work(check, region->tree))
                        return SUCCESS;
                TRY(note_region(check, region->tree, region->id));
                return note(check, space_at_work(check, region->tree), region->tree, range);
        default:
                return SUCCESS;
        }
}

/* --- what should be there afterwards ---------------------------------------------------------------------- */

/* A region that replaces others replaces them under its guards, too. */
static struct error expect_mapped(struct protections *out, struct protections *scratch, const struct check_space *of,
                                  const struct model_tree *tree, struct vrange range, enum protection protection)
{
        const struct model_region *region = region_at(tree, range.base);

        TRY(protections_clear(scratch, &of->changes.before, region ? model_footprint(region) : range));
        return protections_set(out, scratch, range, protection);
}

static struct error expect_resized(struct protections *out, struct protections *scratch, const struct check_space *of,
                                   struct vrange range)
{
        TRY(protections_clear(scratch, &of->changes.before, of->region));
        return protections_set(out, scratch, range, of->protection);
}

/* What an operation that did nothing leaves. */
static struct error expect_unchanged(struct protections *out, const struct check_space *of)
{
        return protections_clear(out, &of->changes.before, (struct vrange){ 0 });
}

/* Whether this build knows what the operation leaves. A clone that failed is destroyed together with its space. */
static bool is_known(const struct model_space *space)
{
        switch (space->kind) {
        case MAP:
        case UNMAP:
        case PROTECT:
        case SPACE_RESIZE:
        case GROW:
        case SPACE_FIND:
        case DISCARD:
                return true;
        default:
                return false;
        }
}

/* Computes what the operation, which is_known(), must leave if it succeeded on `range`. */
static struct error expect_done(struct check *check, const struct model_space *space, const struct check_space *of,
                                struct vrange range)
{
        struct protections *out = &check->expected;

        switch (space->kind) {
        case MAP:
                return expect_mapped(out, &check->scratch, of, model_tree(check->model, space->tree), range,
                                     space->protection);
        case UNMAP:
                return protections_clear(out, &of->changes.before, range);
        case PROTECT:
                return protections_set(out, &of->changes.before, range, space->protection);
        case SPACE_RESIZE:
        case GROW:
                return expect_resized(out, &check->scratch, of, range);
        default:
                return expect_unchanged(out, of);
        }
}

/* Computes what the operation must leave. False if that is not known. */
static bool expect(struct check *check, const struct model_space *space, const struct check_space *of,
                   const struct event *end, struct error *error)
{
        struct vrange range;
        uint64_t size;

        *error = SUCCESS;
        if (space->kind == CLONE)
                return false;
        if (VALUE(end, space_end, result)) {
                *error = expect_unchanged(&check->expected, of);
                return true;
        }
        if (!is_known(space) || !vrange_round_up(&size, space->size) ||
            !vrange_make(&range, space->kind == MAP ? VALUE(end, space_end, base) : space->base, size))
                return false;
        *error = expect_done(check, space, of, range);
        return true;
}

/* --- the end ---------------------------------------------------------------------------------------------- */

static struct error before_end(struct check *check, const struct event *event)
{
        const struct model_space *space = model_space(check->model, VALUE(event, space_end, space));
        const struct model_tree *tree = check_trusted_tree(check, space);
        struct check_space *of = space ? id_map_get(&check->spaces, space->id) : NULL;
        struct error error;
        uintptr_t address;

        if (!tree || !of || !is_followed(space, of))
                return SUCCESS;
        of->begin = 0;
        if (space->kind == CLONE && !VALUE(event, space_end, result))
                check_clone(check, space, tree);
        if (space->kind == MAP && !VALUE(event, space_end, result))
                TRY(changes_note(&of->changes, tree, requested_range(space, VALUE(event, space_end, base))));
        TRY(changes_now(&of->changes, tree, &check->after));
        if (!expect(check, space, of, event, &error))
                return SUCCESS;
        TRY(error);
        if (protections_differ(&check->expected, &check->after, &address))
                check_report(check, event->number, tree,
                             "space operation %s (%s): %s is %s afterwards, but should be %s",
                             format_count(space->operation), space_operation_name(space->kind),
                             format_address(address), protections_word(&check->after, address),
                             protections_word(&check->expected, address));
        return SUCCESS;
}

/* --- all -------------------------------------------------------------------------------------------------- */

struct error check_space_before(struct check *check, const struct event *event)
{
        check_course(check, event);
        if (event->type == EVENT_page_fault)
                check_fault(check, event);
        return event->type == EVENT_space_end ? before_end(check, event) : note_change(check, event);
}

static void forget_changes(struct check *check, uint64_t space)
{
        struct check_space *of = id_map_get(&check->spaces, space);

        if (!of)
                return;
        changes_free(&of->changes);
        check_count_space(check, &of->counted, &of->changes);
}

struct error check_space_after(struct check *check, const struct event *event)
{
        struct check_space *of;

        if (event->type == EVENT_space_created) {
                TRY(check_space_of(check, VALUE(event, space_created, space), &of));
                of->is_paired = true;
        }
        if (event->type == EVENT_space_destroyed)
                forget_changes(check, VALUE(event, space_destroyed, space));
        return event->type == EVENT_space_begin ? after_begin(check, event) : SUCCESS;
}

void check_space_lost(struct check *check)
{
        struct check_space *of;
        size_t position = 0;

        while ((of = id_map_walk(&check->spaces, &position))) {
                of->begin = 0;
                of->is_paired = false;
        }
}

void check_space_forget(struct check *check)
{
        struct check_space *of;
        size_t position = 0;

        while ((of = id_map_walk(&check->spaces, &position))) {
                changes_free(&of->changes);
                free(of);
        }
        id_map_clear(&check->spaces);
        protections_free(&check->expected);
        protections_free(&check->after);
        protections_free(&check->scratch);
}
