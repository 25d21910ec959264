/*
 * The state of the recorded kernel at some event, rebuilt from events alone. The model is independent: it shares no
 * code with the kernel's tree. Every consumer (check, dump, pictures, Perfetto, the live view, the grader) reads this
 * one.
 *
 *      struct model *model;
 *      TRY(model_create(&model));
 *      while (reader_next(reader, &event))
 *              TRY(model_apply(model, &event));
 *      struct model_tree *tree = model_tree(model, id);
 *
 * The model applies events as they are, and checks only what keeps it consistent itself: an event that cannot be
 * applied (a link below a region that is not in the tree, a rotation without a child) makes model_apply fail
 * with BAD_INPUT, and model_error_message() says why in words. `check` checks whether the tree obeys the rules.
 *
 * Events of several cpus come in one order, so several spaces and trees may be at work at once, and a task may go on
 * where another cpu left it. Numbers of events are those of that order (struct event's `number`).
 *
 * After a loss (`model_unknown_since` gives the first missing event) each tree is unconfirmed until its next operation
 * proves that it was not touched, or unknown until a keyframe shows it; see enum knowledge. What tasks do, who holds
 * which lock and which spaces there are is unknown until a keyframe ends.
 */
#pragma once

#include "lib/error.h"
#include "lib/vrange.h"
#include "stream/event.h"

struct model;

/* A region, linked in a tree or not. Owned by the model; valid until region_freed is applied. */
struct model_region {
        uint64_t id;
        const char *name;
        struct vrange range;                    /* without its guards */
        uint64_t before, after;                 /* guards, in pages */
        enum protection protection;
        unsigned regions;                       /* in its subtree, with itself; known where `height` is */

        struct model_tree *tree;                /* NULL: in no tree */
        struct model_region *parent, *child[2];
        unsigned height;                        /* of its subtree; 0: not known until model_height() is asked */
        enum colour colour;
        uint64_t gap;                           /* in pages, as in the events */
        uint64_t max[2];                        /* in pages, likewise */
        uint64_t changed_by;                    /* the newest event that changed its range, links or colour; 0: none */
};

/*
 * A visit within an operation. A node may be visited more than once: going down, and again on the way back. The values
 * are those that the node had at that moment; the tree may have changed since.
 */
struct model_visit {
        uint64_t region;                        /* 0: the tail gap */
        enum decision decision;
        enum skip skipped;                      /* which child's subtree a search for a hole left out, and why */
        uint64_t event;                         /* number of the event */
        size_t draws;                           /* addresses drawn before this visit */
        uint64_t address;                       /* sought: the operation's, or the one drawn last */
        struct vrange footprint;                /* with guards; the tail gap: the empty range at the end of the tree's */
        uint64_t gap;                           /* pages */
        uint64_t child[2], max[2];              /* the children's ids, 0 if none, and their largest gaps (pages) */
};

/* An address drawn at random within an operation. */
struct model_draw {
        uint64_t address, event;
};

enum { MODEL_NAME_SIZE = 64 };

/*
 * The history of one operation on a tree: the one in progress, or else the last one. This is the only history there is;
 * check, pictures and Perfetto all read it. `begin` is 0 if the tree has had no operation, or none that is known since
 * events were missing.
 *
 *      const struct model_operation *operation = &model_tree(model, id)->operation;
 *
 *      for (size_t i = 0; i < operation->visits; i++)
 *              ... operation->visit[i].decision, and the node's values at that time: operation->visit[i].gap ...
 *
 * A copy of the structure keeps everything but `visit` and `draw`: these belong to the tree and are valid until its
 * next operation begins.
 */
struct model_operation {
        bool in_progress;
        uint64_t number, cause;                 /* the tree's own number; the space operation behind it, 0 if none */
        enum tree_operation kind;
        uint64_t region;                        /* the region to place, remove, resize or split; 0 if none */
        uint64_t size, alignment;               /* bytes */
        uint64_t before, after;                 /* guards, bytes */
        struct vrange window;
        uint64_t address;                       /* hint, place or address sought */
        uint64_t begin, end;                    /* numbers of its first and last event; end is 0 while in progress */
        unsigned cpu;                           /* where it began */
        char name[MODEL_NAME_SIZE];             /* the region's when it began, cut to this size; empty if it has none */
        bool was_linked;                        /* the region was in a tree when it began, and ... */
        struct vrange footprint;                /* ... occupied this there, guards included; else empty */
        enum error_code result;                 /* once it is over */
        uint64_t result_region, result_address;
        size_t visits;
        const struct model_visit *visit;        /* in the order they happened */
        size_t draws;
        const struct model_draw *draw;          /* likewise */
        uint64_t rotations, recolourings, links, unlinks;
};

/* A virtual range allocator of an early kernel: what is free, beside a tree or list, which knows what is used. */
struct model_allocator {
        uint64_t id, tree;
        struct vrange range;                    /* of all its addresses */
        size_t count, room;
        struct vrange *free;                    /* in address order; no two touch */
        bool gone;
        bool unknown;                           /* events are missing; no keyframe shows free ranges */
};

/* What an early kernel asked one of the two authorities last. */
struct model_question {
        bool is_open;                           /* not answered yet */
        enum authority authority;
        enum question question;
        uint64_t base, size;                    /* guards included */
        uint64_t event;                         /* number of the event that asked */
        enum error_code result;                 /* once it is answered */
        uint64_t answer;
};

/* Addresses on which the two disagree: used by a region and free for the allocator, or neither. */
struct model_divergence {
        struct vrange range;
        const struct model_region *region;      /* that has them, guards included; NULL: none has, but they are not free */
};

struct model_tree {
        uint64_t id, space;                     /* space 0: not told */
        bool is_list;                           /* of an early kernel: each region is the right child of the one before it */
        enum promise promises;                  /* what is true of its nodes between operations */
        struct model_allocator *allocator;      /* the second authority on what is free; NULL: there is none */
        struct model_question question;
        struct vrange range;
        struct model_region *root;
        size_t regions;
        uint64_t tail_gap;                      /* pages, as the events said */
        uint64_t mapped, occupied;              /* bytes of its regions, without their guards and with them */
        uint64_t operations;                    /* number of the newest operation */
        struct model_operation operation;
        bool gone;
        bool unknown;                           /* events about it are missing, and no keyframe has shown it since: it has no nodes */
        uint64_t losses;                        /* that had been when it was confirmed last: model_tree_knowledge() */
};

struct model_space {
        uint64_t id, tree;
        const char *name;
        bool gone;
        bool in_progress;                       /* between space_begin and space_end, on `cpu`, ... */
        unsigned cpu;
        bool has_moved;                         /* ... or since then perhaps on another one */
        uint64_t begin;                         /* the event with which it began, if nothing that it did is missing; else 0 */
        uint64_t operation;
        enum space_operation kind;
        uint64_t base, size;
        enum protection protection;
        uint64_t parent;                        /* the space that a clone is to be like; 0: not told */
        uint64_t losses;                        /* as of a tree: model_space_is_known() */
        struct model_space *next, **link;       /* for the model: others in progress on the same cpu */
};

/* A thread. */
struct model_task {
        uint64_t id, process, space;            /* process and space 0: the kernel's own */
        const char *name;                       /* empty: not told, since events are missing */
        bool running;                           /* now, on `cpu` */
        unsigned cpu;                           /* where it ran last */
        uint64_t woken;                         /* how often, as told */
        bool exited;
        uint64_t status;                        /* once it has exited */
        bool in_call;                           /* between system_call_begin and _end, even while others run */
        enum system_call call;
        bool is_shown;                          /* by the keyframe that is showing tasks now */
};

/* A lock, known since the first event about it. Their events are only sent if their category is switched on. */
struct model_lock {
        uint64_t address;
        enum lock_class class;
        bool held;                              /* by `cpu` */
        unsigned cpu;                           /* the last to acquire it */
        uint64_t turn;                          /* how often it was acquired, as told */
        uint64_t since;                         /* the event that acquired it last */
        struct model_lock *next;                /* that the same cpu acquired before and still holds */
};

struct model_cpu {
        struct model_task *running;             /* NULL: the kernel itself, or unknown since events are missing */
        struct model_tree *tree;                /* whose operation is in progress here; NULL: none, or unknown */
        bool in_interrupt;
        uint64_t vector;
        struct model_lock *held;                /* the newest first */
        struct model_lock *wanted;              /* that it waits for; NULL: none */
        uint64_t wanted_since;                  /* the event that said so */
};

enum { MODEL_CPUS_MAX = 256 };

struct error model_create(struct model **out);
void model_destroy(struct model *model);

/*
 * Bounds the memory that the model may take, in bytes: 1 GiB unless set. No honest recording comes near it; a hostile
 * one creates objects until memory ends. O(1).
 */
void model_set_memory(struct model *model, size_t bytes);
/* The bytes that it takes, about: one event may exceed what is allowed by a quarter. O(1). */
size_t model_memory(const struct model *model);
/* Likewise, without what it has collected of a keyframe that goes on. */
size_t model_memory_settled(const struct model *model);

/*
 * Applies one event. NO_MEMORY with an error message if the model takes more than it may. BAD_INPUT if that is not
 * possible; the model is then unchanged. O(1), keyframes O(nodes).
 */
struct error model_apply(struct model *model, const struct event *event);
const char *model_error_message(const struct model *model);
/*
 * From now on the visits before an event are not recorded in the operations of a tree: for a caller that only looks at
 * an operation that begins there, or later. Finding what was visited is most of what applying such an event costs.
 * O(1).
 */
void model_leave_out_visits(struct model *model, uint64_t tree, uint64_t before);
/* Whether the newest event was applied: false also for one that could not be because events are missing. */
bool model_carried_out(const struct model *model);

/*
 * Tells the model that events from `first` on are missing, and that they may have changed anything. What an event with
 * `missing` or `gap_elsewhere` set says by itself is less: see enum knowledge.
 */
void model_lost(struct model *model, uint64_t first);
/* The first event that is missing, if no complete keyframe has come since all that are missing; else 0. */
uint64_t model_unknown_since(const struct model *model);

/* How much is known of a tree after a loss (model_loss.c). */
enum knowledge {
        KNOWN_NOW,              /* what the model has is so */
        KNOWN_ONCE,             /* it was so when events went missing; the tree's next operation says whether it still is */
        KNOWN_NOTHING,          /* it may have changed since: it has no nodes until a keyframe shows it */
};

/* O(1). */
enum knowledge model_tree_knowledge(const struct model *model, const struct model_tree *tree);
/* Whether it is known which operation is in progress on a space. O(1). */
bool model_space_is_known(const struct model *model, const struct model_space *space);
/*
 * What an event says about the events before it: which are missing, and what those have not touched. model_apply() does
 * this first; a caller that looks at the model before it applies an event does so itself. O(1), or O(nodes that are
 * given up); in a recording of an early kernel O(trees) at a loss.
 */
void model_expect(struct model *model, const struct event *event);

/*
 * The categories of events that are sent, as a set (event_table.h): at first all but those of locks. While those of
 * trees, regions or spaces are not, everything is unknown, until a keyframe after they are sent again.
 */
uint64_t model_categories(const struct model *model);

/* By id; NULL if there never was one. O(1). */
struct model_tree *model_tree(const struct model *model, uint64_t id);
struct model_region *model_region(const struct model *model, uint64_t id);
struct model_space *model_space(const struct model *model, uint64_t id);
struct model_task *model_task(const struct model *model, uint64_t id);
/* By address; NULL if there was no event about it. O(1). */
struct model_lock *model_lock(const struct model *model, uint64_t address);
struct model_allocator *model_allocator(const struct model *model, uint64_t id);
/* The i-th that was created, destroyed ones included; NULL after the last. */
struct model_tree *model_tree_at(const struct model *model, size_t i);
struct model_space *model_space_at(const struct model *model, size_t i);
struct model_task *model_task_at(const struct model *model, size_t i);
/* What a cpu is doing, below MODEL_CPUS_MAX; and the task that runs on any cpu, or NULL. */
const struct model_cpu *model_cpu(const struct model *model, unsigned cpu);
struct model_task *model_running(const struct model *model, unsigned cpu);
/* The line of the op script being run, 0 before the first; and the script's name, or NULL. */
uint64_t model_script_line(const struct model *model);
const char *model_script_name(const struct model *model);

/* In address order: the first (or last) region of a tree, and the one after (or before) a region; NULL at the end. */
struct model_region *model_outermost(const struct model_tree *tree, enum side side);
struct model_region *model_neighbour(const struct model_region *region, enum side side);
/* The region with the next higher base (NULL: the lowest of all), even in a list in no order: there O(regions). */
struct model_region *model_next_above(const struct model_tree *tree, const struct model_region *region);

/*
 * Levels above a region, of a tree, and of black nodes in it: O(height). The height of a tree is kept: it is computed
 * anew only for subtrees that have changed since it was asked for last.
 */
unsigned model_depth(const struct model_region *region);
unsigned model_height(const struct model_tree *tree);
/* The regions in a subtree, the region itself counted. As cheap as model_height(). */
size_t model_regions_below(const struct model_region *region);
unsigned model_black_height(const struct model_tree *tree);
/* A region's range with its guards; the largest gap in the subtree below it, from its own fields (pages). */
struct vrange model_footprint(const struct model_region *region);
uint64_t model_subtree_gap(const struct model_region *region);
/*
 * The gap below a region (NULL: above the last), in pages: what the tree keeps if it promises to, else computed from
 * the neighbours' addresses, 0 if they overlap. O(1), or O(height); O(regions) in a list in no order.
 */
uint64_t model_gap(const struct model_tree *tree, const struct model_region *region);
/* Whether all of a range is free for an allocator. O(log n). */
bool model_allocator_has_free(const struct model_allocator *allocator, struct vrange range);
/* Whether a tree and the allocator beside it disagree, and the lowest addresses on which they do. O(regions). */
bool model_diverges(const struct model_tree *tree, struct model_divergence *out);
/*
 * The largest hole of a tree, in pages: as its root's fields and the tail gap say, or, where they do not, as the
 * addresses do. O(1); O(regions) in a tree without gaps, O(regions^2) in a list in no order.
 */
uint64_t model_largest_hole(const struct model_tree *tree);
