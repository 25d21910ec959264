/* A clone equals its parent, region by region. */
#include "check/check_internal.h"
#include "stream/event_table.h"

#include <inttypes.h>
#include <string.h>

/* Compares one property of a region and its copy. Reports a difference and returns false. */
static bool same(struct check *check, const struct model_region *copy, const struct model_region *original,
                 const char *what, const char *has, const char *should)
{
        if (strcmp(has, should) == 0)
                return true;
        check_report(check, check->event->number, copy->tree,
                     "region %" PRIu64 " at %s is a copy of region %" PRIu64 " of space %" PRIu64
                     ", but its %s is %s and should be %s",
                     copy->id, format_address(copy->range.base), original->id, original->tree->space, what, has,
                     should);
        return false;
}

/* Colours and gaps need not be the same. A region that only a keyframe has shown has no name. */
static bool is_copied(struct check *check, const struct model_region *copy, const struct model_region *original)
{
        return same(check, copy, original, "end", format_address(copy->range.end),
                    format_address(original->range.end)) &&
               same(check, copy, original, "protection", format_protection(copy->protection),
                    format_protection(original->protection)) &&
               same(check, copy, original, "guard below", format_pages(copy->before),
                    format_pages(original->before)) &&
               same(check, copy, original, "guard above", format_pages(copy->after), format_pages(original->after)) &&
               (!*copy->name || !*original->name || same(check, copy, original, "name", copy->name, original->name));
}

/* Both trees are walked in address order, side by side, to the first difference. */
static void compare_clone(struct check *check, const struct model_tree *tree, const struct model_tree *parent)
{
        const struct model_region *copy = model_outermost(tree, LEFT), *original = model_outermost(parent, LEFT);

        while (copy && original && copy->range.base == original->range.base) {
                if (!is_copied(check, copy, original))
                        return;
                copy = model_neighbour(copy, RIGHT);
                original = model_neighbour(original, RIGHT);
        }
        if (original && (!copy || original->range.base < copy->range.base))
                check_report(check, check->event->number, tree,
                             "region %" PRIu64 " at %s of space %" PRIu64 " has no copy in space %" PRIu64,
                             original->id,
                             format_address(original->range.base), parent->space, tree->space);
        else if (copy)
                check_report(check, check->event->number, tree,
                             "region %" PRIu64 " at %s is a copy of nothing in space %" PRIu64, copy->id,
                             format_address(copy->range.base), parent->space);
}

/* The parent does not change meanwhile, so its tree is as it was when the first region was copied. */
void check_clone(struct check *check, const struct model_space *space, const struct model_tree *tree)
{
        const struct model_tree *parent = check_trusted_tree(check, model_space(check->model, space->parent));

        if (!space->parent && !check->newest_loss)
                check_report(check, check->event->number, tree,
                             "space %" PRIu64 " was cloned, but no event says of which space",
                             space->id);
        if (parent)
                compare_clone(check, tree, parent);
}
