#include "task/calls.h"
#include "task/process.h"
#include "task/scheduler.h"
#include "task/user_memory.h"
#include "trace/trace.h"

enum { NAME_SIZE = 128 };

CALL(exit)
{
        const uint64_t status = word[0] < PROCESS_STATUS_MOST ? word[0] : PROCESS_STATUS_MOST;
        trace_system_call_end(thread_current()->id, SYSTEM_EXIT, ERROR_OK, status);
        process_exit(status);
}

CALL(fork)
{
        return process_fork(value);
}

/* The value of this call is what the new program finds in the same register. */
CALL(exec)
{
        char name[NAME_SIZE], argument[IMAGE_ARGUMENT_MOST];
        TRY(user_memory_read_text(name, word[0], sizeof name));
        TRY(user_memory_read_text(argument, word[1], sizeof argument));
        TRY(process_exec(name, argument));
        *value = thread_registers(thread_current())->rdx;
        return SUCCESS;
}

CALL(wait)
{
        uint64_t status;

        TRY(process_wait(word[0], word[2], &status, value));
        return word[1] && *value ? user_memory_write(word[1], &status, sizeof status) : SUCCESS;
}

CALL(kill)
{
        return process_kill(word[0]);
}

CALL(thread_create)
{
        return process_thread(word[0], word[1], word[2], value);
}

CALL(thread_exit)
{
        trace_system_call_end(thread_current()->id, SYSTEM_THREAD_EXIT, ERROR_OK, *value);
        process_thread_exit();
}

CALL(join)
{
        return process_join(word[0]);
}

CALL(yield)
{
        thread_yield();
        return SUCCESS;
}

CALL(sleep)
{
        return thread_sleep_for(word[0]);
}

CALL(clock)
{
        *value = scheduler_nanoseconds();
        return SUCCESS;
}

CALL(getpid)
{
        *value = process_current()->id;
        return SUCCESS;
}

/* One at a time: copying may fault, so it is done with no lock held. Between two of them is a preemption point. */
CALL(processes)
{
        struct process_listing one = { 0 };

        *value = 0;
        while (process_next(one.process, &one)) {
                if (*value < word[1])
                        TRY(user_memory_write(word[0] + *value * sizeof one, &one, sizeof one));
                ++*value;
                TRY(thread_preemption_point());
        }
        return SUCCESS;
}
