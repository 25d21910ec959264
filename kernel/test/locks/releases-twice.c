/* Must not compile: 'from->lock' that was not held */
#include "account.h"

void pay(struct account *from, [[maybe_unused]] struct account *to)
{
        spinlock_acquire(&from->lock);
        --*account_balance(from);
        spinlock_release(&from->lock);
        spinlock_release(&from->lock);
}
