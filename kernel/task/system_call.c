#include "task/system_call.h"
#include "task/calls.h"
#include "task/scheduler.h"
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
        const uint64_t task = thread_current()->id;
        const enum system_call call = (enum system_call)number;
        trace_system_call_begin(task, call, word[0], word[1], word[2]);
        const struct error error = calls[call](word, value);
        trace_system_call_end(task, call, (enum error_code)error.code, *value);
        return error;
}
