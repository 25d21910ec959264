/* Must not compile: 'from->lock' is still held at the end of function */
#include "account.h"

void pay(struct account *from, [[maybe_unused]] struct account *to)
{
        spinlock_acquire(&from->lock);
        --*account_balance(from);
}
