#include "film/film_levels.h"
#include "moment/event_words.h"

#include <stdio.h>

static void meaning_of_colour(char *out, size_t size, const struct model_region *region, const char *name)
{
        const struct model_region *parent = region->parent;

        if (region->colour == BLACK)
                snprintf(out, size, parent ? "%s leaves the node of its parent: a split" :
                                             "%s is a node of its own: the tree has grown by a level", name);
        else if (!parent)
                snprintf(out, size, "%s, the root, is in no node yet", name);
        else
                snprintf(out, size, parent->colour == BLACK ? "%s joins the node of its parent" :
                                                              "%s joins the node of its parent, below a red one", name);
}

void film_meaning_of_change(char *out, size_t size, const struct model *model, const struct event *event)
{
        const struct model_region *region = model_region(model, event->field[1]);
        char name[96];

        out[0] = 0;
        if (!region || !region->tree)
                return;
        region_words(name, sizeof name, model, region->id);
        if (event->type == EVENT_tree_colour)
                meaning_of_colour(out, size, region, name);
        else if (event->type == EVENT_tree_link && region->parent)
                snprintf(out, size, "%s is a new key in the node of its parent", name);
}

void film_meaning_of_rotation(char *out, size_t size, const struct model *model, const struct model_region *sinks,
                              const struct model_region *rises, bool rises_was_red)
{
        char sinking[96], rising[96];

        region_words(sinking, sizeof sinking, model, sinks->id);
        region_words(rising, sizeof rising, model, rises->id);
        if (rises_was_red && sinks->colour == RED)
                snprintf(out, size, "the same keys are in one node; %s stands where %s stood", rising, sinking);
        else if (rises_was_red)
                snprintf(out, size, "%s goes up, %s stays behind: a split", rising, sinking);
        else if (sinks->colour == RED)
                snprintf(out, size, "%s comes down into the node of %s", sinking, rising);
        else
                snprintf(out, size, "%s comes down, %s goes up", sinking, rising);
}
