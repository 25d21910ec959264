#include "moment/early_words.h"
#include "base/format.h"
#include "draw/text.h"
#include "moment/event_words.h"
#include "stream/event_table.h"

#include <stdio.h>

#define FIELD(type, name) event->field[EVENT_FIELD(type, name)]
#define ADD(...) text_append(out, size, __VA_ARGS__)

static const char *authority_words(uint64_t authority)
{
        return authority == AUTHORITY_ALLOCATOR ? "the allocator" : "the regions";
}

/* What is asked: a place has a size only. */
static void asked_words(char *out, size_t size, uint64_t question, uint64_t base, uint64_t bytes, enum units units)
{
        struct vrange range = { base, base + bytes };

        if (question == QUESTION_PLACE)
                ADD("place %s", units_long(units, bytes / PAGE_SIZE));
        else if (question == QUESTION_FIND)
                ADD("find %s", units_address(base));
        else
                ADD("%s %s", question_name(question), units_range(range));
}

void question_words(char *out, size_t size, const struct model_question *question, enum units units)
{
        snprintf(out, size, "%s: ", authority_words(question->authority));
        asked_words(out, size, question->question, question->base, question->size, units);
        if (question->is_open)
                return;
        ADD(" → %s", error_code_name(question->result));
        if (!question->result && question->question == QUESTION_PLACE)
                ADD(", at %s", units_address(question->answer));
}

static enum units units_of(const struct event *event, const struct model *model)
{
        const struct model_tree *tree = model_tree(model, early_event_tree(event, model));

        return tree ? units_for(tree->range) : UNITS_BYTES;
}

static void list_words(char *out, size_t size, const struct event *event, const struct model *model)
{
        char region[96], previous[96];

        region_words(region, sizeof region, model, event->field[1]);
        if (event->type == EVENT_list_unlink) {
                ADD("unlinks %s", region);
        } else if (event->type == EVENT_list_visit) {
                ADD("visits %s: %s", region, decision_words(FIELD(list_visit, decision)));
        } else if (FIELD(list_link, previous)) {
                region_words(previous, sizeof previous, model, FIELD(list_link, previous));
                ADD("links %s after %s", region, previous);
        } else {
                ADD("links %s at the front", region);
        }
}

static void free_range_words(char *out, size_t size, const struct event *event)
{
        const char *range = units_range((struct vrange){ FIELD(free_range_added, base), FIELD(free_range_added, end) });

        switch (event->type) {
        case EVENT_free_range_added:
                ADD("%s free: a range of its own", range);
                break;
        case EVENT_free_range_merged:
                ADD("%s free: joins its neighbours", range);
                break;
        case EVENT_free_range_carved:
                ADD("%s taken out of a free range", range);
                break;
        case EVENT_free_range_shrunk:
                ADD("%s taken from the end of a free range", range);
                break;
        default:
                ADD("%s taken, a whole free range", range);
                break;
        }
}

static void lookup_words(char *out, size_t size, const struct event *event, const struct model *model)
{
        char region[96];

        if (event->type == EVENT_lookup_missed) {
                ADD("lookup cache: %s is not there", units_address(FIELD(lookup_missed, address)));
                return;
        }
        region_words(region, sizeof region, model, FIELD(lookup_hit, region));
        if (event->type == EVENT_lookup_hit)
                ADD("lookup cache: %s is in %s", units_address(FIELD(lookup_hit, address)), region);
        else
                ADD("lookup cache: forgets %s", region);
}

bool early_event_words(char *out, size_t size, const struct event *event, const struct model *model)
{
        switch (event->type) {
        case EVENT_list_created:
                ADD("list %s created, %s", format_count(event->field[0]),
                    units_range((struct vrange){ FIELD(list_created, base), FIELD(list_created, end) }));
                return true;
        case EVENT_list_link ... EVENT_list_visit:
                list_words(out, size, event, model);
                return true;
        case EVENT_free_range_added ... EVENT_free_range_removed:
                free_range_words(out, size, event);
                return true;
        case EVENT_lookup_hit ... EVENT_lookup_dropped:
                lookup_words(out, size, event, model);
                return true;
        case EVENT_authority_asked:
                ADD("asks %s: ", authority_words(FIELD(authority_asked, authority)));
                asked_words(out, size, FIELD(authority_asked, question), FIELD(authority_asked, base),
                            FIELD(authority_asked, size), units_of(event, model));
                return true;
        case EVENT_authority_answered:
                ADD("%s answers: %s", authority_words(FIELD(authority_answered, authority)),
                    error_code_name(FIELD(authority_answered, result)));
                return true;
        default:
                return false;
        }
}

uint64_t early_event_tree(const struct event *event, const struct model *model)
{
        const struct model_allocator *allocator;

        switch (event->type) {
        case EVENT_list_created ... EVENT_list_visit:
        case EVENT_lookup_hit ... EVENT_authority_answered:
                return event->field[0];
        case EVENT_allocator_created:
                return FIELD(allocator_created, tree);
        case EVENT_allocator_destroyed ... EVENT_free_range_removed:
                allocator = model_allocator(model, event->field[0]);
                return allocator ? allocator->tree : 0;
        default:
                return 0;
        }
}
