#include "import/import_order.h"

#include "base/error_message.h"
#include "import/import_calls.h"

#include <stdlib.h>

enum { NESTING_MAX = 64 };

struct call_order {
        size_t next;                    /* the first call that has not returned yet */
        unsigned nesting;               /* how many calls are being applied, one inside the other */
        bool *taken;                    /* for each call: whether it has been applied, or is being applied */
        unsigned long *begun;           /* for each call: the first line on which it or any later one began */
};

static struct error take(struct script *script, size_t number)
{
        const struct strace_call *outer = script->call;
        struct error error;

        script->call = &script->strace->call[number];
        script->order->taken[number] = true;
        script->order->nesting++;
        error = import_call(script);
        script->order->nesting--;
        script->call = outer;
        return error;
}

struct error import_apply_early(struct script *script, struct vrange range)
{
        struct call_order *order = script->order;
        unsigned long now = script->call->line;

        for (size_t i = order->next; i < script->strace->count && order->begun[i] < now; i++) {
                const struct strace_call *call = &script->strace->call[i];

                if (!order->taken[i] && call->begun < now && import_call_frees(call, range) &&
                    order->nesting < NESTING_MAX)
                        TRY(take(script, i));
        }
        return SUCCESS;
}

struct error import_make_room(struct script *script, struct vrange range)
{
        TRY(import_apply_early(script, range));
        return script_notice_free(script, range);
}

static struct error take_all(struct script *script)
{
        struct call_order *order = script->order;
        const struct strace *strace = script->strace;

        for (size_t i = strace->count; i-- > 0;) {
                order->begun[i] = strace->call[i].begun;
                if (i + 1 < strace->count && order->begun[i + 1] < order->begun[i])
                        order->begun[i] = order->begun[i + 1];
        }
        for (; order->next < strace->count; order->next++)
                if (!order->taken[order->next])
                        TRY(take(script, order->next));
        return SUCCESS;
}

struct error import_all_calls(struct script *script)
{
        struct call_order order = {
                .taken = calloc(script->strace->count + 1, sizeof *order.taken),
                .begun = calloc(script->strace->count + 1, sizeof *order.begun),
        };
        struct error error;

        script->order = &order;
        error = order.taken && order.begun ? take_all(script) : fail_no_memory();
        script->order = NULL;
        free(order.taken);
        free(order.begun);
        return error;
}
