#include "mm/fault_injection.h"

#include <stdint.h>

/* How many more requests may succeed. Below 0 once requests have failed. */
static int64_t left[INJECTIONS] = { INJECT_NEVER, INJECT_NEVER, INJECT_NEVER };

void fault_injection_set(enum injection which, size_t requests)
{
        __atomic_store_n(&left[which], (int64_t)requests, __ATOMIC_RELAXED);
}

static bool count_down(enum injection which)
{
        return __atomic_fetch_sub(&left[which], 1, __ATOMIC_RELAXED) > 0;
}

bool fault_injection_strikes(enum injection kind)
{
        return !count_down(kind) || !count_down(INJECT_INTO_BOTH);
}
