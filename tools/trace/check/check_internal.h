/*
 * What the files of the check share: check.c distributes events and keeps findings. Of trees, check_tree.c checks
 * operations, check_visits.c, check_decision.c and check_walk*.c their visits, check_rules.c the whole tree, and
 * check_touched.c what an operation changed of it. Of spaces, check_space.c checks what operations change,
 * check_course.c how they begin and end, check_clone.c clones, check_fault.c page faults. check_keyframe.c and
 * check_shown_tasks.c compare keyframes with the model, check_cpu.c checks tasks and locks, check_memory.c frames and
 * blocks, check_free_ranges.c the two authorities of early kernels, check_list.c their lookups, check_run.c test cases,
 * scripts and the end, check_categories.c which events are sent, check_sent.c whether that is known after a loss,
 * check_bytes.c memory.
 */
#pragma once

#include "base/error_message.h"
#include "base/format.h"
#include "base/id_map.h"
#include "check/check.h"
#include "check/check_touched.h"
#include "check/check_walk.h"
#include "check/protections.h"
#include "check/reference.h"
#include "stream/event_table.h"

enum { FINDINGS_MAX = 1000, CPUS_MAX = 256, CHECK_MEMORY_LIMIT = 1 << 30 };

/* What the check keeps about a tree, besides the model. */
struct checked_tree {
        uint64_t tree;
        struct reference reference;
        bool faulty;                        /* there was a finding: not checked until a keyframe */
        struct touched touched;                 /* by the operation in progress */
        struct visit_walk walk;                 /* of the operation in progress */
        bool walk_is_unjudged;                  /* some of its visits may have been left out */
        bool was_free;                          /* what its allocator was asked to take last, when it was asked */
        uint64_t cpus;                          /* a bit for each cpu (the highest for all above) that operated on it */
        size_t counted;                         /* its bytes in arrays, as check->array_bytes has them */
};

struct check {
        struct model *model;
        enum loss_policy policy;
        struct id_map checked_trees;
        struct check_totals totals;
        const struct event *event;              /* at hand */

        struct id_map spaces;                   /* struct check_space */
        struct protections after, expected, scratch;
        struct id_map frames;                   /* struct check_frame */
        uint64_t memory_losses;                 /* how often events that may have been about frames and blocks were missing */

        uint64_t categories;                    /* that are sent, as far as was said (model_categories) */
        uint64_t sent_categories;               /* of which an event has come since events were missing (check_sent.c) */
        uint64_t newest_region[CPUS_MAX];       /* the newest event of a cpu about a region; 0: none */
        uint64_t newest_gap[CPUS_MAX];          /* the newest with missing ones of its cpu before it; 0: none */
        uint64_t ticks[CPUS_MAX];               /* the time of the newest event of a cpu */
        uint64_t newest[CPUS_MAX];              /* number of the newest event of a cpu */

        enum { VISITS_ARE_SENT, VISITS_ARE_LEFT_OUT, VISITS_ARE_UNKNOWN } visits;
        const struct event_schema *visit_schema;        /* of the newest visit, and whether it ... */
        uint64_t without_visits;                /* an event before the first visit, of an operation in an empty tree
                                                   without any: older kernels sent none there; 0: none */
        bool visits_are_whole;                  /* ... says which subtrees were skipped, and what was only linking */

        uint64_t lost_at, lost;                 /* missing events not reported yet: the first, how many */
        uint64_t newest_loss;                   /* the newest event with missing ones before it, or elsewhere; 0: none */
        bool any_keyframe;                      /* one is complete: later ones may only show known objects */

        struct id_map blocks;                   /* kmalloc's, by address: what is allocated, and since which loss */
        size_t memory_limit;                    /* bytes */
        size_t array_bytes;                     /* of arrays that belong to trees and spaces */
        struct {
                bool is_open;                   /* one has begun, and not ended */
                bool is_partial;                /* some of its events are missing, or whether one runs is not known */
                uint64_t lines, mismatches;     /* so far */
                uint64_t newest;                /* the line that is run */
        } script;
        bool interrupts_unknown[CPUS_MAX];      /* whether an interrupt is handled there */
        uint64_t raised[CPUS_MAX];              /* a bit for each code of error, since an operation on a space began there */
        bool calls_unknown;                     /* events of tasks were missing: who is in a system call may not be known */
        bool tasks_unknown;                     /* events of tasks were missing, and no keyframe has shown them since */

        struct {
                uint64_t begun;                 /* the event with which one began that is not complete; 0: none */
                unsigned cpu;                   /* that sends it */
                uint64_t said;                  /* how many spaces it said that it would show */
                uint64_t tasks;                 /* that it has shown */
                bool shows_cpus;                /* it has shown what cpus run, and so all tasks */
                bool compared;                  /* all objects were known when it began, and no events are missing since */
                struct model_tree *tree;        /* the tree whose nodes come now, if it is compared */
                size_t nodes;                   /* of it so far */
                size_t spaces;                  /* so far */
                bool spaces_changed;            /* some were created or destroyed since it began */
                uint64_t newest;                /* the tree that was shown last; 0: none */
                uint64_t attempt;               /* to show the newest tree; 0: in version 1, where trees have no end of their own */
                size_t trees;
                uint64_t *shown;                /* the ids of the trees so far: in version 1 */
        } keyframe;

        bool ended;
        uint64_t end_dropped;
        size_t findings;
        struct finding *finding;
};

/* VALUE(event, tree_link, parent) */
#define VALUE(event, type, name) ((event)->field[EVENT_FIELD(type, name)])

/* Adds a finding about a tree (or none: NULL) at an event (or none: 0). */
[[gnu::format(printf, 4, 5)]]
void check_report(struct check *check, uint64_t event, const struct model_tree *tree, const char *format, ...);

/* The record of a tree; made at first use. NO_MEMORY. */
struct error check_record_of(struct check *check, uint64_t tree, struct checked_tree **out);

/*
 * False while a tree cannot be judged: it is not known as it is now, or there was a finding. It is followed all the
 * same while it is known as it was once, since its next operation may prove that it still is so.
 */
bool check_can_judge(const struct check *check, const struct model_tree *tree);
bool check_can_follow(const struct check *check, const struct model_tree *tree);

/* Reports missing events that have not been reported yet; `until` ends the sentence. */
void check_report_loss(struct check *check, const char *until);

/* Before and after an event is applied to the model. */
struct error check_tree_before(struct check *check, const struct event *event);
struct error check_tree_after(struct check *check, const struct event *event);
/*
 * Of check_tree_before: whether a visit is true and follows from the one before it, whether an address may be drawn,
 * and whether a region is linked where its search ended. Of check_tree_after: the beginning and the end of an
 * operation.
 */
void check_visit(struct check *check, const struct event *event);
void check_draw(struct check *check, const struct event *event);
void check_link(struct check *check, const struct event *event);
/* Of check_tree_before: list_visit, lookup_hit and lookup_missed. */
void check_early_lookup(struct check *check, const struct event *event);
void check_visits_begin(struct check *check, const struct model_tree *tree);
void check_visits_end(struct check *check, const struct model_tree *tree);
struct error check_keyframe_before(struct check *check, const struct event *event);
struct error check_keyframe_after(struct check *check, const struct event *event);
struct error check_space_before(struct check *check, const struct event *event);
struct error check_space_after(struct check *check, const struct event *event);
/* Of check_space_before: whether operations on spaces begin and end rightly, and trees name them as their causes. */
void check_course(struct check *check, const struct event *event);
/* Whether a space that has been cloned equals its parent; `tree` is the space's, and can be judged. */
void check_clone(struct check *check, const struct model_space *space, const struct model_tree *tree);
/* Whether a page fault's verdict is right, given its region. */
void check_fault(struct check *check, const struct event *event);
/* Whether it is known which operation is in progress on a space. */
bool check_space_is_paired(const struct check *check, const struct model_space *space);
/* The tree of a space, if it can be judged; else NULL. */
const struct model_tree *check_trusted_tree(const struct check *check, const struct model_space *space);
void check_cpu_before(struct check *check, const struct event *event);
struct error check_memory(struct check *check, const struct event *event);
/* The arrays of a tree, or of a space, may have grown or shrunk: they are counted anew. */
struct changes;
void check_count_tree(struct check *check, struct checked_tree *checked);
void check_count_space(struct check *check, size_t *counted, const struct changes *changes);
/* Before a question is put to one of two authorities. */
void check_question(struct check *check, const struct event *event);
/* After an event is applied: whether the two authorities of an early kernel agree. */
void check_free_ranges(struct check *check, const struct event *event);
void check_run(struct check *check, const struct event *event);
void check_script(struct check *check, const struct event *event);
/* Of check_tree_before: what an operation begins with; the tree can be judged. */
void check_request(struct check *check, const struct event *event, const struct model_tree *tree);
/* Of check_tree_after: what it ends with; likewise. */
void check_outcome(struct check *check, const struct event *event, const struct model_tree *tree);
/* Which interrupts are handled is not known from now on. */
void check_interrupts_lost(struct check *check);
/* Of check_keyframe_before: a task, its system call, or what a cpu runs; and when the keyframe has ended. */
void check_shown_task(struct check *check, const struct event *event);
void check_tasks_shown(struct check *check);
/* Which categories are known to be sent: none, since events are missing or may be; that of this event, too; all. */
void check_sent_forget(struct check *check);
void check_sent_note(struct check *check, const struct event *event);
void check_sent_all(struct check *check);
/* Operations in progress may have some of their visits: these are not judged. O(trees). */
void check_leave_visits(struct check *check);
/* Whether events of a category that is said to be sent are known to be. O(1). */
bool check_is_sent(const struct check *check, enum category category);
/* Before an event is checked: a tree is not judged any more if, after a loss, its regions change without events. */
void check_region_events(struct check *check, const struct event *event);
/* After a choice of categories is applied: what is not sent is not missed. */
void check_categories(struct check *check);

/* Events that would show it are not sent: no operation in progress can be checked. And: frees everything. */
void check_space_lost(struct check *check);
void check_space_forget(struct check *check);
/* Which frames and blocks are allocated is unknown from now on. And: frees everything. */
void check_memory_lost(struct check *check);
void check_memory_forget(struct check *check);
/* Counts what stays unknown. O(frames and blocks). */
void check_memory_finish(struct check *check);
/* The bytes that the check takes, about. O(1). */
size_t check_memory_taken(const struct check *check);
