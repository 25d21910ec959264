#include "test/test.h"
#include "lib/printf.h"
#include "lib/string.h"
#include "mm/frames.h"
#include "mm/kmalloc.h"
#include "task/initrd.h"
#include "test/script.h"
#include "trace/trace.h"

extern const struct test_case *const __start_test_cases[], *const __stop_test_cases[];

static enum verdict verdict;

void test_failed(const char *file, int line, const char *expression, const char *what)
{
        verdict = VERDICT_FAILED;
        kprintf("# %s:%d: %s: %s\n", file, line, expression, what);
}

static enum verdict run(const struct test_case *test)
{
        size_t free = free_frames(), blocks = kmalloc_live().blocks;

        verdict = VERDICT_PASSED;
        trace_case_begin(test->name);
        test->run();
        for (enum injection which = 0; which < INJECTIONS; which++)
                fault_injection_set(which, INJECT_NEVER);
        if (verdict == VERDICT_PASSED && (free_frames() != free || kmalloc_live().blocks != blocks)) {
                verdict = VERDICT_FAILED;
                kprintf("# %zu frames were free before, %zu are now\n", free, free_frames());
                kprintf("# %zu blocks were live before, %zu are now\n", blocks, kmalloc_live().blocks);
        }
        trace_case_end(test->name, verdict);
        return verdict;
}

static size_t count(const char *word)
{
        size_t cases = 0;

        for (const struct test_case *const *test = __start_test_cases; test < __stop_test_cases; test++)
                cases += strstr((*test)->name, word) != NULL;
        return cases;
}

enum verdict test_run_all(const char *word)
{
        size_t cases = count(word), number = 0, failed = 0;

        kprintf("KTAP version 1\n1..%zu\n", cases);
        for (const struct test_case *const *test = __start_test_cases; test < __stop_test_cases; test++) {
                bool passed;

                if (!strstr((*test)->name, word))
                        continue;
                passed = run(*test) == VERDICT_PASSED;
                failed += !passed;
                kprintf("%s %zu %s\n", passed ? "ok" : "not ok", ++number, (*test)->name);
        }
        if (!cases)
                kprintf("# no test case has \"%s\" in its name\n", word);
        return cases && !failed ? VERDICT_PASSED : VERDICT_FAILED;
}

enum verdict script_run_named(const char *name)
{
        struct cpio_file file;

        if (cpio_find(initrd, name, &file))
                return script_run(file.name, file.bytes, file.size);
        kprintf("run=%s: the initial ramdisk has no such file. It has:\n", name);
        initrd_list();
        return VERDICT_FAILED;
}
