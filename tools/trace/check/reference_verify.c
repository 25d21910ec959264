#include "base/format.h"
#include "check/reference.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>

/* The inputs of a verification, and the buffer for the reason if the answer is wrong. */
struct judge {
        const struct reference *reference;
        const struct model_operation *operation;
        char *words;
        size_t room;
};

[[gnu::format(printf, 2, 3)]] static bool object(const struct judge *judge, const char *format, ...)
{
        va_list arguments;

        va_start(arguments, format);
        vsnprintf(judge->words, judge->room, format, arguments);
        va_end(arguments);
        return false;
}

static bool is_whole_pages(uint64_t bytes)
{
        return bytes % PAGE_SIZE == 0;
}

/* --- where a region may go -------------------------------------------------------------------------------- */

static bool round_up(uint64_t *address, uint64_t alignment)
{
        bool wraps = __builtin_add_overflow(*address, alignment - 1, address);

        *address -= *address % alignment;
        return !wraps;
}

/* The lowest and highest base that the requested region may have in a hole; false if there is none. */
static bool bases_in(const struct judge *judge, struct vrange hole, uint64_t *lowest, uint64_t *highest)
{
        const struct model_operation *asked = judge->operation;
        struct vrange room = vrange_intersection(hole, asked->window);
        uint64_t taken;

        if (vrange_size(hole) < asked->size)
                return false;           /* most holes are too small: this is where a search spends its time */
        if (vrange_is_empty(room) || __builtin_add_overflow(room.base, asked->before, lowest) ||
            !round_up(lowest, asked->alignment) || __builtin_add_overflow(asked->size, asked->after, &taken) ||
            taken > room.end)
                return false;
        *highest = room.end - taken;
        *highest -= *highest % asked->alignment;
        return *lowest <= *highest;
}

static bool lowest_base(const struct judge *judge, uint64_t *base)
{
        uint64_t highest;

        for (size_t i = 0; i <= judge->reference->count; i++)
                if (bases_in(judge, reference_hole(judge->reference, i), base, &highest))
                        return true;
        return false;
}

static uint64_t distance(uint64_t a, uint64_t b)
{
        return a < b ? b - a : a - b;
}

/* The base between two nearest to the hint; of two equally near ones the lower. */
static uint64_t nearest_between(const struct judge *judge, uint64_t lowest, uint64_t highest)
{
        uint64_t hint = judge->operation->address, alignment = judge->operation->alignment, below;

        if (hint <= lowest)
                return lowest;
        if (hint >= highest)
                return highest;
        below = hint - hint % alignment;
        return hint - below <= below + alignment - hint ? below : below + alignment;
}

static bool nearest_base(const struct judge *judge, uint64_t *base)
{
        uint64_t hint = judge->operation->address, lowest, highest;
        bool found = false;

        for (size_t i = 0; i <= judge->reference->count; i++) {
                uint64_t candidate;

                if (!bases_in(judge, reference_hole(judge->reference, i), &lowest, &highest))
                        continue;
                candidate = nearest_between(judge, lowest, highest);
                if (!found || distance(candidate, hint) < distance(*base, hint))
                        *base = candidate;
                found = true;
        }
        return found;
}

static bool may_be_placed_at(const struct judge *judge, uint64_t base)
{
        uint64_t lowest, highest;

        for (size_t i = 0; i <= judge->reference->count; i++)
                if (bases_in(judge, reference_hole(judge->reference, i), &lowest, &highest) && lowest <= base &&
                    base <= highest)
                        return base % judge->operation->alignment == 0;
        return false;
}

/* --- placing ---------------------------------------------------------------------------------------------- */

/* A request that no tree could meet. */
static bool is_malformed(const struct judge *judge)
{
        const struct model_operation *asked = judge->operation;
        uint64_t alignment = asked->alignment;

        return asked->was_linked || !asked->size || !is_whole_pages(asked->size) ||
               !is_whole_pages(asked->before) || !is_whole_pages(asked->after) || !alignment ||
               (alignment & (alignment - 1)) || !is_whole_pages(alignment) || asked->window.base > asked->window.end ||
               !vrange_is_page_aligned(asked->window) ||
               (asked->kind == PLACE_SPECIFICALLY && asked->address % alignment);
}

/* A search ended with success or NO_MEMORY; `exists` and `right` say what it should have found. */
static bool judge_search(const struct judge *judge, bool exists, uint64_t right, const char *which)
{
        const struct model_operation *said = judge->operation;

        if (said->result == ERROR_NO_MEMORY)
                return !exists || object(judge, "said no_memory, but a hole exists: %s fit at %s",
                                         format_bytes(said->size), format_address(right));
        if (!exists)
                return object(judge, "placed at %s, but no hole fits", format_address(said->result_address));
        if (said->kind == PLACE_RANDOM)
                return may_be_placed_at(judge, said->result_address) ||
                       object(judge, "placed at %s, which is not free, not aligned or not inside the window",
                              format_address(said->result_address));
        return said->result_address == right ||
               object(judge, "placed at %s, but the %s place that fits is %s", format_address(said->result_address),
                      which, format_address(right));
}

/* The range at the requested address, guards included; false if it is outside the window or the tree. */
static bool wanted_inside(const struct judge *judge, struct vrange *wanted)
{
        const struct model_operation *asked = judge->operation;

        return vrange_make(wanted, asked->address, asked->size) &&
               vrange_widen(wanted, *wanted, asked->before, asked->after) &&
               vrange_contains_range(vrange_intersection(judge->reference->range, asked->window), *wanted);
}

static bool judge_specifically(const struct judge *judge)
{
        const struct model_operation *said = judge->operation;
        const struct reference *reference = judge->reference;
        struct vrange wanted;
        bool inside = wanted_inside(judge, &wanted);
        size_t i = inside ? reference_first_above(reference, wanted.base) : reference->count;
        bool taken = i < reference->count && reference->region[i].footprint.base < wanted.end;

        if (said->result == ERROR_OUT_OF_RANGE)
                return !inside || object(judge, "said out_of_range, but it lies inside the window");
        if (!inside)
                return object(judge, "said %s, but it lies outside the window", error_name(said->result));
        if (said->result == ERROR_OVERLAP)
                return taken || object(judge, "said overlap, but nothing is in the way");
        if (taken)
                return object(judge, "placed over region %" PRIu64 " at %s", reference->region[i].id,
                              format_address(reference->region[i].range.base));
        return said->result_address == said->address ||
               object(judge, "placed at %s, but %s was asked for", format_address(said->result_address),
                      format_address(said->address));
}

enum error_code reference_place(const struct reference *reference, const struct model_operation *asked, uint64_t *base)
{
        const struct judge judge = { reference, asked, NULL, 0 };
        struct vrange wanted;
        size_t i;

        if (is_malformed(&judge))
                return ERROR_BAD_ARGUMENT;
        if (asked->kind == PLACE_SPECIFICALLY) {
                *base = asked->address;
                if (!wanted_inside(&judge, &wanted))
                        return ERROR_OUT_OF_RANGE;
                i = reference_first_above(reference, wanted.base);
                return i < reference->count && reference->region[i].footprint.base < wanted.end ? ERROR_OVERLAP : ERROR_OK;
        }
        return (asked->kind == PLACE_NEAR ? nearest_base(&judge, base) : lowest_base(&judge, base)) ? ERROR_OK :
                                                                                                     ERROR_NO_MEMORY;
}

static bool judge_place(const struct judge *judge)
{
        const struct model_operation *said = judge->operation;
        bool specifically = said->kind == PLACE_SPECIFICALLY, malformed = is_malformed(judge), exists;
        uint64_t right = 0;

        if (malformed != (said->result == ERROR_BAD_ARGUMENT))
                return object(judge,
                              malformed ? "said %s, but no tree can meet such a request: it should be bad_argument"
                                        : "said %s, but the request is a good one",
                              error_name(said->result));
        if (malformed)
                return true;
        if (!said->result && said->result_region != said->region)
                return object(judge, "placed region %" PRIu64 ", but was asked to place region %" PRIu64,
                              said->result_region, said->region);
        if (specifically ? said->result && said->result != ERROR_OVERLAP && said->result != ERROR_OUT_OF_RANGE :
                           said->result && said->result != ERROR_NO_MEMORY)
                return object(judge, "said %s, which this operation cannot say", error_name(said->result));
        if (specifically)
                return judge_specifically(judge);
        exists = said->kind == PLACE_NEAR ? nearest_base(judge, &right) : lowest_base(judge, &right);
        return judge_search(judge, exists, right, said->kind == PLACE_NEAR ? "nearest" : "lowest");
}

/* --- what is there already -------------------------------------------------------------------------------- */

static bool judge_find(const struct judge *judge)
{
        const struct model_operation *said = judge->operation;
        size_t i = reference_find(judge->reference, said->address, said->size ? said->size : 1);
        const struct reference_region *right = i < judge->reference->count ? &judge->reference->region[i] : NULL;

        if (said->result != (said->result_region ? ERROR_OK : ERROR_NOT_FOUND))
                return object(judge, "said %s with region %" PRIu64, error_name(said->result), said->result_region);
        if (!right)
                return !said->result_region || object(judge, "found region %" PRIu64 " for %s, but nothing is there",
                                                      said->result_region, format_address(said->address));
        if (!said->result_region)
                return object(judge, "found nothing, but region %" PRIu64 " is at %s", right->id,
                              format_address(right->range.base));
        if (said->result_region != right->id)
                return object(judge, "found region %" PRIu64 ", but region %" PRIu64 " at %s is the first one there",
                              said->result_region, right->id, format_address(right->range.base));
        return said->result_address == right->range.base ||
               object(judge, "found region %" PRIu64 " at %s, but it lies at %s", right->id,
                      format_address(said->result_address), format_address(right->range.base));
}

static bool judge_resize(const struct judge *judge, size_t i)
{
        const struct model_operation *said = judge->operation;
        const struct reference *reference = judge->reference;
        struct vrange room = { reference_hole(reference, i).base, reference_hole(reference, i + 1).end }, wanted;
        bool good = said->size && is_whole_pages(said->size) && is_whole_pages(said->before) &&
                    is_whole_pages(said->after) && is_whole_pages(said->address);
        bool inside = good && wanted_inside(judge, &wanted);
        bool meets = inside && !vrange_contains_range(room, wanted);
        enum error_code right = !good ? ERROR_BAD_ARGUMENT : !inside ? ERROR_OUT_OF_RANGE :
                                meets ? ERROR_OVERLAP : ERROR_OK;

        return said->result == right ||
               object(judge, "said %s, but right would be %s", error_name(said->result), error_name(right));
}

/*
 * A good request may be refused with BAD_ARGUMENT: the region for the upper part, which no event names, may be linked.
 */
static bool judge_split(const struct judge *judge, size_t i)
{
        const struct model_operation *said = judge->operation;
        struct vrange range = judge->reference->region[i].range;

        if (said->result == ERROR_BAD_ARGUMENT)
                return true;
        if (said->result)
                return object(judge, "said %s, which this operation cannot say", error_name(said->result));
        if (said->address <= range.base || said->address >= range.end || !is_whole_pages(said->address))
                return object(judge, "split region %" PRIu64 " at %s, which is not a page inside it", said->region,
                              format_address(said->address));
        return said->result_address == said->address ||
               object(judge, "the upper part lies at %s, but %s was asked for", format_address(said->result_address),
                      format_address(said->address));
}

static bool judge_existing(const struct judge *judge)
{
        const struct model_operation *said = judge->operation;
        size_t i = reference_position(judge->reference, said->region, said->footprint.base);

        if (i == judge->reference->count)
                return (said->kind == REMOVE && said->result == ERROR_NOT_FOUND) ||
                       object(judge, "region %" PRIu64 " is not in this tree", said->region);
        if (said->kind == RESIZE)
                return judge_resize(judge, i);
        if (said->kind == SPLIT)
                return judge_split(judge, i);
        return !said->result || object(judge, "said %s, but region %" PRIu64 " is there", error_name(said->result),
                                       said->region);
}

bool reference_accepts(const struct reference *reference, const struct model_operation *operation, char *words,
                       size_t room)
{
        struct judge judge = { reference, operation, words, room };

        switch (operation->kind) {
        case PLACE_ANYWHERE:
        case PLACE_SPECIFICALLY:
        case PLACE_NEAR:
        case PLACE_RANDOM:
                return judge_place(&judge);
        case FIND:
                return judge_find(&judge);
        case REMOVE:
        case RESIZE:
        case SPLIT:
                return judge_existing(&judge);
        }
        return true;                            /* an operation that this build does not know */
}
