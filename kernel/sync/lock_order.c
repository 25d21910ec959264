#include "sync/lock_order.h"
#include "arch/backtrace.h"
#include "arch/cpu.h"
#include "arch/this_cpu.h"
#include "lib/environment.h"
#include "lib/printf.h"
#include "sync/spinlock.h"
#include "trace/trace.h"

#define X(symbol, name, meaning) #name,
static const char *const names[] = { LOCK_CLASSES(X) };
#undef X
enum { CLASSES = sizeof names / sizeof *names, STACK_MOST = 8 };
_Static_assert(CLASSES <= 32, "a class is a bit of a uint32_t");

/* How it was learned that one class comes before another. */
struct lesson {
        uintptr_t held_since;                   /* where the first lock was acquired */
        uintptr_t stack[STACK_MOST];            /* how the second one came to be wanted */
        size_t depth;                           /* 0: it follows from other lessons, or is not known */
};

/* A plain flag guards what is learned: a spinlock would ask here whether it may be acquired. */
static bool learning;
static struct lesson lessons[CLASSES][CLASSES];
static uint32_t after[CLASSES];                 /* for each class a bit for every one that comes after it */
static const struct spinlock *violating, *violated;     /* what the panic is about, if it is about locks' order */

const char *lock_class_name(enum lock_class class)
{
        return names[class];
}

static bool comes_before(enum lock_class first, enum lock_class second)
{
        return __atomic_load_n(&after[first], __ATOMIC_RELAXED) >> second & 1;
}

static bool learn_locked(const struct spinlock *held, enum lock_class wanted)
{
        struct lesson *lesson = &lessons[held->class][wanted];
        if (comes_before(held->class, wanted))
                return true;                    /* another processor was faster */
        if (held->class == wanted || comes_before(wanted, held->class))
                return false;
        lesson->held_since = held->where;
        lesson->depth = backtrace_take(__builtin_frame_address(0), lesson->stack, STACK_MOST);
        for (unsigned class = 0; class < CLASSES; class++) {
                if (class == held->class || comes_before(class, held->class))
                        __atomic_fetch_or(&after[class], after[wanted] | (uint32_t)1 << wanted, __ATOMIC_RELAXED);
        }
        return true;
}

static bool learn(const struct spinlock *held, enum lock_class wanted)
{
        while (__atomic_exchange_n(&learning, true, __ATOMIC_ACQUIRE))
                cpu_relax();
        const bool allowed = learn_locked(held, wanted);
        __atomic_store_n(&learning, false, __ATOMIC_RELEASE);
        return allowed;
}

const struct spinlock *lock_order_check(enum lock_class wanted)
{
        const struct cpu *cpu = this_cpu();
        unsigned i = 0;
        while (i < cpu->held_count && (comes_before(cpu->held[i]->class, wanted) || learn(cpu->held[i], wanted)))
                i++;
        return i < cpu->held_count ? cpu->held[i] : NULL;
}

void lock_order_panic(const struct spinlock *held, const struct spinlock *wanted)
{
        violated = held;
        violating = wanted;
        trace_lock_order_violated(held->class, wanted->class);
        panic("lock order: \"%s\" is wanted while \"%s\" is held, %s", names[wanted->class], names[held->class],
              held->class == wanted->class ? "of the same class" : "which elsewhere comes after it");
}

static void print_held_since(enum lock_class class, uintptr_t where)
{
        kprintf("\"%s\" had been acquired here:\n", names[class]);
        backtrace_print(&where, 1);
}

/* From the class that was wanted to the one that was held leads a way, each step of which was learned at some time. */
void lock_order_explain(void)
{
        if (!violated)
                return;
        print_held_since(violated->class, violated->where);
        for (enum lock_class class = violating->class, next; class != violated->class; class = next) {
                const struct lesson *lesson = lessons[class];
                next = 0;
                while (!lesson[next].depth || (next != violated->class && !comes_before(next, violated->class)))
                        next++;
                kprintf("before, \"%s\" was wanted while \"%s\" was held:\n", names[next], names[class]);
                backtrace_print(lesson[next].stack, lesson[next].depth);
                print_held_since(class, lesson[next].held_since);
        }
}
