/* Must not compile: calling function 'account_balance' requires holding spinlock 'to->lock' */
#include "account.h"

void pay(struct account *from, struct account *to)
{
        spinlock_acquire(&from->lock);
        --*account_balance(from);
        ++*account_balance(to);
        spinlock_release(&from->lock);
}
