#include "live/look.h"

/* --- selecting -------------------------------------------------------------------------------------------- */

/* The region to start from: the selected one, the one that the newest event is about, or the root. */
static const struct model_region *selected_region(const struct view *view)
{
        const struct model *model = timeline_model(view->timeline);
        const struct model_region *region = model_region(model, view->selected);
        const struct model_tree *tree = model_tree(model, view->tree);

        if (region && region->tree && region->tree->id == view->tree)
                return region;
        return tree ? tree->root : NULL;
}

static void select_region(struct view *view, const struct model_region *region)
{
        if (region)
                view->selected = region->id;
        view->pan_x = view->pan_y = 0;
}

/* Up and Down in the tree: the first of them selects the root. */
void look_select_in_tree(struct view *view, enum action action)
{
        const struct model_region *region = selected_region(view);

        if (!region) {
                view_say(view, "this tree has no regions now");
                return;
        }
        if (!view->selected)
                select_region(view, region);
        else if (action == ACTION_UP)
                select_region(view, region->parent);
        else
                select_region(view, region->child[LEFT] ? region->child[LEFT] : region->child[RIGHT]);
}

void look_select_in_order(struct view *view, enum side side)
{
        const struct model_region *region = selected_region(view);

        if (!region) {
                view_say(view, "this tree has no regions now");
                return;
        }
        select_region(view, view->selected ? model_neighbour(region, side) : region);
        view->focus = view->focus == PANE_BAR ? PANE_BAR : PANE_TREE;
}

/* --- zooming and panning ---------------------------------------------------------------------------------- */

/* The bar shows half as much, or twice as much, around the selected region or what is shown. */
static void zoom_bar(struct view *view, bool in)
{
        const struct model_tree *tree = model_tree(timeline_model(view->timeline), view->tree);
        const struct model_region *region = model_region(timeline_model(view->timeline), view->selected);
        struct vrange range = vrange_is_empty(view->bar) && tree ? tree->range : view->bar;
        uint64_t size = vrange_size(range), middle = range.base + size / 2;

        if (!tree)
                return;
        if (region && region->tree == tree)
                middle = region->range.base + vrange_size(region->range) / 2;
        size = in ? size / 2 : size > UINT64_MAX / 2 ? UINT64_MAX : size * 2;
        if (size >= vrange_size(tree->range)) {
                view->bar = (struct vrange){ 0 };
                return;
        }
        if (size < 16 * PAGE_SIZE)
                size = 16 * PAGE_SIZE;
        range.base = middle - tree->range.base < size / 2 ? tree->range.base : middle - size / 2;
        if (tree->range.end - range.base < size)
                range.base = tree->range.end - size;
        range.base &= ~(uint64_t)(PAGE_SIZE - 1);
        view->bar = (struct vrange){ range.base, range.base + size };
}

static void pan_bar(struct view *view, int direction)
{
        const struct model_tree *tree = model_tree(timeline_model(view->timeline), view->tree);
        uint64_t step = vrange_size(view->bar) / 4 & ~(uint64_t)(PAGE_SIZE - 1);

        if (!tree || vrange_is_empty(view->bar))
                return;
        if (direction < 0 && view->bar.base - tree->range.base < step)
                step = view->bar.base - tree->range.base;
        if (direction > 0 && tree->range.end - view->bar.end < step)
                step = tree->range.end - view->bar.end;
        view->bar.base += direction < 0 ? -step : step;
        view->bar.end += direction < 0 ? -step : step;
}

void look_zoom(struct view *view, bool in)
{
        if (view->focus == PANE_BAR) {
                zoom_bar(view, in);
                return;
        }
        if (view->node_size == SIZE_FITTING)
                view->node_size = in ? SIZE_BOX : SIZE_ADDRESS;
        else if (in && view->node_size < SIZE_BOX)
                view->node_size++;
        else if (!in && view->node_size > SIZE_LETTER)
                view->node_size--;
        view->pan_x = view->pan_y = 0;
}

void look_pan(struct view *view, int x, int y)
{
        if (view->focus == PANE_BAR) {
                pan_bar(view, x);
                return;
        }
        view->pan_x += 8 * x;
        view->pan_y += 2 * y;
}

void look_fit(struct view *view)
{
        view->node_size = SIZE_FITTING;
        view->pan_x = view->pan_y = 0;
        view->bar = (struct vrange){ 0 };
        view->selected = 0;
}

/* Enter in the tree or the bar: the bar shows what is around the selected region. */
void look_show_in_bar(struct view *view)
{
        const struct model_region *region = model_region(timeline_model(view->timeline), view->selected);
        const struct model_tree *tree = model_tree(timeline_model(view->timeline), view->tree);

        if (!region || !tree || region->tree != tree) {
                view_say(view, "select a region first: Up and Down in the tree, or b and w in the order of addresses");
                return;
        }
        view->bar = tree->range;
        while (vrange_size(view->bar) > 32 * vrange_size(region->range) && vrange_size(view->bar) > 64 * PAGE_SIZE) {
                struct vrange before = view->bar;

                zoom_bar(view, true);
                if (before.base == view->bar.base && before.end == view->bar.end)
                        break;
        }
}
