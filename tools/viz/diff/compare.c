#include "diff/compare.h"
#include "base/error_message.h"
#include "base/format.h"
#include "draw/text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A comparison in the making: both trees are walked in address order. */
struct walk {
        struct comparison *comparison;
        enum units units;
        bool compares_gaps, compares_max;
        size_t room;
};

#define ADD(words, ...) text_append(words, WHY_SIZE, __VA_ARGS__)

static bool is_same_range(struct vrange a, struct vrange b)
{
        return a.base == b.base && a.end == b.end;
}

/* A region that was shrunk or grown at either end is the same region. */
static bool is_same_region(const struct model_region *a, const struct model_region *b)
{
        return a->range.base == b->range.base || a->range.end == b->range.end;
}

static const char *name_of(const struct model_region *region)
{
        return region->name ? region->name : "";
}

/* --- what differs ----------------------------------------------------------------------------------------- */

static bool has_same_place(const struct model_region *a, const struct model_region *b)
{
        if (!a->parent || !b->parent)
                return !a->parent && !b->parent;
        return is_same_region(a->parent, b->parent) &&
               (a->parent->child[LEFT] == a) == (b->parent->child[LEFT] == b);
}

static bool has_same_guards(const struct model_region *a, const struct model_region *b)
{
        return a->before == b->before && a->after == b->after;
}

static bool has_same_use(const struct model_region *a, const struct model_region *b)
{
        return is_same_range(a->range, b->range) && has_same_guards(a, b) && a->protection == b->protection &&
               !strcmp(name_of(a), name_of(b));
}

static bool has_same_gaps(const struct walk *walk, const struct model_region *a, const struct model_region *b)
{
        return (!walk->compares_gaps || a->gap == b->gap) &&
               (!walk->compares_max || (a->max[LEFT] == b->max[LEFT] && a->max[RIGHT] == b->max[RIGHT]));
}

/* "root", "left of 30000" */
static void add_place(char words[static WHY_SIZE], const struct model_region *region)
{
        if (!region->parent)
                ADD(words, "root");
        else
                ADD(words, "%s of %s", region->parent->child[LEFT] == region ? "left" : "right",
                    units_address(region->parent->range.base));
}

/*
 * What `there` is, where it is not what `here` is: said at `here`. "in B: 30000–34000, red"
 */
static void describe_other(char words[static WHY_SIZE], const struct walk *walk, const struct model_region *here,
                           const struct model_region *there, char side)
{
        char name[MODEL_NAME_SIZE];
        size_t before;

        ADD(words, "in %c: ", side);
        before = strlen(words);
#define NEXT() ADD(words, "%s", strlen(words) > before ? ", " : "")
        if (!is_same_range(here->range, there->range))
                ADD(words, "%s", units_range(there->range));
        if (!has_same_guards(here, there)) {
                NEXT();
                ADD(words, "guards %s and %s", units_short(walk->units, there->before),
                    units_short(walk->units, there->after));
        }
        if (strcmp(name_of(here), name_of(there)) != 0) {
                text_copy_name(name, sizeof name, name_of(there));
                NEXT();
                ADD(words, "named %s", name[0] ? name : "nothing");
        }
        if (here->protection != there->protection) {
                NEXT();
                ADD(words, "%s", format_protection(there->protection));
        }
        if (here->colour != there->colour) {
                NEXT();
                ADD(words, "%s", there->colour == RED ? "red" : "black");
        }
        if (!has_same_place(here, there)) {
                NEXT();
                add_place(words, there);
        }
        if (!has_same_gaps(walk, here, there)) {
                NEXT();
                ADD(words, "gap %s · max %s", units_short(walk->units, there->gap),
                    units_short(walk->units, model_subtree_gap(there)));
        }
#undef NEXT
}

/* --- the list --------------------------------------------------------------------------------------------- */

static struct error add(struct walk *walk, struct tree_difference **out, const struct model_region *region)
{
        struct comparison *comparison = walk->comparison;

        if (comparison->differences == walk->room) {
                size_t room = walk->room ? 2 * walk->room : 16;
                struct tree_difference *grown = reallocarray(comparison->difference, room, sizeof *grown);

                if (!grown)
                        return fail_no_memory();
                comparison->difference = grown;
                walk->room = room;
        }
        *out = &comparison->difference[comparison->differences++];
        **out = (struct tree_difference){ .range = model_footprint(region) };
        text_copy_name((*out)->name, sizeof (*out)->name, name_of(region));
        return SUCCESS;
}

static struct error add_single(struct walk *walk, const struct model_region *region, enum compared_side side)
{
        struct tree_difference *difference;

        TRY(add(walk, &difference, region));
        difference->region[side] = region->id;
        difference->is_of_space = true;
        for (int i = SIDE_A; i <= SIDE_B; i++)
                ADD(difference->words[i], "only in %c", side == SIDE_A ? 'A' : 'B');
        return SUCCESS;
}

static struct error add_pair(struct walk *walk, const struct model_region *a, const struct model_region *b)
{
        struct tree_difference *difference;
        struct vrange other = model_footprint(b);
        bool is_same_use = has_same_use(a, b);

        if (is_same_use && a->colour == b->colour && has_same_place(a, b) && has_same_gaps(walk, a, b))
                return SUCCESS;
        TRY(add(walk, &difference, a));
        difference->region[SIDE_A] = a->id;
        difference->region[SIDE_B] = b->id;
        difference->is_of_space = !is_same_use;
        if (other.base < difference->range.base)
                difference->range.base = other.base;
        if (other.end > difference->range.end)
                difference->range.end = other.end;
        describe_other(difference->words[SIDE_A], walk, a, b, 'B');
        describe_other(difference->words[SIDE_B], walk, b, a, 'A');
        return SUCCESS;
}

/* Both trees in address order, side by side, like merging two sorted lists. */
static struct error walk_both(struct walk *walk, const struct model_tree *tree_a, const struct model_tree *tree_b)
{
        const struct model_region *a = model_outermost(tree_a, LEFT), *b = model_outermost(tree_b, LEFT);

        while (a || b) {
                walk->comparison->regions++;
                if (a && b && is_same_region(a, b)) {
                        TRY(add_pair(walk, a, b));
                        a = model_neighbour(a, RIGHT);
                        b = model_neighbour(b, RIGHT);
                } else if (!b || (a && a->range.base < b->range.base)) {
                        TRY(add_single(walk, a, SIDE_A));
                        a = model_neighbour(a, RIGHT);
                } else {
                        TRY(add_single(walk, b, SIDE_B));
                        b = model_neighbour(b, RIGHT);
                }
        }
        return SUCCESS;
}

/*
 * Where both trees have the same ranges, a gap that differs is a difference of its own; where each region has the same
 * place in them, too, so is the largest gap of a subtree.
 */
static void choose_what_to_compare(struct walk *walk, const struct model_tree *tree_a, const struct model_tree *tree_b)
{
        const struct model_region *a = model_outermost(tree_a, LEFT), *b = model_outermost(tree_b, LEFT);
        bool has_same_shape = true;

        for (; a && b; a = model_neighbour(a, RIGHT), b = model_neighbour(b, RIGHT)) {
                if (!is_same_range(a->range, b->range) || !has_same_guards(a, b))
                        return;
                has_same_shape = has_same_shape && has_same_place(a, b);
        }
        walk->compares_gaps = !a && !b;
        walk->compares_max = walk->compares_gaps && has_same_shape;
}

struct error comparison_make(struct comparison *out, const struct model_tree *a, const struct model_tree *b)
{
        struct walk walk = { .comparison = out, .units = units_for(a->range) };
        struct error error;

        *out = (struct comparison){ 0 };
        choose_what_to_compare(&walk, a, b);
        error = walk_both(&walk, a, b);
        if (error.code)
                comparison_clear(out);
        return error;
}

void comparison_clear(struct comparison *comparison)
{
        free(comparison->difference);
        *comparison = (struct comparison){ 0 };
}
