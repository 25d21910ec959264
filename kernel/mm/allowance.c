#include "mm/allowance.h"

/* Below 0 once requests have failed. */
static int64_t left[ALLOWANCES] = { ALLOWANCE_ENDLESS, ALLOWANCE_ENDLESS, ALLOWANCE_ENDLESS };

void allowance_set(enum allowance which, size_t requests)
{
        __atomic_store_n(&left[which], (int64_t)requests, __ATOMIC_RELAXED);
}

static bool take_one(int64_t *requests)
{
        return __atomic_fetch_sub(requests, 1, __ATOMIC_RELAXED) > 0;
}

bool allowance_take(enum allowance kind)
{
        return take_one(&left[kind]) && take_one(&left[ALLOWANCE_BOTH]);
}
