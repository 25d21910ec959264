#include "analysis/stats.h"
#include "base/error_message.h"

#include <stdlib.h>
#include <string.h>

#define VALUE(event, type, name) ((event)->field[EVENT_FIELD(type, name)])

struct error stats_create(uint64_t sampled, struct stats **out)
{
        struct stats *stats = calloc(1, sizeof *stats);
        struct error error;

        if (!stats)
                return fail_no_memory();
        stats->sampled = sampled;
        stats->between = 1;
        error = model_create(&stats->model);
        if (error.code) {
                free(stats);
                return error;
        }
        *out = stats;
        return SUCCESS;
}

void stats_free(struct stats *stats)
{
        if (!stats)
                return;
        id_map_clear(&stats->begun);
        model_destroy(stats->model);
        free(stats);
}

static void measure(struct stats_measure *measure, uint64_t value)
{
        measure->count++;
        measure->sum += value;
        if (measure->most < value)
                measure->most = value;
}

double stats_mean(const struct stats_measure *measure)
{
        return measure->count ? (double)measure->sum / (double)measure->count : 0;
}

/* --- samples ---------------------------------------------------------------------------------------------- */

double stats_fragmentation(const struct stats_sample *sample)
{
        if (!sample->free || sample->largest_hole > sample->free)
                return 0;
        return (double)(sample->free - sample->largest_hole) / (double)sample->free;
}

/*
 * Keeps every second sample.
 *
 *      1 2 3 4 5 6 7 8   ->   2 4 6 8
 */
static void thin_out(struct stats *stats)
{
        for (size_t i = 0; i < stats->samples / 2; i++)
                stats->sample[i] = stats->sample[2 * i + 1];
        stats->samples /= 2;
        stats->between *= 2;
}

static bool is_kernels_own(const struct stats *stats, const struct model_tree *tree)
{
        const struct model_space *space = model_space(stats->model, tree->space);

        return space && space->name && strcmp(space->name, "kernel") == 0;
}

static void take_sample(struct stats *stats, const struct model_tree *tree, const struct event *event)
{
        if (!stats->sampled && !is_kernels_own(stats, tree))
                stats->sampled = tree->id;
        if (tree->id != stats->sampled || tree->operation.number % stats->between)
                return;
        stats->sample[stats->samples++] = (struct stats_sample){
                .event = event->number,
                .ticks = event->ticks,
                .operation = tree->operation.number,
                .regions = tree->regions,
                .mapped = tree->mapped,
                .free = vrange_size(tree->range) - tree->occupied,
                .largest_hole = model_largest_hole(tree) * PAGE_SIZE,
        };
        if (stats->samples == STATS_SAMPLES_MAX)
                thin_out(stats);
}

/* --- operations ------------------------------------------------------------------------------------------- */

static void end_tree_operation(struct stats *stats, const struct event *event)
{
        const struct model_tree *tree = model_tree(stats->model, VALUE(event, tree_end, tree));
        const struct model_operation *operation = tree ? &tree->operation : NULL;
        struct stats_tree_kind *kind;

        if (!operation || operation->end != event->number || (unsigned)operation->kind >= STATS_TREE_KINDS)
                return;         /* its beginning is missing */
        kind = &stats->tree[operation->kind];
        kind->count++;
        kind->failed += operation->result != ERROR_OK;
        measure(&kind->visits, operation->visits);
        kind->rotations += operation->rotations;
        kind->recolourings += operation->recolourings;
        take_sample(stats, tree, event);
}

static struct error begin_space_operation(struct stats *stats, const struct event *event)
{
        return id_map_put(&stats->begun, VALUE(event, space_begin, space), (void *)(event->ticks + 1));
}

static void end_space_operation(struct stats *stats, const struct event *event)
{
        const uint64_t id = VALUE(event, space_end, space);
        const uint64_t begun = (uint64_t)id_map_get(&stats->begun, id);
        const struct model_space *space = model_space(stats->model, id);

        if (!begun || !space || (unsigned)space->kind >= STATS_SPACE_KINDS)
                return;         /* its beginning is missing */
        id_map_remove(&stats->begun, id);
        stats->space[space->kind].count++;
        stats->space[space->kind].failed += VALUE(event, space_end, result) != ERROR_OK;
        if (event->ticks >= begun - 1)
                measure(&stats->space[space->kind].ticks, event->ticks - (begun - 1));
}

/* --- locks ------------------------------------------------------------------------------------------------ */

/* A cpu waits for one lock at a time, and does nothing else meanwhile. */
static void follow_lock(struct stats *stats, const struct event *event)
{
        const uint64_t class = VALUE(event, lock_acquired, lock);
        uint64_t *wanted = &stats->wanted[event->cpu % MODEL_CPUS_MAX];
        struct stats_lock_class *lock = class < STATS_LOCK_CLASSES ? &stats->lock[class] : NULL;

        if (event->type == EVENT_lock_wanted) {
                *wanted = event->ticks + 1;
                return;
        }
        if (event->type == EVENT_lock_released) {
                if (lock && VALUE(event, lock_released, held))
                        measure(&lock->held, VALUE(event, lock_released, held));
                return;
        }
        if (lock) {
                lock->acquired++;
                if (*wanted && event->ticks >= *wanted - 1)
                        measure(&lock->waited, event->ticks - (*wanted - 1));
        }
        *wanted = 0;
}

/* --- events ----------------------------------------------------------------------------------------------- */

/* The event has been applied to the model. */
static struct error take_in(struct stats *stats, const struct event *event)
{
        switch (event->type) {
        case EVENT_tree_end:
                end_tree_operation(stats, event);
                return SUCCESS;
        case EVENT_space_begin:
                return begin_space_operation(stats, event);
        case EVENT_space_end:
                end_space_operation(stats, event);
                return SUCCESS;
        case EVENT_page_fault:
                if (VALUE(event, page_fault, verdict) < STATS_FAULT_VERDICTS)
                        stats->fault[VALUE(event, page_fault, verdict)]++;
                return SUCCESS;
        case EVENT_lock_wanted:
        case EVENT_lock_acquired:
        case EVENT_lock_released:
                follow_lock(stats, event);
                return SUCCESS;
        default:
                return SUCCESS;
        }
}

struct error stats_event(struct stats *stats, const struct event *event)
{
        struct error error = model_apply(stats->model, event);

        if (!stats->first_ticks)
                stats->first_ticks = event->ticks;
        stats->last_ticks = event->ticks;
        if (error_is(error, ERROR_NO_MEMORY))
                return error;
        if (error.code || !model_carried_out(stats->model))
                return SUCCESS;
        return take_in(stats, event);
}
