#include "check/check_internal.h"
#include "stream/event_table.h"

#include <inttypes.h>

/*
 * What the beginning of a tree operation says that it was asked for, and its end that it answers. A search for a hole
 * uses all of it, and its visits are judged by that (check_walk.h). Other operations use a part; the rest is always the
 * same, or as the region is.
 */

static bool must_be(struct check *check, const struct event *event, const struct model_tree *tree, size_t field,
                    uint64_t right)
{
        const struct event_description *begin = &event_table[EVENT_tree_begin];

        if (event->field[field] == right)
                return true;
        check_report(check, event->number, tree, "%s with %s %s, but it should be %s",
                     tree_operation_name(VALUE(event, tree_begin, kind)), begin->field[field].name,
                     format_address(event->field[field]), format_address(right));
        return false;
}

#define MUST_BE(name, right) must_be(check, event, tree, EVENT_FIELD(tree_begin, name), right)

/* An address or a range is looked for among all regions. */
static void check_find(struct check *check, const struct event *event, const struct model_tree *tree)
{
        if (MUST_BE(region, 0) && MUST_BE(alignment, 1) && MUST_BE(before, 0))
                MUST_BE(after, 0);
}

/* What is removed or split is in the tree; the request says how it is now. */
static void check_as_is(struct check *check, const struct event *event, const struct model_tree *tree)
{
        const struct model_region *region = model_region(check->model, VALUE(event, tree_begin, region));

        if (!region || region->tree != tree)
                return;
        if (MUST_BE(size, vrange_size(region->range)) && MUST_BE(alignment, PAGE_SIZE) &&
            MUST_BE(before, region->before * PAGE_SIZE) && MUST_BE(after, region->after * PAGE_SIZE) &&
            VALUE(event, tree_begin, kind) == REMOVE)
                MUST_BE(address, region->range.base);
}

void check_request(struct check *check, const struct event *event, const struct model_tree *tree)
{
        const enum tree_operation kind = (enum tree_operation)VALUE(event, tree_begin, kind);

        if (tree->promises != PROMISE_GAPS)
                return;                         /* of an early kernel: the labs leave this to the student */
        switch (kind) {
        case FIND:
                check_find(check, event, tree);
                break;
        case REMOVE:
        case SPLIT:
                check_as_is(check, event, tree);
                break;
        case RESIZE:
                MUST_BE(alignment, PAGE_SIZE);
                break;
        case PLACE_ANYWHERE:
        case PLACE_RANDOM:
                MUST_BE(address, 0);
                return;
        default:
                return;
        }
        if (MUST_BE(window_base, tree->range.base))
                MUST_BE(window_end, tree->range.end);
}

/* --- the answer ------------------------------------------------------------------------------------------- */

static void wrong_answer(struct check *check, const struct event *event, const struct model_tree *tree,
                         const char *right)
{
        check_report(check, event->number, tree, "%s ends with %s, region %" PRIu64 " and address %s, but %s",
                     tree_operation_name(tree->operation.kind), error_code_name(VALUE(event, tree_end, result)),
                     VALUE(event, tree_end, region), format_address(VALUE(event, tree_end, address)), right);
}

/* Whether a region has an address of the range that was looked for. */
static bool is_found(const struct model_operation *operation, const struct model_region *region)
{
        return region->range.base <= operation->address + operation->size - 1 && operation->address < region->range.end;
}

void check_outcome(struct check *check, const struct event *event, const struct model_tree *tree)
{
        const struct model_operation *operation = &tree->operation;
        const uint64_t id = VALUE(event, tree_end, region), address = VALUE(event, tree_end, address);
        const struct model_region *region = model_region(check->model, id);

        if (tree->promises != PROMISE_GAPS)
                return;
        if (VALUE(event, tree_end, result)) {
                if (id || address)
                        wrong_answer(check, event, tree, "what fails has neither");
        } else if (!region) {
                wrong_answer(check, event, tree, "there is no such region");
        } else if (address != region->range.base) {
                wrong_answer(check, event, tree, "the region does not begin there");
        } else if (operation->kind == FIND ? !is_found(operation, region) : operation->kind != SPLIT && id != operation->region) {
                wrong_answer(check, event, tree, "another region was asked for");
        }
}
