#include "analysis/locks.h"
#include "base/error_message.h"
#include "base/format.h"
#include "stream/reader.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define VALUE(event, type, name) ((event)->field[EVENT_FIELD(type, name)])

/* --- the order of classes --------------------------------------------------------------------------------- */

/*
 * The shortest way along edges from one class to another, both included, into `step`. Returns how many classes that is;
 * 0 if there is none. One edge may be left out, and the one of the violation always is. O(classes^2).
 */
static size_t find_way(const struct locks *locks, enum lock_class from, enum lock_class to,
                       const struct lock_edge *without, enum lock_class step[LOCK_CLASS_COUNT])
{
        unsigned queue[LOCK_CLASS_COUNT], before[LOCK_CLASS_COUNT];
        bool is_reached[LOCK_CLASS_COUNT] = { 0 };
        size_t head = 0, tail = 0, steps = 1;

        is_reached[from] = true;
        queue[tail++] = from;
        while (head < tail && !is_reached[to]) {
                const unsigned class = queue[head++];

                for (unsigned next = 0; next < LOCK_CLASS_COUNT; next++) {
                        const struct lock_edge *edge = &locks->edge[class][next];
                        const bool is_violation = locks->violation.event && locks->violation.held == class &&
                                                  locks->violation.wanted == next;

                        if (!edge->count || edge == without || is_violation || is_reached[next])
                                continue;
                        is_reached[next] = true;
                        before[next] = class;
                        queue[tail++] = next;
                }
        }
        if (!is_reached[to])
                return 0;
        for (unsigned class = to; class != from; class = before[class])
                steps++;
        for (size_t i = steps, class = to; i--; class = class == from ? from : before[class])
                step[i] = (enum lock_class)class;
        return steps;
}

bool locks_is_implied(const struct locks *locks, enum lock_class held, enum lock_class taken)
{
        enum lock_class step[LOCK_CLASS_COUNT];
        const struct lock_violation *violation = &locks->violation;

        if (held == taken || (violation->event && violation->held == held && violation->wanted == taken))
                return false;
        return find_way(locks, held, taken, &locks->edge[held][taken], step) != 0;
}

static void violate(struct locks *locks, const struct event *event, uint64_t held, uint64_t wanted)
{
        struct lock_violation *violation = &locks->violation;
        const bool by_kernel = event->type == EVENT_lock_order_violated;

        if (violation->event) {
                const bool is_same = violation->held == held && violation->wanted == wanted;

                violation->was_found_by_kernel |= is_same && by_kernel;
                violation->others += !is_same;
                return;
        }
        violation->event = event->number;
        violation->cpu = event->cpu;
        violation->held = (enum lock_class)held;
        violation->wanted = (enum lock_class)wanted;
        violation->was_found_by_kernel = by_kernel;
        violation->steps = find_way(locks, violation->wanted, violation->held, NULL, violation->step);
}

/* An edge is judged when it is new, by those before it. */
static void add_edge(struct locks *locks, const struct event *event, uint64_t held, uint64_t taken)
{
        enum lock_class step[LOCK_CLASS_COUNT];
        struct lock_edge *edge;

        if (held >= LOCK_CLASS_COUNT || taken >= LOCK_CLASS_COUNT)
                return;
        edge = &locks->edge[held][taken];
        if (!edge->count && find_way(locks, (enum lock_class)taken, (enum lock_class)held, NULL, step))
                violate(locks, event, held, taken);
        if (!edge->count)
                edge->first = event->number;
        edge->count++;
}

/* Before the event is applied: what its processor holds is held when the lock is taken. */
static void record_order(struct locks *locks, const struct model *model, const struct event *event)
{
        const struct model_cpu *cpu = event->cpu < MODEL_CPUS_MAX ? model_cpu(model, event->cpu) : NULL;

        switch (event->type) {
        case EVENT_lock_order_violated:
                if (VALUE(event, lock_order_violated, held) < LOCK_CLASS_COUNT &&
                    VALUE(event, lock_order_violated, wanted) < LOCK_CLASS_COUNT)
                        violate(locks, event, VALUE(event, lock_order_violated, held),
                                VALUE(event, lock_order_violated, wanted));
                return;
        case EVENT_lock_acquired:
                if (cpu && cpu->wanted && cpu->wanted->address == VALUE(event, lock_acquired, address))
                        return;                 /* counted when it was wanted */
                break;
        case EVENT_lock_wanted:
                break;
        default:
                return;
        }
        for (const struct model_lock *lock = cpu ? cpu->held : NULL; lock; lock = lock->next)
                add_edge(locks, event, lock->class, VALUE(event, lock_acquired, lock));
}

/* --- a moment --------------------------------------------------------------------------------------------- */

static struct lock_place place_of(const struct model_lock *lock, uint64_t since)
{
        return (struct lock_place){ lock->class, lock->address, since };
}

static void take_processor(struct lock_processor *out, const struct model *model, unsigned cpu)
{
        const struct model_cpu *at = model_cpu(model, cpu);

        *out = (struct lock_processor){ 0 };
        if (!at)
                return;
        if (at->running)
                snprintf(out->task, sizeof out->task, "%s", at->running->name ? at->running->name : "");
        if (at->running && !*out->task)
                snprintf(out->task, sizeof out->task, "task %llu", (unsigned long long)at->running->id);
        for (const struct model_lock *lock = at->held; lock; lock = lock->next) {
                if (out->held < LOCKS_SHOWN_MOST)
                        out->hold[out->held] = place_of(lock, lock->since);
                out->held++;
        }
        out->waits = at->wanted != NULL;
        if (!out->waits)
                return;
        out->wanted = place_of(at->wanted, at->wanted_since);
        out->wanted_is_held = at->wanted->held;
        out->holder = at->wanted->cpu;
}

/*
 * Each processor waits for at most one lock, which at most one other holds: whoever follows these from any processor
 * comes to one that does not wait, or round a cycle.
 */
static void find_cycle(struct locks *locks)
{
        locks->cycle = 0;
        for (unsigned start = 0; start < locks->cpus && !locks->cycle; start++) {
                unsigned at = start;
                size_t steps = 0;

                while (steps <= locks->cpus && locks->cpu[at].waits && locks->cpu[at].wanted_is_held) {
                        at = locks->cpu[at].holder;
                        steps++;
                        if (at == start)
                                break;
                }
                if (!steps || at != start)
                        continue;
                do {
                        locks->cpu[at].is_in_cycle = true;
                        locks->in_cycle[locks->cycle++] = at;
                        at = locks->cpu[at].holder;
                } while (at != start);
        }
}

static void take_moment(struct locks *locks, const struct model *model, const struct event *event,
                        enum locks_moment moment)
{
        locks->moment = moment;
        locks->event = event->number;
        locks->ticks = event->ticks;
        locks->unknown_since = model_unknown_since(model);
        locks->waiting = 0;
        for (unsigned cpu = 0; cpu < locks->cpus; cpu++) {
                take_processor(&locks->cpu[cpu], model, cpu);
                locks->waiting += locks->cpu[cpu].waits;
        }
        find_cycle(locks);
}

static size_t count_waiting(const struct model *model, size_t cpus)
{
        size_t waiting = 0;

        for (unsigned cpu = 0; cpu < cpus; cpu++)
                waiting += model_cpu(model, cpu)->wanted != NULL;
        return waiting;
}

/* Whether the processor that has just begun to wait waits for itself, by way of others. */
static bool closes_cycle(const struct model *model, unsigned cpu)
{
        const struct model_lock *lock = model_cpu(model, cpu)->wanted;

        for (size_t steps = 0; lock && lock->held && steps <= MODEL_CPUS_MAX; steps++) {
                if (lock->cpu == cpu)
                        return true;
                lock = model_cpu(model, lock->cpu)->wanted;
        }
        return false;
}

/* A cycle is never left for another moment, and a violation only for a cycle. */
static void consider(struct locks *locks, const struct model *model, const struct event *event, bool is_violation)
{
        if (locks->moment == LOCKS_AT_CYCLE)
                return;
        if (event->type == EVENT_lock_wanted && closes_cycle(model, event->cpu))
                take_moment(locks, model, event, LOCKS_AT_CYCLE);
        else if (is_violation)
                take_moment(locks, model, event, LOCKS_AT_VIOLATION);
        else if (locks->moment < LOCKS_AT_VIOLATION && event->type == EVENT_lock_wanted &&
                 count_waiting(model, locks->cpus) > locks->waiting)
                take_moment(locks, model, event, LOCKS_AT_MOST_WAITING);
}

/* --- reading ---------------------------------------------------------------------------------------------- */

static struct error make_room(struct locks *locks, size_t cpus)
{
        struct lock_processor *more;

        if (cpus <= locks->cpus || cpus > MODEL_CPUS_MAX)
                return SUCCESS;
        more = realloc(locks->cpu, cpus * sizeof *more);
        if (!more)
                return fail_no_memory();
        memset(more + locks->cpus, 0, (cpus - locks->cpus) * sizeof *more);
        locks->cpu = more;
        locks->cpus = cpus;
        return SUCCESS;
}

static struct error take(struct locks *locks, struct model *model, const struct event *event, uint64_t wanted)
{
        const bool had_violation = locks->violation.event != 0;

        TRY(make_room(locks, event->cpu + 1));
        record_order(locks, model, event);
        locks->has_events |= event->type >= EVENT_lock_wanted && event->type <= EVENT_lock_released;
        if (model_apply(model, event).code == ERROR_NO_MEMORY)
                return FAILF(NO_MEMORY, "%s", model_error_message(model));
        if (wanted && event->number == wanted)
                take_moment(locks, model, event, LOCKS_AS_ASKED);
        else if (!wanted && event->cpu < MODEL_CPUS_MAX)
                consider(locks, model, event, !had_violation && locks->violation.event);
        return SUCCESS;
}

static struct error read_all(struct locks *locks, struct reader *reader, struct model *model, uint64_t wanted)
{
        struct event event, last = { 0 };

        while (reader_next(reader, &event)) {
                TRY(take(locks, model, &event, wanted));
                last = event;
        }
        if (reader_failed(reader))
                return FAIL(IO);
        if (wanted && locks->moment != LOCKS_AS_ASKED)
                return FAILF(NOT_FOUND, "%s: there is no event %s; the last one is %s", reader_name(reader),
                             format_count(wanted), format_count(last.number));
        if (locks->moment == LOCKS_AT_END)
                take_moment(locks, model, &last, LOCKS_AT_END);
        return SUCCESS;
}

struct error locks_read(const char *path, uint64_t event, struct locks **out)
{
        struct locks *locks = calloc(1, sizeof *locks);
        struct reader *reader = NULL;
        struct model *model = NULL;
        struct error error = locks ? SUCCESS : fail_no_memory();

        if (!error.code)
                error = reader_open(path, &reader);
        if (!error.code)
                error = model_create(&model);
        if (!error.code)
                error = read_all(locks, reader, model, event);
        model_destroy(model);
        if (reader)
                reader_close(reader);
        if (error.code) {
                locks_free(locks);
                return error;
        }
        *out = locks;
        return SUCCESS;
}

void locks_free(struct locks *locks)
{
        if (locks)
                free(locks->cpu);
        free(locks);
}
