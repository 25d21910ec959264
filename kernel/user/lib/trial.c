#include "user/lib/trial.h"

const struct trial trials[] = {
#define X(sentence) { #sentence, trial_##sentence },
        TRIALS(X)
#undef X
};

const size_t trial_count = sizeof trials / sizeof *trials;

void trial_wrong(const char *file, int line, const char *expression, const char *what)
{
        printf("process %lu: %s:%d: %s: %s\n", getpid(), file, line, expression, what);
}

void *trial_map(size_t size, enum sharing sharing)
{
        const struct mapping mapping = { .name = "trial", .size = size, .protection = PROTECT_READ_WRITE,
                                         .sharing = sharing };
        uintptr_t base;

        return mmap(&mapping, &base).code ? NULL : (void *)base;
}

struct error trial_in_child(int (*work)(void *argument), void *argument, uint64_t *status)
{
        struct ending ending;
        uint64_t child;

        TRY(fork(&child));
        if (!child)
                exit(work(argument));
        TRY(wait(child, &ending));
        *status = ending.status;
        return SUCCESS;
}
