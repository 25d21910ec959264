/*
 * Locks in a recording: who holds and who waits at a moment, and the order in which classes of locks were taken.
 *
 *      TRY(locks_read("run.rtrace", 0, &locks));
 *      ... locks->cpu[1].wanted, locks->cycle, locks->violation ...
 *      locks_free(locks);
 *
 * A recording has events of locks if it was made with trace=+lock. Without them only a violation that the kernel found
 * itself is known, and neither what was held nor the order.
 *
 * The order is recorded like the kernel's (kernel/sync/lock_order.h), but from events alone: a lock of class B that is
 * wanted or acquired while one of class A is held makes an edge from A to B. The first edge that leads back, or from a
 * class to itself, is a violation: processors could wait for each other for ever.
 */
#pragma once

#include "model/model.h"

enum {
#define COUNT_CLASS(...) + 1
        LOCK_CLASS_COUNT = 0 LOCK_CLASSES(COUNT_CLASS),
#undef COUNT_CLASS
        LOCKS_SHOWN_MOST = 16,                  /* of one processor; the kernel lets it hold 8 */
        LOCKS_TASK_SIZE = 24,
};

/* Why this moment. */
enum locks_moment {
        LOCKS_AT_END,                           /* nothing tells one moment from another */
        LOCKS_AT_MOST_WAITING,                  /* the first at which so many processors wait */
        LOCKS_AT_VIOLATION,                     /* the first violation of the order */
        LOCKS_AT_CYCLE,                         /* the first at which processors wait for each other in a cycle */
        LOCKS_AS_ASKED,
};

struct lock_place {
        enum lock_class class;
        uint64_t address;
        uint64_t since;                         /* the event since which it is held, or waited for */
};

struct lock_processor {
        char task[LOCKS_TASK_SIZE];             /* that runs on it; empty: none, or not known */
        size_t held;
        struct lock_place hold[LOCKS_SHOWN_MOST];       /* the newest first */
        bool waits, is_in_cycle;
        struct lock_place wanted;
        bool wanted_is_held;
        unsigned holder;                        /* the processor that holds what this one waits for */
};

/* A lock of one class was taken while one of another was held. */
struct lock_edge {
        uint64_t count;                         /* how often; 0: never */
        uint64_t first;                         /* the event that did so first */
};

struct lock_violation {
        uint64_t event;                         /* 0: there was none */
        unsigned cpu;
        enum lock_class held, wanted;
        bool was_found_by_kernel;               /* which then panics; else the events show it */
        size_t steps; /* classes from `wanted` to `held`, each before the next; 0: not known */
        enum lock_class step[LOCK_CLASS_COUNT];
        uint64_t others;                        /* later violations by other pairs of classes */
};

struct locks {
        bool has_events;                        /* of locks */
        enum locks_moment moment;
        uint64_t event, ticks;                  /* of the moment; event 0: the recording is empty */
        uint64_t unknown_since;                 /* events are missing then; 0: none that matter */
        size_t cpus; /* so many have sent events, or their numbers are below others that have */
        struct lock_processor *cpu;
        size_t waiting;
        size_t cycle;                           /* how many wait in a cycle; 0: there is none */
        unsigned in_cycle[MODEL_CPUS_MAX];      /* each waits for the next, the last for the first */
        struct lock_edge edge[LOCK_CLASS_COUNT][LOCK_CLASS_COUNT];      /* by the class held, and the class taken */
        struct lock_violation violation;
};

/*
 * `event` 0: the first cycle, else the first violation, else the first moment at which the most processors wait, else
 * the end. NOT_FOUND, IO, BAD_INPUT or NO_MEMORY with an error message. O(events), and O(processors) for each wait.
 */
struct error locks_read(const char *path, uint64_t event, struct locks **out);
void locks_free(struct locks *locks);

/* Whether an edge follows from others and is no violation: pictures leave it out. O(classes^2). */
bool locks_is_implied(const struct locks *locks, enum lock_class held, enum lock_class taken);
