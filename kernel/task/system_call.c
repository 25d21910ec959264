#include "task/system_call.h"
#include "task/calls.h"
#include "trace/trace.h"

static struct error (*const calls[])(const uint64_t word[3], uint64_t *value) = {
#define X(symbol, name, meaning) [symbol] = call_##name,
        SYSTEM_CALLS(X)
#undef X
};

struct error system_call(uint64_t number, const uint64_t word[3], uint64_t *value)
{
        if (number >= sizeof calls / sizeof *calls)
                return FAIL(BAD_ARGUMENT);
        struct thread *me = thread_current();
        const enum system_call call = (enum system_call)number;
        __atomic_store_n(&me->call, number + 1, __ATOMIC_RELAXED);
        trace_system_call_begin(me->id, call, word[0], word[1], word[2]);
        /* Calls that take memory until the process frees it. */
        const bool takes_memory = call == SYSTEM_FORK || call == SYSTEM_EXEC || call == SYSTEM_THREAD_CREATE ||
                                  call == SYSTEM_MMAP || call == SYSTEM_OPEN || call == SYSTEM_PIPE;
        const bool is_refused = takes_memory && !process_may_take_memory();
        const struct error error = is_refused ? FAIL(NO_MEMORY) : calls[number](word, value);
        trace_system_call_end(me->id, call, (enum error_code)error.code, *value);
        __atomic_store_n(&me->call, 0, __ATOMIC_RELAXED);
        return error;
}
