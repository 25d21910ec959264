#include "html/step_words.h"
#include "draw/text.h"
#include "moment/operation_words.h"

enum step_choice step_choice(enum decision decision)
{
        switch (decision) {
        case GO_LEFT:
        case ADDRESS_LEFT:
                return CHOICE_LEFT;
        case GO_RIGHT:
        case ADDRESS_RIGHT:
                return CHOICE_RIGHT;
        case GO_UP:
                return CHOICE_UP;
        case TAKEN:
        case FREE:
        case FITS:
        case FOUND:
                return CHOICE_HERE;
        case LINKING:
                return CHOICE_NONE;
        default:
                return CHOICE_REFUSED;
        }
}

const char *step_place(const struct model *model, uint64_t id)
{
        const struct model_region *region = model_region(model, id);

        return region ? units_address(region->range.base) : "the tail gap";
}

/* Where a search goes from a node. Empty if the figures have said what was decided. */
static const char *where_it_goes(enum step_choice choice, bool is_list)
{
        switch (choice) {
        case CHOICE_NONE:
                return "on the way to the insertion point";
        case CHOICE_LEFT:
                return is_list ? "ends here" : "goes left";
        case CHOICE_RIGHT:
                return is_list ? "goes on" : "goes right";
        case CHOICE_UP:
                return "no other hole from here down can fit: goes up";
        default:
                return "";
        }
}

/* What was decided at one visit. */
static void describe_decision(char words[STEP_WORDS_SIZE], const struct model_tree *tree,
                              const struct shown_operation *shown, size_t i, enum units units)
{
        const struct model_visit *visit = &shown->operation.visit[i];
        const char *where = where_it_goes(step_choice(visit->decision), tree->is_list);
        char decided[WHY_SIZE];

        why_decided(decided, shown, i, visit->gap, units);
        snprintf(words, STEP_WORDS_SIZE, "%s%s%s", decided, *decided && *where ? ": " : "", where);
}

void step_words_of_visit(char words[STEP_WORDS_SIZE], const struct model_tree *tree,
                         const struct shown_operation *shown, enum units units)
{
        const struct model_visit *visit = shown->operation.visit;
        size_t first = shown->operation.visits - 1;
        char decision[STEP_WORDS_SIZE];

        while (first > 0 && visit[first - 1].region == visit[first].region)
                first--;
        words[0] = 0;
        for (size_t i = first; i < shown->operation.visits; i++) {
                describe_decision(decision, tree, shown, i, units);
                text_append(words, STEP_WORDS_SIZE, "%s%s", i > first ? ", " : "", decision);
        }
}

void step_words_of_operation(struct operation_words *out, const struct model_tree *tree,
                             const struct shown_operation *shown, enum units units)
{
        *out = (struct operation_words){ 0 };
        operation_call(out->call, sizeof out->call, shown, tree->range, units);
        operation_outcome(out->outcome, sizeof out->outcome, shown);
        if (shown->operation.result != ERROR_OK && shown->operation.kind != FIND)
                why_refused(out->refused, shown, model_largest_hole(tree), units);
}
