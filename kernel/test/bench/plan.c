#include "plan.h"

#include "lib/vrange.h"

#include <stdlib.h>

const char *const operation_name[OPERATIONS] = {
        [LOOKUP] = "lookup",
        [INSERT_REMOVE] = "insert+remove",
        [CHURN] = "churn",
        [NOTHING_FITS] = "no hole fits",
        [HUGE] = "2 MiB at 2 MiB",
};

bool plan_suits(enum operation operation, const struct peer *peer)
{
        switch (operation) {
        case LOOKUP:        return peer->find;
        case INSERT_REMOVE: return peer->find && peer->place;   /* a list places only to put back */
        case CHURN:
        case NOTHING_FITS:  return peer->place_anywhere;
        default:            return peer->search;
        }
}

/* --- making ----------------------------------------------------------------------------------------------- */

/* Addresses anywhere between the lowest and the highest region: a few lie in holes. */
static void plan_lookups(struct plan *plan, const struct layout *layout, void *reference, struct rng *rng)
{
        uintptr_t lowest = layout->base, end = lowest;

        for (size_t slot = 0; slot < layout->count; slot++)
                if (end < layout->region[slot].base + layout->region[slot].size)
                        end = layout->region[slot].base + layout->region[slot].size;
        for (size_t i = 0; i < plan->count; i++) {
                struct step *step = &plan->step[i];

                step->address = (lowest + rng_below(rng, end - lowest)) & ~(uintptr_t)7;
                step->answer = peer_understory.find(reference, step->address);
        }
}

/* Places part of a hole that is chosen by chance. */
static bool plan_insertions(struct plan *plan, const struct layout *layout, struct rng *rng)
{
        size_t *order = layout_order(layout);

        if (!order)
                return false;
        for (size_t i = 0; i < plan->count;) {
                size_t at = rng_below(rng, layout->count - 1);
                struct stretch below = layout->region[order[at]], above = layout->region[order[at + 1]];
                uintptr_t hole = below.base + below.size;
                size_t pages = (above.base - hole) / PAGE_SIZE, size, offset;

                if (!pages)
                        continue;
                size = 1 + rng_below(rng, pages);
                offset = rng_below(rng, pages - size + 1);
                plan->step[i++] = (struct step){ .address = hole + offset * PAGE_SIZE, .size = size * PAGE_SIZE,
                                                 .answer = true };
        }
        free(order);
        return true;
}

/* Carries the churn out on the reference, following in the layout where every region is, and takes it back. */
static void plan_churn(struct plan *plan, struct layout *layout, void *reference, struct rng *rng)
{
        size_t unused = plan->spare;

        for (size_t i = 0; i < plan->count; i++) {
                struct step *step = &plan->step[i];
                size_t slot = unused;

                step->size = (1 + rng_below(rng, LARGEST)) * PAGE_SIZE;
                step->answer = peer_understory.place_anywhere(reference, slot, step->size);
                layout->region[slot] = (struct stretch){ step->answer, step->size };
                do
                        unused = rng_below(rng, layout->capacity);
                while (unused == slot);
                step->slot = unused;
                step->removed = layout->region[unused];
                peer_understory.remove(reference, unused);
        }
        plan_undo(plan, plan->count, &peer_understory, reference);
        for (size_t i = plan->count; i-- > 0;)
                layout->region[plan->step[i].slot] = plan->step[i].removed;
        layout->region[plan->spare] = (struct stretch){ 0 };
}

bool plan_make(struct plan *plan, enum operation operation, size_t count, const struct layout *layout,
               void *reference, struct rng *rng)
{
        struct layout changing = *layout;       /* shares the regions, which churn changes and puts back */

        *plan = (struct plan){ operation, count, layout->count, calloc(count, sizeof *plan->step) };
        if (!plan->step)
                return false;
        switch (operation) {
        case LOOKUP:
                plan_lookups(plan, layout, reference, rng);
                return true;
        case INSERT_REMOVE:
                return plan_insertions(plan, layout, rng);
        case CHURN:
                plan_churn(plan, &changing, reference, rng);
                return true;
        default:
                for (size_t i = 0; i < count; i++)
                        plan->step[i].size = operation == HUGE ? (size_t)2 << 20 : layout->end;
                plan->step[0].answer = peer_understory.search(reference, plan->step[0].size,
                                                              operation == HUGE ? (size_t)2 << 20 : PAGE_SIZE);
                for (size_t i = 1; i < count; i++)
                        plan->step[i].answer = plan->step[0].answer;
                return true;
        }
}

void plan_free(struct plan *plan)
{
        free(plan->step);
        plan->step = NULL;
}

/* --- carrying out ----------------------------------------------------------------------------------------- */

/*
 * Answers are even, so that `answer & 1` adds nothing; but the processor cannot know, and has what it needs for a
 * step only when it has the answer of the last. So this is nearer to the time that a page fault waits than to the
 * rate at which a batch of them could be served.
 */
bool plan_run(const struct plan *plan, size_t count, const struct peer *peer, void *self)
{
        const struct step *step = plan->step, *end = step + count;
        uintptr_t answer = 0, wrong = 0;
        size_t unused = plan->spare;

        switch (plan->operation) {
        case LOOKUP:
                for (; step < end; step++) {
                        answer = peer->find(self, step->address + (answer & 1));
                        wrong |= answer ^ step->answer;
                }
                break;
        case INSERT_REMOVE:
                for (; step < end; step++) {
                        wrong |= peer->place(self, unused, step->address, step->size) ^ step->answer;
                        peer->remove(self, unused);
                }
                break;
        case CHURN:
                for (; step < end; step++) {
                        answer = peer->place_anywhere(self, unused, step->size + (answer & 1));
                        wrong |= answer ^ step->answer;
                        unused = step->slot;
                        peer->remove(self, unused);
                }
                break;
        case NOTHING_FITS:
                for (; step < end; step++) {
                        answer = peer->place_anywhere(self, unused, step->size + (answer & 1));
                        wrong |= answer ^ step->answer;
                }
                break;
        default:
                for (; step < end; step++) {
                        answer = peer->search(self, step->size + (answer & 1), (size_t)2 << 20);
                        wrong |= answer ^ step->answer;
                }
        }
        return !wrong;
}

void plan_undo(const struct plan *plan, size_t count, const struct peer *peer, void *self)
{
        if (plan->operation != CHURN)
                return;
        for (size_t i = count; i-- > 0;) {
                const struct step *step = &plan->step[i];

                peer->place(self, step->slot, step->removed.base, step->removed.size);
                peer->remove(self, i ? step[-1].slot : plan->spare);
        }
}
