#include "user/lib/thread.h"

enum { STACK_SIZE = 16 * PAGE_SIZE };

/* What a thread is to do: the first words on its stack. */
struct errand {
        void (*function)(void *);
        void *argument;
};

/* From the start code, which calls the other. */
[[gnu::visibility("hidden")]] void thread_entry(void);
_Noreturn void thread_run(const struct errand *errand);

void thread_run(const struct errand *errand)
{
        errand->function(errand->argument);
        thread_exit();
}

struct error thread_start(void (*function)(void *), void *argument, struct thread *out)
{
        const struct mapping mapping = { .name = "thread stack", .size = STACK_SIZE,
                                         .protection = PROTECT_READ_WRITE,
                                         .guard_before = PAGE_SIZE, .guard_after = PAGE_SIZE };
        struct errand *errand;
        struct error error;

        TRY(mmap(&mapping, &out->stack));
        errand = (struct errand *)(out->stack + STACK_SIZE) - 1;
        *errand = (struct errand){ function, argument };
        error = thread_create(thread_entry, (uintptr_t)errand, errand, &out->id);
        if (error.code)
                error_ignore(munmap(out->stack, STACK_SIZE));
        return error;
}

struct error thread_join(struct thread *thread)
{
        TRY(join(thread->id));
        return munmap(thread->stack, STACK_SIZE);
}
