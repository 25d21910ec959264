#include "test/fault_injection.h"
#include "mm/frames.h"
#include "mm/kmalloc.h"

/* How many more requests may succeed. Below 0 once requests have failed. */
static int64_t left[INJECTIONS] = { INJECT_NEVER, INJECT_NEVER, INJECT_NEVER };

static bool count_down(enum injection which)
{
        return __atomic_fetch_sub(&left[which], 1, __ATOMIC_RELAXED) > 0;
}

static bool frame_request_fails(void)
{
        return !count_down(INJECT_INTO_FRAMES) || !count_down(INJECT_INTO_BOTH);
}

static bool block_request_fails(void)
{
        return !count_down(INJECT_INTO_BLOCKS) || !count_down(INJECT_INTO_BOTH);
}

void fault_injection_set(enum injection which, size_t requests)
{
        frame_request_hook = frame_request_fails;
        kmalloc_request_hook = block_request_fails;
        __atomic_store_n(&left[which], (int64_t)requests, __ATOMIC_RELAXED);
}
