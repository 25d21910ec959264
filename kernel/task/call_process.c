#include "lib/string.h"
#include "task/calls.h"
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

/* An array of pointers to texts; a null pointer ends it. */
static struct error read_arguments(uintptr_t array, struct argument_vector *out)
{
        for (;; array += sizeof(uintptr_t)) {
                uintptr_t text;

                TRY(user_memory_read(&text, array, sizeof text));
                if (!text)
                        return SUCCESS;
                if (out->count == ARGUMENTS_MOST || out->size == sizeof out->text)
                        return FAIL(BAD_ARGUMENT);
                TRY(user_memory_read_text(out->text + out->size, text, sizeof out->text - out->size));
                out->size += strlen(out->text + out->size) + 1;
                out->count++;
        }
}

/* The value of this call is what the new program finds in the same register. */
CALL(exec)
{
        struct argument_vector arguments = { 0 };
        char name[NAME_SIZE];

        TRY(user_memory_read_text(name, word[0], sizeof name));
        TRY(read_arguments(word[1], &arguments));
        if (!arguments.count)
                return FAIL(BAD_ARGUMENT);
        TRY(process_exec(name, &arguments));
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
        const int64_t id = (int64_t)word[0];

        return id < 0 ? process_kill_group(-word[0], value) : process_kill(word[0]);
}

CALL(setpgid)
{
        return process_set_group(word[0], word[1]);
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
