/* Must not compile: calling function 'account_balance' requires holding spinlock 'from->lock' */
#include "account.h"

void pay(struct account *from, struct account *to)
{
        --*account_balance(from);
        spinlock_acquire(&to->lock);
        ++*account_balance(to);
        spinlock_release(&to->lock);
}
