#include "sync/lock_order.h"
#include "arch/backtrace.h"
#include "arch/this_cpu.h"
#include "lib/printf.h"
#include "sync/spinlock.h"
#include "trace/trace.h"

static const char *const names[] = { LOCK_CLASSES(WORD_NAME) };
enum { CLASSES = sizeof names / sizeof *names, STACK_MOST = 8 };
_Static_assert(CLASSES <= 32, "a class is a bit of a uint32_t");

/* An edge of the order: the first time that a lock of one class was acquired while one of another was held. */
struct order_edge {
        uintptr_t held_acquired_at;             /* the code that had acquired the lock that was held */
        uintptr_t stack[STACK_MOST];            /* the backtrace when the other was acquired */
        size_t depth;                           /* of the backtrace; 0: there was no such time */
};

static struct order_edge edges[CLASSES][CLASSES];       /* by the class held, and the class acquired */
static uint32_t after[CLASSES];                 /* for each class a bit for every class that comes after it */

/* Guards the edges. It is a plain flag, since a spinlock's acquire would come back here to check its order. */
static bool recording;

/* The two locks of a violation, for the report of the panic; NULL before one. */
static const struct spinlock *violation_held, *violation_wanted;

const char *lock_class_name(enum lock_class class)
{
        return names[class];
}

static bool comes_before(enum lock_class first, enum lock_class second)
{
        return __atomic_load_n(&after[first], __ATOMIC_RELAXED) >> second & 1;
}

/* All that comes after `second` now comes after `first`, too, and after all that comes before `first`. */
static void add_to_order(enum lock_class first, enum lock_class second)
{
        const uint32_t later = after[second] | (uint32_t)1 << second;
        for (unsigned class = 0; class < CLASSES; class++) {
                if (class == first || comes_before(class, first))
                        __atomic_fetch_or(&after[class], later, __ATOMIC_RELAXED);
        }
}

/* False if the order is violated. */
static bool record_order_locked(const struct spinlock *held, enum lock_class wanted)
{
        if (comes_before(held->class, wanted))
                return true;                    /* another processor has recorded it meanwhile */
        if (held->class == wanted || comes_before(wanted, held->class))
                return false;

        struct order_edge *edge = &edges[held->class][wanted];
        edge->held_acquired_at = held->where;
        edge->depth = backtrace_take(__builtin_frame_address(0), edge->stack, STACK_MOST);
        add_to_order(held->class, wanted);
        return true;
}

static bool record_order(const struct spinlock *held, enum lock_class wanted)
{
        while (__atomic_exchange_n(&recording, true, __ATOMIC_ACQUIRE))
                cpu_relax();
        const bool allowed = record_order_locked(held, wanted);
        __atomic_store_n(&recording, false, __ATOMIC_RELEASE);
        return allowed;
}

const struct spinlock *lock_order_check(enum lock_class wanted)
{
        const struct cpu *cpu = this_cpu();
        for (unsigned i = 0; i < cpu->held_count; i++) {
                const struct spinlock *held = cpu->held[i];
                if (!comes_before(held->class, wanted) && !record_order(held, wanted))
                        return held;
        }
        return NULL;
}

void lock_order_panic(const struct spinlock *held, const struct spinlock *wanted)
{
        violation_held = held;
        violation_wanted = wanted;
        trace_lock_order_violated(held->class, wanted->class);
        panic("lock order: \"%s\" is wanted while \"%s\" is held, %s", names[wanted->class], names[held->class],
              held->class == wanted->class ? "of the same class" : "which elsewhere comes after it");
}

static void print_acquired_at(enum lock_class class, uintptr_t where)
{
        kprintf("\"%s\" had been acquired here:\n", names[class]);
        backtrace_print(&where, 1);
}

/* The class at the end of an edge that begins at `from`, and from which edges lead on to `to`. */
static enum lock_class next_on_path(enum lock_class from, enum lock_class to)
{
        enum lock_class next = 0;
        while (!edges[from][next].depth || (next != to && !comes_before(next, to)))
                next++;
        return next;
}

/*
 * The wanted class comes before the held one because of a path of edges. Example: the order a, b, c is recorded, c is
 * held and a is wanted. Then the edges a -> b and b -> c are printed.
 */
void lock_order_explain(void)
{
        if (!violation_held)
                return;
        print_acquired_at(violation_held->class, violation_held->where);

        enum lock_class class = violation_wanted->class;
        while (class != violation_held->class) {
                const enum lock_class next = next_on_path(class, violation_held->class);
                const struct order_edge *edge = &edges[class][next];
                kprintf("before, \"%s\" was wanted while \"%s\" was held:\n", names[next], names[class]);
                backtrace_print(edge->stack, edge->depth);
                print_acquired_at(class, edge->held_acquired_at);
                class = next;
        }
}
