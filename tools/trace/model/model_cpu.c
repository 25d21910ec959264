#include "model/model_internal.h"

#include <stdlib.h>

/* --- interrupts ------------------------------------------------------------------------------------------- */

/* A task may be switched away from inside an interrupt, and end it on another cpu; so an end need not have a begin. */
static void apply_interrupt(struct model_cpu *cpu, const struct event *event)
{
        cpu->in_interrupt = event->type == EVENT_interrupt_begin;
        if (cpu->in_interrupt)
                cpu->vector = VALUE(event, interrupt_begin, vector);
}

/* --- locks ------------------------------------------------------------------------------------------------ */

/* The first three fields of every event of a lock are the same. */
_Static_assert(EVENT_FIELD(lock_wanted, lock) == EVENT_FIELD(lock_acquired, lock) &&
               EVENT_FIELD(lock_wanted, address) == EVENT_FIELD(lock_acquired, address) &&
               EVENT_FIELD(lock_released, lock) == EVENT_FIELD(lock_acquired, lock) &&
               EVENT_FIELD(lock_released, address) == EVENT_FIELD(lock_acquired, address) &&
               EVENT_FIELD(lock_released, turn) == EVENT_FIELD(lock_acquired, turn),
               "lock events have the same fields");

struct error model_add_lock(struct model *model, uint64_t address, struct model_lock **out)
{
        *out = calloc(1, sizeof **out);
        if (!*out)
                return fail_no_memory();
        (*out)->address = address;
        if (id_map_put(&model->locks, address, *out).code) {
                free(*out);
                return fail_no_memory();
        }
        return SUCCESS;
}

static struct error lock_of(struct model *model, const struct event *event, struct model_lock **out)
{
        uint64_t address = VALUE(event, lock_acquired, address);

        *out = model_lock(model, address);
        return *out ? SUCCESS : model_add_lock(model, address, out);
}

void model_hold_lock(struct model *model, struct model_lock *lock)
{
        lock->held = true;
        lock->next = model->cpu[lock->cpu].held;
        model->cpu[lock->cpu].held = lock;
}

/* A processor waits for one lock at a time. NULL: for none. */
void model_want_lock(struct model_cpu *cpu, struct model_lock *lock, uint64_t since)
{
        cpu->wanted = lock;
        cpu->wanted_since = since;
}

static void let_go(struct model *model, struct model_lock *lock)
{
        struct model_lock **link = &model->cpu[lock->cpu].held;

        if (!lock->held)
                return;
        while (*link != lock)
                link = &(*link)->next;
        *link = lock->next;
        lock->held = false;
}

static struct error apply_lock(struct model *model, const struct event *event)
{
        struct model_lock *lock;

        TRY(lock_of(model, event, &lock));
        lock->class = (enum lock_class)VALUE(event, lock_acquired, lock);
        if (event->type == EVENT_lock_wanted) {
                model_want_lock(&model->cpu[event->cpu], lock, event->number);
                return SUCCESS;
        }
        let_go(model, lock);
        lock->turn = VALUE(event, lock_acquired, turn);
        if (event->type == EVENT_lock_released)
                return SUCCESS;
        lock->cpu = event->cpu;
        lock->since = event->number;
        model_want_lock(&model->cpu[event->cpu], NULL, 0);
        model_hold_lock(model, lock);
        return SUCCESS;
}

/* --- all -------------------------------------------------------------------------------------------------- */

void model_forget_locks(struct model *model)
{
        struct model_lock *lock;
        size_t position = 0;

        while ((lock = id_map_walk(&model->locks, &position)))
                free(lock);
        id_map_clear(&model->locks);
        for (size_t i = 0; i < MODEL_CPUS_MAX; i++)
                model->cpu[i].held = NULL;
}

void model_forget_tasks(struct model *model)
{
        model_forget_locks(model);
        for (size_t i = 0; i < MODEL_CPUS_MAX; i++)
                model->cpu[i] = (struct model_cpu){ .tree = model->cpu[i].tree };
        for (size_t i = 0; i < model->task_count; i++)
                model->task[i]->running = model->task[i]->in_call = false;      /* for all that is known */
}

struct error model_apply_cpu_event(struct model *model, const struct event *event)
{
        if (event->cpu >= MODEL_CPUS_MAX)
                return REJECT(model, "there is no cpu %u", event->cpu);
        switch (event->type) {
        case EVENT_interrupt_begin:
        case EVENT_interrupt_end:
                apply_interrupt(&model->cpu[event->cpu], event);
                return SUCCESS;
        default:
                return apply_lock(model, event);
        }
}
