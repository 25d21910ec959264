/*
 * A plan: one kind of operation, many times, with the answer that each must have. Every peer carries out the same
 * plan, so it is known that all did the same work.
 */
#pragma once

#include "layout.h"

enum operation {
        LOOKUP,                         /* find the region at a random address */
        INSERT_REMOVE,                  /* place where it is known to be free, and remove again */
        CHURN,                          /* place anywhere, and remove another */
        NOTHING_FITS,                   /* find out that no hole is large enough */
        HUGE,                           /* find the first hole for 2 MiB at an address that is a multiple of 2 MiB */
        OPERATIONS
};

extern const char *const operation_name[OPERATIONS];

struct step {
        uintptr_t address;
        size_t size;
        size_t slot;                    /* CHURN: of the region to remove, which the next step places */
        uintptr_t answer;
        struct stretch removed;         /* CHURN: where the removed one was */
};

struct plan {
        enum operation operation;
        size_t count;
        size_t spare;                   /* the slot that no region of the layout has */
        struct step *step;
};

/*
 * Makes `count` random steps over a layout, `count` > 0. The answers are those of the region tree `reference`,
 * which holds the layout and is not itself measured. It and the layout are afterwards as before. False if memory
 * ran out.
 */
[[nodiscard]] bool plan_make(struct plan *plan, enum operation operation, size_t count, const struct layout *layout,
                             void *reference, struct rng *rng);

void plan_free(struct plan *plan);

bool plan_suits(enum operation operation, const struct peer *peer);

/* Carries out the first `count` steps: this is what is measured. False if an answer was not as planned. */
bool plan_run(const struct plan *plan, size_t count, const struct peer *peer, void *self);

/* Puts back what the first `count` steps changed. */
void plan_undo(const struct plan *plan, size_t count, const struct peer *peer, void *self);
