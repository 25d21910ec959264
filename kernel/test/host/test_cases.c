/*
 * The kernel's own test cases for what is host-clean, run here under sanitizers. The same files are linked into the
 * kernel.
 */
#include "host_env.h"
#include "test/test.h"

#include <stdio.h>

extern const struct test_case *const __start_test_cases[], *const __stop_test_cases[];

static int failures;

void test_failed(const char *file, int line, const char *expression, const char *what)
{
        failures++;
        printf("# %s:%d: %s: %s\n", file, line, expression, what);
}

int main(void)
{
        int number = 0, failed = 0;

        printf("1..%td\n", __stop_test_cases - __start_test_cases);
        for (const struct test_case *const *test = __start_test_cases; test < __stop_test_cases; test++) {
                size_t live = host_kmalloc_live();

                failures = 0;
                (*test)->run();
                if (!failures && host_kmalloc_live() != live)
                        test_failed(__FILE__, __LINE__, "every block is given back", "is false");
                failed += failures != 0;
                printf("%s %d %s\n", failures ? "not ok" : "ok", ++number, (*test)->name);
        }
        return failed != 0;
}
