/*
 * What an operation touched, looked at alone, says the same as the whole tree: in recordings in which one value was
 * altered or one event left out, up to the first operation after which the tree breaks a rule.
 */
#include "check/check_rules.h"
#include "check/check_touched.h"
#include "lib/rng.h"
#include "support_run.h"

#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>

enum { ALTERATIONS = 2000 };

static bool changes_the_tree(enum trace_event type)
{
        return type == EVENT_tree_link || type == EVENT_tree_unlink || type == EVENT_tree_exchange || type == EVENT_tree_rotate ||
               type == EVENT_tree_colour || type == EVENT_tree_gap || type == EVENT_tree_max || type == EVENT_region_changed;
}

/* Leaves an event out, or alters one of its fields a little. */
static void alter(struct run *run, struct rng *rng)
{
        size_t at = rng_below(rng, run->recorded.count);
        uint64_t *field;

        while (!changes_the_tree(run->recorded.event[at].type))
                at = (at + 1) % run->recorded.count;
        if (rng_below(rng, 3) == 0) {
                recorded_drop(&run->recorded, at);
                return;
        }
        field = run_field(run, at, 1 + rng_below(rng, 3));
        *field = rng_below(rng, 2) ? *field ^ 1 : *field + PAGE_SIZE;
}

/* Whether the two agree after every operation, up to the first that breaks a rule. Counts those that do. */
static void compare(const struct recorded *recorded, struct model *model, size_t *broken)
{
        struct touched touched = { 0 };
        struct event event = { 0 };

        for (size_t i = 0; i < recorded->count; i++) {
                const struct recorded_event *from = &recorded->event[i];
                const struct model_region *culprit;
                const struct model_tree *tree;
                char words[400];
                bool whole;

                event.type = from->type;
                event.number = event.cpu_number = i + 1;
                event.text = from->text;
                memcpy(event.field, from->field, sizeof event.field);
                assert_int_equal(touched_note(&touched, model, &event).code, ERROR_OK);
                if (model_apply(model, &event).code)
                        break;
                if (event.type != EVENT_tree_end)
                        continue;
                tree = model_tree(model, event.field[0]);
                whole = rules_hold(tree, &culprit, words, sizeof words);
                if (whole != touched_rules_hold(&touched, model, tree))
                        fail_msg("event %zu: the whole tree %s: %s", i + 1, whole ? "is right" : "is wrong", whole ? "" : words);
                touched.count = 0;
                if (!whole) {
                        ++*broken;
                        break;
                }
        }
        touched_free(&touched);
}

static void what_was_touched_says_the_same_as_the_whole_tree([[maybe_unused]] void **state)
{
        struct run whole = run_record();
        size_t broken = 0;
        struct rng rng;

        rng_seed(&rng, 1);
        for (int i = 0; i < ALTERATIONS; i++) {
                struct run run = run_copy(&whole);
                struct model *model;

                assert_int_equal(model_create(&model).code, ERROR_OK);
                if (i)
                        alter(&run, &rng);
                compare(&run.recorded, model, &broken);
                model_destroy(model);
                run_free(&run);
        }
        assert_true(broken > ALTERATIONS / 4);
        run_free(&whole);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(what_was_touched_says_the_same_as_the_whole_tree),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
