/*
 * What a program says, and what becomes of it when it cannot.
 */
#include "lib/rng.h"
#include "user/lib/user.h"

enum { MESSAGE_SIZE = 256, CONSOLE_FAILED = 1 };

/* Set by the start code from what the kernel drew for this program; the compiler's own name. */
uintptr_t __stack_chk_guard = 0x595e9fbd94fda766;

_Noreturn void __stack_chk_fail(void);

/* As what it printed goes nowhere, the program that goes on printing has nothing left to do. */
void console_write(const char *text, size_t length)
{
        if (write(FILE_OUTPUT, text, length).code)
                exit(CONSOLE_FAILED);
}

int print_error(const char *what, struct error error)
{
        const enum error_code code = (enum error_code)error.code;
        char text[MESSAGE_SIZE], place[64] = "";
        size_t length;

        if (error.line)
                format(place, sizeof place, ", raised at %s:%u", __start_file_names + error.file, error.line);
        length = format(text, sizeof text, "%s: %s (%s%s)\n", what, error_meaning(code), error_name(code), place);
        error_ignore(write(FILE_ERRORS, text, length < sizeof text ? length : sizeof text - 1));
        return 1;
}

/* The guard itself is not reported. */
uint64_t random_seed(void)
{
        struct rng rng;

        rng_seed(&rng, __stack_chk_guard);
        return rng_next(&rng) >> 32;
}

/* The kernel traces its errors; a program looks at what it gets. */
void error_raised(struct error error)
{
        (void)error;
}

void __stack_chk_fail(void)
{
        static const char message[] = "a function wrote beyond its part of the stack\n";

        error_ignore(write(FILE_ERRORS, message, sizeof message - 1));
        __builtin_trap();
}
