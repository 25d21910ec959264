#include "skyline/skyline_captions.h"
#include "base/format.h"
#include "draw/text.h"
#include "moment/operation_words.h"

#define ADD(line, ...) text_append(line, sizeof line, __VA_ARGS__)

static void add_title(struct skyline *skyline, const struct skyline_request *request)
{
        char name[MODEL_NAME_SIZE];

        text_copy_name(name, sizeof name, request->space);
        ADD(skyline->title, "%s · ", name);
        if (!request->shown) {
                ADD(skyline->title, "its holes");
                return;
        }
        operation_call(skyline->title, sizeof skyline->title, request->shown, request->tree->range, skyline->units);
        operation_outcome(skyline->title, sizeof skyline->title, request->shown);
}

static void add_subtitle(struct skyline *skyline, const struct skyline_request *request)
{
        ADD(skyline->counts, "%s, %s between them, the largest of %s",
            format_counted(request->tree->regions, "region"), format_counted(skyline->holes, "hole"),
            units_long(skyline->units, skyline->largest));
        if (skyline->has_request)
                ADD(skyline->counts, " · needed: %s", units_long(skyline->units, skyline->need));
        if (request->shown)
                ADD(skyline->subtitle, "operation %s · ", format_count(request->shown->operation.number));
        if (request->event)
                ADD(skyline->subtitle, "event %s · ", format_count(request->event));
        ADD(skyline->subtitle, "%s", skyline->counts);
}

/* "A linear walk looks at 13 gaps. The search visited 4 nodes; 2 comparisons dismissed 9 holes." */
static void add_summary(struct skyline *skyline)
{
        if (skyline->has_walk)
                ADD(skyline->summary, "A linear walk looks at %s%s.", format_counted(skyline->walked, "gap"),
                    skyline->walked == skyline->gaps ? ", all there are" : "");
        if (skyline->visits)
                ADD(skyline->summary, "%sThe search%s visited %s", skyline->summary[0] ? " " : "",
                    skyline->keeps_gaps ? "" : ", in a tree without gaps,", format_counted(skyline->visits, "node"));
        if (skyline->dismissals)
                ADD(skyline->summary, "; %s dismissed %s", format_counted(skyline->dismissals, "comparison"),
                    format_counted(skyline->dismissed, "hole"));
        if (skyline->visits)
                ADD(skyline->summary, ".");
}

static const char *if_exact(const struct skyline *skyline, const struct skyline_gap *gap)
{
        return gap->pages == skyline->need ? ", exactly what is needed" : "";
}

/* What the search chose, beside what a linear walk finds. */
static void add_difference(struct skyline *skyline, const struct shown_operation *shown)
{
        const struct skyline_gap *expected = &skyline->gap[skyline->expected];
        bool is_near = skyline->operation.kind == PLACE_NEAR;

        if (shown->operation.result != ERROR_OK)
                ADD(skyline->alert, "Refused, though the hole %s fits: it has %s%s.", units_range(expected->range),
                    units_long(skyline->units, expected->pages), if_exact(skyline, expected));
        else
                ADD(skyline->alert, "Not the %s hole that fits: that is %s, with %s%s.", is_near ? "nearest" : "lowest",
                    units_range(expected->range), units_long(skyline->units, expected->pages),
                    if_exact(skyline, expected));
}

/* Whether the place that was taken lies in the hole that the walk expects. Two holes may be equally near to a hint. */
static bool is_as_expected(const struct skyline *skyline, const struct shown_operation *shown)
{
        struct vrange place = shown_place(shown);

        return skyline->operation.kind == PLACE_NEAR
                       ? !vrange_is_empty(place)
                       : vrange_contains_range(skyline->gap[skyline->expected].range, place);
}

void skyline_conclude(struct skyline *skyline, const struct shown_operation *shown)
{
        const bool fits = skyline->expected != NOWHERE_IN_SKYLINE;
        char why[WHY_SIZE];

        if (!shown_is_over(shown) || !skyline->has_walk)
                return;
        if (shown->operation.result != ERROR_OK && !fits) {
                why_refused(why, shown, skyline->largest, skyline->units);
                ADD(skyline->alert, "%s", why);
        } else if (fits && !is_as_expected(skyline, shown)) {
                skyline->is_wrong = true;
                add_difference(skyline, shown);
        } else if (!fits && shown->operation.result == ERROR_OK) {
                skyline->is_wrong = true;
                ADD(skyline->alert, "Placed, though no hole fits.");
        }
}

void skyline_dismissal_sentence(char *out, size_t size, const struct skyline_dismissal *dismissal)
{
        snprintf(out, size, "At node %zu one comparison dismissed %s: %s.", dismissal->visit,
                 format_counted(dismissal->holes, "hole"), dismissal->words);
}

void skyline_add_captions(struct skyline *skyline, const struct skyline_request *request)
{
        add_title(skyline, request);
        add_subtitle(skyline, request);
        add_summary(skyline);
        if (request->shown)
                skyline_conclude(skyline, request->shown);
        if (request->note)
                ADD(skyline->alert, "%s%s", skyline->alert[0] ? " " : "", request->note);
        ADD(skyline->description,
            "The holes of an address space as bars in address order. %s. %s%s%s The same in words: "
            "regionviz skyline --text.",
            skyline->subtitle, skyline->summary, skyline->alert[0] ? " " : "", skyline->alert);
}
