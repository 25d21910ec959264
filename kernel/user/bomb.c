/*
 * bomb: forks for ever, and so do its children; bomb hog: takes all memory. The shell must survive both.
 */
#include "user/lib/user.h"

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

int main(const char *argument, [[maybe_unused]] struct file file)
{
        uint64_t child;

        if (!strcmp(argument, "hog"))
                return take_all_memory();
        for (;;)
                error_ignore(fork(&child));
}
