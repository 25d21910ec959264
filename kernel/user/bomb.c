/*
 * bomb: forks for ever, and so do its children: bomb [HOW MANY]; takes all memory: bomb hog; both: bomb both.
 *
 * The shell must survive each of them, and Ctrl-C end it.
 */
#include "user/lib/user.h"
#include "user/lib/words.h"

static int take_all_memory(void)
{
        const struct mapping mapping = { .name = "hog", .size = (size_t)1 << 40, .protection = PROTECT_READ_WRITE };
        struct error error;
        uintptr_t base;

        error = mmap(&mapping, &base);
        if (error.code)
                return print_error("bomb", error);
        for (;; base += PAGE_SIZE)
                *(volatile char *)base = 1;
}

/* Forks until there are about so many processes; then all of them work on for ever. */
static _Noreturn void grow(uint64_t most)
{
        enum { SAID = 100 };
        const uint64_t last = most < UINT64_MAX - getpid() ? getpid() + most : UINT64_MAX;
        uint64_t newest = 0, child;

        for (;;) {
                if (newest >= last || fork(&child).code)
                        continue;
                newest = child ? child : getpid();
                if (child && child % SAID == 0)
                        printf("bomb: process %lu\n", child);
        }
}

int main(const char *argument)
{
        uint64_t most = UINT64_MAX, child;

        if (!strcmp(argument, "hog"))
                return take_all_memory();
        if (!strcmp(argument, "both")) {
                if (fork(&child).code || child == 0)
                        return take_all_memory();
        } else if (*argument && !parse_number(argument, &most)) {
                printf("bomb: hog, both, or how many processes?\n");
                return 2;
        }
        grow(most);
}
