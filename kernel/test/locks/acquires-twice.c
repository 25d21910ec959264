/* Must not compile: 'from->lock' that is already held */
#include "account.h"

void pay(struct account *from, [[maybe_unused]] struct account *to)
{
        spinlock_acquire(&from->lock);
        spinlock_acquire(&from->lock);
        --*account_balance(from);
        spinlock_release(&from->lock);
}
