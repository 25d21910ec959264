/* Must not compile: 'from->lock' is not held on every path through here */
#include "account.h"

void pay(struct account *from, struct account *to)
{
        spinlock_acquire(&from->lock);
        if (from == to)
                return;
        --*account_balance(from);
        spinlock_release(&from->lock);
}
