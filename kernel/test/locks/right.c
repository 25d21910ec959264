/* Must compile. */
#include "account.h"

static bool withdraw_locked(struct account *account) REQUIRES(account->lock)
{
        if (!*account_balance(account))
                return false;
        --*account_balance(account);
        return true;
}

void pay(struct account *from, struct account *to)
{
        bool paid;

        spinlock_acquire(&from->lock);
        paid = withdraw_locked(from);
        spinlock_release(&from->lock);
        if (!paid)
                return;
        spinlock_acquire(&to->lock);
        ++*account_balance(to);
        spinlock_release(&to->lock);
}
