/*
 * Data with a lock of its own, as in sync/spinlock.h.
 */
#include "sync/spinlock.h"

struct account {
        struct spinlock lock;
        struct { uint64_t guarded_; } balance;
};

GUARDED_MEMBER(account_balance, struct account, balance, object->lock)

void pay(struct account *from, struct account *to);
