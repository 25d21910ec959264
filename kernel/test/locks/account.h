/*
 * Data with a lock of its own, as in sync/spinlock.h.
 */
#include "sync/spinlock.h"

struct account {
        struct spinlock lock;
        struct { uint64_t guarded_; } balance;
};

static inline uint64_t *account_balance(struct account *account) REQUIRES(account->lock)
{
        return &account->balance.guarded_;
}

void pay(struct account *from, struct account *to);
