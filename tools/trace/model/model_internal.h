/*
 * What the files of the model share: model.c distributes events, model_region.c keeps regions, model_tree.c changes
 * trees, model_operation.c keeps the newest operation on each, model_space.c follows spaces, model_loss.c decides what
 * missing events leave known, model_keyframe*.c collect keyframes and take them over, model_free_ranges.c follows the
 * allocators of early kernels, model_task.c tasks, model_cpu.c what cpus do, model_query.c looks, model_save.c saves,
 * model_bytes.c and model_nodes_*.c do so in few bytes. Only these files include this.
 */
#pragma once

#include "base/dense_map.h"
#include "base/error_message.h"
#include "base/format.h"
#include "base/id_map.h"
#include "base/name_pool.h"
#include "model/model.h"
#include "model/model_save.h"
#include "stream/event_table.h"

/* A keyframe that is being read. The model takes it over only when it is complete and consistent. */
struct keyframe {
        bool open;
        bool in_attempt;                        /* the newest tree is shown in an attempt, and ends by itself */
        unsigned cpu;                           /* that sends it */
        uint64_t losses;                        /* there had been when it began */
        unsigned attempts;                      /* to show the newest space's tree */
        uint64_t attempt;                       /* the newest one's number */
        size_t spaces_before;                   /* how many the model had when it began, destroyed ones included */
        uint64_t shown;                         /* nodes of the trees that were taken over already */
        size_t spaces, trees, nodes;
        struct keyframe_space *space;
        struct keyframe_tree *tree;             /* nodes belong to the newest */
        struct keyframe_node *node;
        struct name_pool names;                 /* of the nodes */
        struct dense_map index;                 /* region id: its number in `node`, counted from 1 */
};

/* A tree and the memory that it owns. The public part comes first. */
struct tree_record {
        struct model_tree tree;
        size_t *counted;                        /* the model's count of bytes in visits and draws */
        struct model_visit *visit;
        size_t room_for_visits;
        struct model_draw *draw;
        size_t room_for_draws;
        uint64_t visits_from;                   /* the event before which visits are left out; 0: none are */
};

struct model {
        struct dense_map regions;
        struct id_map trees, spaces, tasks, locks, allocators;
        size_t tree_count, space_count, task_count;
        struct tree_record **tree;              /* in order of creation */
        struct model_space **space;
        struct model_task **task;
        struct region_block *blocks;            /* memory of regions, the newest first */
        struct model_region *unused;            /* places in them that a region has left; linked by `parent` */
        size_t block_bytes;
        struct name_pool region_names;
        struct model_cpu cpu[MODEL_CPUS_MAX];
        struct model_space *working[MODEL_CPUS_MAX];    /* spaces in progress that have stayed on this cpu: the newest */
        struct model_space *moving;             /* likewise, that may have gone on elsewhere */
        size_t early_trees;                     /* that a loss makes unknown at once, destroyed ones included */

        uint64_t unknown_since;
        bool has_lost;                          /* events were missing, however long ago */
        uint64_t losses;                        /* how many events had a gap before them, or elsewhere */
        uint64_t expected;                      /* the newest event of model_expect() */
        uint64_t unsent;                        /* categories whose events are not sent */
        struct keyframe keyframe;
        char *script_name;
        uint64_t script_line;
        bool carried_out;                       /* the newest event */
        size_t memory_limit;                    /* bytes; see model_set_memory() */
        size_t name_bytes, visit_bytes;         /* in names of spaces and tasks, and in visits and draws */
        size_t free_range_bytes;                /* of allocators */
        char error_message[256];
};

/* Fails model_apply, saying why. */
#define REJECT(model, ...) (model_reject(model, __VA_ARGS__), FAIL(BAD_INPUT))
[[gnu::format(printf, 2, 3)]] void model_reject(struct model *model, const char *format, ...);

/* The value of a field of a known event: VALUE(event, tree_link, parent). */
#define VALUE(event, type, name) ((event)->field[EVENT_FIELD(type, name)])

/* Calls a sink with an event of the model: PUT(sink, saved_draw, NULL, tree, address, event). */
#define PUT(sink, kind, words, ...)                                                                                 \
        (sink).put((sink).context, &(const struct event){ .type = (enum trace_event)EVENT_##kind, .text = (words),  \
                                                          .field = { __VA_ARGS__ } })

/* Finds a region or a live tree, or refuses the event. */
struct error model_need_region(struct model *model, uint64_t id, struct model_region **out);
/* Likewise, but once events were missing a region may be new here: without a name, and without a range at first. */
struct error model_meet_region(struct model *model, uint64_t id, struct model_region **out);
struct error model_need_tree(struct model *model, uint64_t id, struct model_tree **out);
/* Refuses an event that creates an object which is known already, or which has the number 0. */
struct error model_need_new(struct model *model, const void *known, uint64_t id, const char *what);

/* New and known from now on; NO_MEMORY. */
struct error model_add_region(struct model *model, uint64_t id, const char *name, struct model_region **out);
/* Likewise, with a name of which one use was taken for it, even if this fails. */
struct error model_put_region(struct model *model, uint64_t id, const char *name, struct model_region **out);
/* Room for so many more regions: the next ones that are added lie behind each other. NO_MEMORY. */
struct error model_reserve_regions(struct model *model, size_t count);
/* A region that is in no tree. */
void model_free_region(struct model *model, struct model_region *region);
void model_free_regions(struct model *model);
struct error model_add_tree(struct model *model, uint64_t id, struct model_tree **out);
struct error model_add_space(struct model *model, uint64_t id, const char *name, struct model_space **out);

struct error model_add_task(struct model *model, uint64_t id, const char *name, struct model_task **out);
struct error model_add_lock(struct model *model, uint64_t address, struct model_lock **out);
struct error model_add_allocator(struct model *model, uint64_t id, uint64_t tree, struct model_allocator **out);
/* Behind those that are there already; NO_MEMORY. */
struct error model_add_visit(struct model_tree *tree, struct model_visit visit);
/* Frees the visits and draws of the newest operation. */
void model_forget_course(struct model_tree *tree);
struct error model_add_draw(struct model_tree *tree, struct model_draw draw);
struct error model_add_free_range(struct model *model, struct model_allocator *allocator, struct vrange range);

/* Makes a lock that is free the newest one that its cpu holds. */
void model_hold_lock(struct model *model, struct model_lock *lock);
void model_want_lock(struct model_cpu *cpu, struct model_lock *lock, uint64_t since);

/* A name that the model owns and counts. NULL if there is no memory. */
char *model_copy_name(struct model *model, const char *name);
/* Before the name is freed. */
void model_forget_name(struct model *model, const char *name);

enum { MODEL_MEMORY_LIMIT = 1 << 30 };

/* Without events of these the model cannot follow what there is. Locks are left out at first. */
enum {
        UNSENT_AT_FIRST = 1 << CATEGORY_lock,
        NEEDED_CATEGORIES = 1 << CATEGORY_space | 1 << CATEGORY_region | 1 << CATEGORY_tree,
};

/* The array with room for one element more than `count`; it grows by doubling. NULL if there is no memory. */
void *model_grow(void *array, size_t count, size_t size);

/*
 * Events of category tree, but for tree_created and tree_destroyed; of these, the ones that tell an operation's course.
 */
struct error model_apply_tree_event(struct model *model, const struct event *event);
struct error model_begin_operation(struct model *model, struct model_tree *tree, const struct event *event);
struct error model_apply_draw(struct model_tree *tree, const struct event *event);
struct error model_apply_visit(const struct model *model, struct model_tree *tree, const struct event *event);
struct error model_end_operation(struct model *model, struct model_tree *tree, const struct event *event);
/* space_created to space_cloned; events of tasks; of interrupts and locks; of keyframes. */
struct error model_apply_space_event(struct model *model, const struct event *event);
struct error model_apply_task_event(struct model *model, const struct event *event);
struct error model_apply_cpu_event(struct model *model, const struct event *event);
struct error model_apply_keyframe_event(struct model *model, const struct event *event);
/* Events of saved_events.def. */
struct error model_apply_saved_event(struct model *model, const struct event *event);
/* Events of category early, which only the early kernels of the labs emit. */
struct error model_apply_list_event(struct model *model, const struct event *event);
struct error model_apply_early_event(struct model *model, const struct event *event);
/* Frees every allocator; what every allocator has free is unknown from now on. */
void model_free_allocators(struct model *model);
void model_forget_allocators(struct model *model);

/* Puts a region that is in no tree where there is none. */
void model_link_region(struct model_tree *tree, struct model_region *region, struct model_region *parent,
                       enum side side);
/* Counts the bytes of a region that is in a tree into what the tree's regions have together, or out of it. */
void model_count_in(struct model_tree *tree, const struct model_region *region);
void model_count_out(struct model_tree *tree, const struct model_region *region);
/* Takes every region out of a tree. O(regions). */
void model_empty_tree(struct model_tree *tree);

void model_free_task(struct model_task *task);
/* Takes a task over as a keyframe shows it, or what a cpu runs, unless the events have told it. */
struct error model_apply_shown_task(struct model *model, const struct event *event);
/* Which locks there are, and who holds them, is unknown from now on. */
void model_forget_locks(struct model *model);
/* Which task every cpu runs, what tasks do, and who holds which lock, is unknown from now on. */
void model_forget_tasks(struct model *model);

/* What happens to a tree is unknown from now on, until a keyframe shows it. */
void model_give_up_tree(struct model *model, struct model_tree *tree);
/* Counts a new tree if it is of an early kernel. */
void model_note_tree(struct model *model, const struct model_tree *tree);

/*
 * An operation on a space is in progress on a cpu (how it began is not known unless the caller says so), or ends. And:
 * whatever is in progress on a cpu may go on elsewhere.
 */
enum whereabouts { STAYS_ON_ITS_CPU, MAY_HAVE_MOVED };
void model_space_enter(struct model *model, struct model_space *space, unsigned cpu, enum whereabouts whereabouts);
void model_space_leave(struct model_space *space);
void model_space_moves(struct model *model, unsigned cpu);

void keyframe_forget_all(struct keyframe *keyframe);
/*
 * Parts of a keyframe as events; and all that was collected of one that is not complete, when there are so many losses.
 */
struct error keyframe_save_space(const struct model_space *space, struct model_sink sink);
struct error keyframe_save_tree(const struct model_tree *tree, uint64_t attempt, struct model_sink sink);
struct error keyframe_save_node(const struct model_region *region, const char *name, uint64_t tree, uint64_t parent,
                                enum side side,
                                struct model_sink sink);
struct error keyframe_save(const struct keyframe *keyframe, uint64_t losses, struct model_sink sink);

/* All that model_save() saves, but regions and nodes: `put_nodes` saves those, where the trees are known. */
typedef struct error model_put_nodes(void *context, const struct model *model);
struct error model_save_around_nodes(const struct model *model, struct model_sink sink, model_put_nodes *put_nodes);
/* Whether a model shows the nodes of a tree when it is saved. */
bool model_saves_nodes(const struct model_tree *tree);
/* The next node of a tree, each before its children, left before right; NULL after the last. O(1) on average. */
const struct model_region *model_next_before_children(const struct model_region *node);
