#include "alterations.h"

/* Reasons. The first seven need no mending; the last says what could be compared, but is not. */
static const char measured[] = "a measurement, which nothing repeats";
static const char told_once[] = "told once; nothing repeats it";
static const char never_freed[] = "what is never freed, or not used again, contradicts nothing";
static const char same_result[] = "the tree is the same afterwards: the value changes again, or was so before";
static const char not_binding[] = "the answer is the same with this value: it does not bind here, or the request was refused";
static const char unrelated[] = "nothing between the two places concerns it";
static const char all_sent[] = "the recording has events of all these categories, whatever is said";
static const char not_compared[] = "not compared yet";

/*
 * Reasons in recordings of early kernels. A tree says what it promises, and check asks no more of it:
 *
 *      gaps                everything
 *      balance             neither causes nor answers (check_course.c, check_request.c), since in these steps they are the
 *                          student's; no order of visits but where an address is looked up (is_followed, check_visits.c)
 *      balance_at_first    nor colours, once a node has been unlinked
 *      order               nor colours at all
 *      nothing             nor order: a list is compared as a set
 */
static const char no_course[] = "a tree without gaps says what was asked and answered as the student likes";
static const char no_way[] = "a tree without gaps, or a list, is searched in whatever way the student likes";
static const char no_colour[] = "a tree that promises order alone may have any colours and any shape";

#define CHANGED(event, name) EVENT_##event, { FIELD_CHANGED, EVENT_FIELD(event, name) }
#define GONE(event) EVENT_##event, { LEFT_OUT, 0 }
#define TWICE(event) EVENT_##event, { DOUBLED, 0 }
#define ELSEWHERE(event) EVENT_##event, { MOVED, 0 }

struct harmless {
        enum trace_event type;
        struct alteration what;
        const char *reason;
};

static const struct harmless harmless[] = {
        /* the stream */
        { CHANGED(clock, ticks), measured },
        { CHANGED(clock, per_second), measured },
        { GONE(clock), measured },
        { TWICE(clock), measured },
        { ELSEWHERE(clock), measured },
        { CHANGED(categories_chosen, categories), all_sent },
        { GONE(categories_chosen), all_sent },
        { TWICE(categories_chosen), all_sent },
        { ELSEWHERE(categories_chosen), all_sent },
        { ELSEWHERE(keyframe_begin), unrelated },
        { ELSEWHERE(keyframe_end), unrelated },
        { ELSEWHERE(keyframe_node), unrelated },
        { CHANGED(keyframe_space, space), not_compared },
        { CHANGED(keyframe_tree, attempt), told_once },
        { CHANGED(keyframe_task, name), told_once },
        { CHANGED(keyframe_call, task), not_compared },
        { CHANGED(keyframe_call, call), not_compared },
        { GONE(keyframe_call), not_compared },
        { TWICE(keyframe_call), not_compared },
        { ELSEWHERE(keyframe_call), unrelated },
        { GONE(keyframe_cpu), not_compared },
        { TWICE(keyframe_cpu), not_compared },
        { ELSEWHERE(keyframe_cpu), unrelated },

        /* the run */
        { CHANGED(script_begin, space), told_once },
        { CHANGED(script_begin, name), told_once },
        { ELSEWHERE(script_begin), unrelated },
        { CHANGED(script_line, line), told_once },
        { ELSEWHERE(script_line), unrelated },
        { CHANGED(script_end, verdict), not_compared },
        { ELSEWHERE(script_end), unrelated },
        { CHANGED(error_raised, code), not_compared },
        { CHANGED(error_raised, file), told_once },
        { CHANGED(error_raised, line), told_once },
        { GONE(error_raised), not_compared },
        { TWICE(error_raised), not_compared },
        { ELSEWHERE(error_raised), unrelated },

        /* memory */
        { CHANGED(frame_allocated, frame), never_freed },
        { CHANGED(frame_allocated, purpose), told_once },
        { GONE(frame_allocated), never_freed },
        { ELSEWHERE(frame_allocated), unrelated },
        { CHANGED(frame_freed, frame), never_freed },
        { GONE(frame_freed), never_freed },
        { ELSEWHERE(frame_freed), unrelated },
        { CHANGED(kmalloc_allocated, block), never_freed },
        { CHANGED(kmalloc_allocated, size), told_once },
        { CHANGED(kmalloc_allocated, purpose), told_once },
        { GONE(kmalloc_allocated), never_freed },
        { ELSEWHERE(kmalloc_allocated), unrelated },
        { CHANGED(kmalloc_freed, block), never_freed },
        { GONE(kmalloc_freed), never_freed },
        { ELSEWHERE(kmalloc_freed), unrelated },

        /* spaces */
        { CHANGED(space_created, tree), not_compared },
        { CHANGED(space_created, name), told_once },
        { ELSEWHERE(space_created), unrelated },
        { ELSEWHERE(space_destroyed), unrelated },
        { CHANGED(space_begin, kind), not_binding },
        { CHANGED(space_begin, base), not_binding },
        { CHANGED(space_begin, size), not_binding },
        { CHANGED(space_begin, protection), not_binding },
        { ELSEWHERE(space_begin), unrelated },
        { CHANGED(space_end, result), not_compared },
        { CHANGED(space_end, base), not_compared },
        { ELSEWHERE(space_end), unrelated },
        { CHANGED(space_cloned, parent), same_result },
        { CHANGED(page_fault, space), not_compared },
        { CHANGED(page_fault, address), not_compared },
        { CHANGED(page_fault, access), not_compared },
        { CHANGED(page_fault, verdict), not_compared },
        { CHANGED(page_fault, frame), not_compared },
        { GONE(page_fault), told_once },
        { TWICE(page_fault), not_compared },
        { ELSEWHERE(page_fault), unrelated },
        { CHANGED(tlb_shootdown, space), told_once },
        { CHANGED(tlb_shootdown, base), told_once },
        { CHANGED(tlb_shootdown, size), told_once },
        { CHANGED(tlb_shootdown, told), told_once },
        { GONE(tlb_shootdown), told_once },
        { TWICE(tlb_shootdown), told_once },
        { ELSEWHERE(tlb_shootdown), unrelated },

        /* tasks and processors */
        { CHANGED(task_created, process), not_compared },
        { CHANGED(task_created, space), not_compared },
        { CHANGED(task_created, name), told_once },
        { ELSEWHERE(task_created), unrelated },
        { CHANGED(task_loaded, task), not_compared },
        { CHANGED(task_loaded, space), not_compared },
        { CHANGED(task_loaded, name), told_once },
        { GONE(task_loaded), not_compared },
        { TWICE(task_loaded), not_compared },
        { ELSEWHERE(task_loaded), unrelated },
        { CHANGED(task_switched, task), not_compared },
        { GONE(task_switched), not_compared },
        { TWICE(task_switched), not_compared },
        { ELSEWHERE(task_switched), unrelated },
        { CHANGED(task_woken, task), not_compared },
        { CHANGED(task_woken, turn), not_compared },
        { GONE(task_woken), not_compared },
        { ELSEWHERE(task_woken), unrelated },
        { CHANGED(task_exited, status), told_once },
        { GONE(task_exited), not_compared },
        { ELSEWHERE(task_exited), unrelated },
        { CHANGED(system_call_begin, first), told_once },
        { CHANGED(system_call_begin, second), told_once },
        { CHANGED(system_call_begin, third), told_once },
        { GONE(system_call_begin), not_compared },
        { ELSEWHERE(system_call_begin), unrelated },
        { CHANGED(system_call_end, result), not_compared },
        { CHANGED(system_call_end, value), told_once },
        { GONE(system_call_end), not_compared },
        { ELSEWHERE(system_call_end), unrelated },
        { GONE(interrupt_begin), not_compared },
        { ELSEWHERE(interrupt_begin), unrelated },
        { GONE(interrupt_end), not_compared },
        { ELSEWHERE(interrupt_end), unrelated },
        { CHANGED(lock_acquired, address), never_freed },
        { CHANGED(lock_acquired, turn), told_once },    /* the first of a lock */
        { GONE(lock_acquired), never_freed },
        { ELSEWHERE(lock_acquired), unrelated },
        { CHANGED(lock_released, address), never_freed },
        { CHANGED(lock_released, held), measured },
        { GONE(lock_released), never_freed },
        { ELSEWHERE(lock_released), unrelated },

        /* regions and trees */
        { CHANGED(region_created, name), told_once },
        { ELSEWHERE(region_created), unrelated },
        { CHANGED(region_changed, old_protection), told_once },
        { ELSEWHERE(region_changed), unrelated },
        { GONE(region_freed), never_freed },
        { ELSEWHERE(region_freed), unrelated },
        { CHANGED(tree_created, promises), not_compared },
        { ELSEWHERE(tree_created), unrelated },
        { GONE(tree_destroyed), not_compared },
        { ELSEWHERE(tree_destroyed), unrelated },
        { CHANGED(tree_begin, region), not_binding },
        { CHANGED(tree_begin, size), not_binding },
        { CHANGED(tree_begin, alignment), not_binding },
        { CHANGED(tree_begin, before), not_binding },
        { CHANGED(tree_begin, after), not_binding },
        { CHANGED(tree_begin, window_base), not_binding },
        { CHANGED(tree_begin, window_end), not_binding },
        { CHANGED(tree_begin, address), not_binding },
        { CHANGED(tree_draw, address), not_binding },
        { TWICE(tree_draw), not_binding },
        { ELSEWHERE(tree_draw), same_result },
        { ELSEWHERE(tree_link), same_result },
        { ELSEWHERE(tree_colour), same_result },
        { ELSEWHERE(tree_rotate), same_result },
        { CHANGED(tree_gap, region), same_result },
        { CHANGED(tree_gap, gap), same_result },
        { GONE(tree_gap), same_result },
        { TWICE(tree_gap), same_result },
        { ELSEWHERE(tree_gap), same_result },
        { CHANGED(tree_max, region), same_result },
        { CHANGED(tree_max, side), same_result },
        { CHANGED(tree_max, max), same_result },
        { GONE(tree_max), same_result },
        { ELSEWHERE(tree_max), same_result },
        { CHANGED(tree_visit, decision), not_binding },
        { ELSEWHERE(tree_end), unrelated },
};

/* In a recording of an early kernel, besides. */
static const struct harmless harmless_early[] = {
        { CHANGED(region_changed, protection), same_result },
        { CHANGED(keyframe_tree, promises), no_colour },
        { CHANGED(tree_begin, cause), no_course },
        { CHANGED(tree_link, side), no_colour },
        { CHANGED(tree_end, region), no_course },
        { CHANGED(tree_end, address), no_course },
        { GONE(tree_colour), no_colour },
        { CHANGED(tree_visit, region), no_way },
        { CHANGED(tree_visit, skipped), no_way },
        { GONE(tree_visit), no_way },
        { TWICE(tree_visit), no_way },
        { ELSEWHERE(tree_visit), no_way },
        { CHANGED(list_visit, region), no_way },
        { CHANGED(list_visit, decision), no_way },
        { GONE(list_visit), no_way },
        { TWICE(list_visit), no_way },
        { ELSEWHERE(list_visit), no_way },
        { CHANGED(lookup_hit, address), not_binding },
        { TWICE(lookup_hit), no_way },
        { CHANGED(lookup_missed, tree), no_way },
        { CHANGED(lookup_missed, address), not_binding },
        { GONE(lookup_missed), no_way },
        { TWICE(lookup_missed), no_way },
        { CHANGED(lookup_dropped, tree), told_once },
        { CHANGED(lookup_dropped, region), told_once },
        { GONE(lookup_dropped), told_once },
        { TWICE(lookup_dropped), told_once },
        { ELSEWHERE(lookup_dropped), unrelated },
        { ELSEWHERE(lookup_missed), unrelated },
        { ELSEWHERE(free_range_merged), unrelated },
        { CHANGED(authority_asked, base), told_once },          /* of a request for any place */
        { CHANGED(authority_answered, base), not_binding },     /* of one that was refused */
        { ELSEWHERE(authority_answered), unrelated },
        { CHANGED(authority_asked, question), not_compared },
        { CHANGED(authority_asked, size), not_compared },
        { CHANGED(authority_answered, result), not_compared },
        { GONE(authority_answered), told_once },        /* the last one */
};

static const char *find(const struct harmless *list, size_t count, enum trace_event type, struct alteration what)
{
        for (size_t i = 0; i < count; i++)
                if (list[i].type == type && list[i].what.kind == what.kind && list[i].what.field == what.field)
                        return list[i].reason;
        return NULL;
}

const char *alteration_is_harmless(enum trace_event type, struct alteration what, enum kernel kernel)
{
        const char *reason = find(harmless, sizeof harmless / sizeof *harmless, type, what);

        return reason || kernel != EARLY_KERNEL
                       ? reason : find(harmless_early, sizeof harmless_early / sizeof *harmless_early, type, what);
}
