#include "import/import_strace.h"

#include "base/error_message.h"
#include "import/import_shm.h"
#include "import/import_tasks.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* A call whose first line was seen. */
struct pending {
        long thread;
        unsigned long line;
        char name[CALL_NAME_SIZE];
        char *text;
};

struct reading {
        struct strace *strace;
        struct import_faults *faults;
        unsigned long line;
        size_t capacity;
        struct pending *pending;
        size_t pending_count;
        struct import_tasks tasks;
        bool has_begun;                 /* a call was seen */
        struct import_shm shm;
        char *begun;                    /* the first part of a line that was interrupted, or NULL */
};

static struct error add_call(struct reading *reading, const struct strace_call *call)
{
        struct strace *strace = reading->strace;

        if (strace->count == reading->capacity) {
                size_t capacity = reading->capacity ? 2 * reading->capacity : 256;
                struct strace_call *bigger = reallocarray(strace->call, capacity, sizeof *bigger);

                if (!bigger)
                        return fail_no_memory();
                strace->call = bigger;
                reading->capacity = capacity;
        }
        strace->call[strace->count++] = *call;
        return SUCCESS;
}

static void count_skipped(struct strace *strace, const char *name)
{
        size_t i = 0;

        while (i < strace->skipped_names && strcmp(strace->skipped[i].name, name))
                i++;
        if (i == SKIPPED_NAMES_MAX)
                i--;
        if (i == strace->skipped_names) {
                strcpy(strace->skipped[i].name, i == SKIPPED_NAMES_MAX - 1 ? "others" : name);
                strace->skipped_names++;
        }
        strace->skipped[i].count++;
}

static void leave_out_foreign_calls(struct reading *reading)
{
        struct strace *strace = reading->strace;
        size_t kept = 0;

        for (size_t i = 0; i < strace->count; i++) {
                if (import_is_foreign(&reading->tasks, strace->call[i].thread, strace->call[i].line))
                        strace->forked_calls++;
                else
                        strace->call[kept++] = strace->call[i];
        }
        strace->count = kept;
}

/* --- lines ---------------------------------------------------------------------------------------------------- */

/* A program is started anew: its calls so far are another program's. */
static struct error see_exec(struct reading *reading, long thread)
{
        bool is_ours;

        TRY(import_task_executes(&reading->tasks, thread, reading->line, &is_ours));
        if (!is_ours)
                return SUCCESS;
        if (reading->strace->count)
                reading->strace->replaced_at = reading->line;
        reading->strace->count = 0;
        return SUCCESS;
}

/* Calls that are not memory calls, but start threads and processes, or create segments. */
static struct error see_other_call(struct reading *reading, long thread, const char *name, const char *text)
{
        bool forks = !strcmp(name, "fork") || !strcmp(name, "vfork") || !strncmp(name, "clone", 5);
        uint64_t size;
        long result;

        if (!call_result(text, &result) || result < 0)
                return SUCCESS;
        if (forks)
                return import_task_forks(&reading->tasks, thread, text, result, reading->line);
        if (!strcmp(name, "shmget") && call_second_number(text, &size))
                return import_shm_created(&reading->shm, (uint64_t)result, size);
        return strcmp(name, "execve") ? SUCCESS : see_exec(reading, thread);
}

/* A thread of unknown origin whose break is not ours belongs to another process. */
static struct error see_break(struct reading *reading, const struct strace_call *call)
{
        bool is_new;

        TRY(import_task_has_break(&reading->tasks, call, &is_new));
        if (!is_new)
                return SUCCESS;
        return import_fault(reading->faults, reading->line, "thread %ld comes from nowhere and has a break of its own: "
                            "a process whose fork was not captured; its calls are left out", call->thread);
}

static struct error take_call(struct reading *reading, long thread, const char *name, const char *text,
                              unsigned long begun)
{
        enum call_kind kind = call_kind(name);
        bool is_shared = kind == CALL_SHMAT || kind == CALL_SHMDT;
        struct strace_call call;
        const char *trouble;

        if (kind == CALL_OTHER) {
                count_skipped(reading->strace, name);
                return see_other_call(reading, thread, name, text);
        }
        trouble = call_parse(&call, kind, text);
        if (!trouble && is_shared && call.returned && !call_failed(&call) && !import_shm_size(&reading->shm, &call))
                trouble = "how large its segment is was not captured";
        if (trouble)
                return import_fault(reading->faults, reading->line, "%s: %s", name, trouble);
        call.begun = begun;
        call.line = reading->line;
        call.thread = thread;
        if (kind == CALL_BRK)
                TRY(see_break(reading, &call));
        if (kind == CALL_SHMAT)
                TRY(import_shm_attached(&reading->shm, &call));
        return add_call(reading, &call);
}

static void forget(struct reading *reading, struct pending *pending)
{
        free(pending->text);
        *pending = reading->pending[--reading->pending_count];
}

/* While there is only one thread, strace does not name it: such a call may end, or begin, with a name. */
static struct pending *find_pending(struct reading *reading, long thread)
{
        struct pending *unnamed = NULL;

        for (size_t i = 0; i < reading->pending_count; i++) {
                if (reading->pending[i].thread == thread)
                        return &reading->pending[i];
                if (!reading->pending[i].thread || !thread)
                        unnamed = &reading->pending[i];
        }
        return unnamed;
}

static struct error begin_call(struct reading *reading, const struct strace_line *split)
{
        struct pending *pending = find_pending(reading, split->thread);

        if (pending && pending->thread == split->thread) {
                forget(reading, pending);
                reading->strace->cut_calls++;
        }
        pending = reallocarray(reading->pending, reading->pending_count + 1, sizeof *pending);
        if (!pending)
                return fail_no_memory();
        reading->pending = pending;
        pending += reading->pending_count;
        *pending = (struct pending){ .thread = split->thread, .line = reading->line };
        strcpy(pending->name, split->name);
        pending->text = strndup(split->text, split->length);
        if (!pending->text)
                return fail_no_memory();
        reading->pending_count++;
        return SUCCESS;
}

static struct error finish_call(struct reading *reading, const struct strace_line *split)
{
        struct pending *pending = find_pending(reading, split->thread);
        struct error error;
        char *whole;

        if (!pending || strcmp(pending->name, split->name)) {
                reading->strace->cut_calls++;
                return SUCCESS;
        }
        if (asprintf(&whole, "%s%s", pending->text, split->text) < 0)
                return fail_no_memory();
        error = take_call(reading, import_speaker(&reading->tasks, split->thread), split->name, whole, pending->line);
        free(whole);
        forget(reading, pending);
        return error;
}

static struct error take_line(struct reading *reading, const char *line)
{
        struct strace_line split = line_split(line);

        reading->has_begun = reading->has_begun || split.kind == LINE_CALL || split.kind == LINE_UNFINISHED;
        switch (split.kind) {
        case LINE_REMARK:
                return SUCCESS;
        case LINE_EXIT:
                return import_task_exits(&reading->tasks, import_speaker(&reading->tasks, split.thread));
        case LINE_CALL:
                TRY(import_task_named(&reading->tasks, split.thread));
                return take_call(reading, import_speaker(&reading->tasks, split.thread), split.name, split.text,
                                 reading->line);
        case LINE_UNFINISHED:
                TRY(import_task_named(&reading->tasks, split.thread));
                return begin_call(reading, &split);
        case LINE_RESUMED:
                TRY(import_task_named(&reading->tasks, split.thread));
                return finish_call(reading, &split);
        case LINE_UNKNOWN:
                break;
        }
        return import_fault(reading->faults, reading->line, "nothing that strace writes (if the program wrote it, let "
                            "strace write to a file of its own: strace -o FILE PROGRAM)");
}

/* Puts interrupted lines together again. */
static struct error take_text(struct reading *reading, const char *text)
{
        char *whole = NULL;
        struct error error = SUCCESS;
        size_t length;

        if (asprintf(&whole, "%s%s", reading->begun ? reading->begun : "", text) < 0)
                return fail_no_memory();
        free(reading->begun);
        reading->begun = NULL;
        length = line_interruption(whole);
        if (reading->has_begun)
                error = import_task_attached(&reading->tasks, whole);
        reading->has_begun = reading->has_begun || length;
        if (length) {
                whole[length] = 0;
                reading->begun = whole;
                return error;
        }
        if (!error.code)
                error = take_line(reading, whole);
        free(whole);
        return error;
}

static struct error read_lines(struct reading *reading, FILE *in)
{
        char *line = NULL;
        size_t size = 0;
        ssize_t length;
        struct error error = SUCCESS;

        while (!error.code && (length = getline(&line, &size, in)) >= 0) {
                reading->line++;
                if (strlen(line) != (size_t)length)
                        error = FAILF(BAD_INPUT, "%s: line %lu holds a zero byte; this is no text",
                                      reading->faults->path, reading->line);
                else
                        error = take_text(reading, line);
        }
        if (!error.code && ferror(in))
                error = FAILF(IO, "%s: %s", reading->faults->path, strerror(errno));
        free(line);
        return error;
}

struct error strace_read(struct strace *out, FILE *in, struct import_faults *faults)
{
        struct reading reading = { .strace = out, .faults = faults };
        struct error error;

        *out = (struct strace){ 0 };
        error = read_lines(&reading, in);
        leave_out_foreign_calls(&reading);
        out->cut_calls += reading.pending_count + (reading.begun != NULL);
        while (reading.pending_count)
                forget(&reading, reading.pending);
        free(reading.begun);
        free(reading.pending);
        import_tasks_free(&reading.tasks);
        import_shm_free(&reading.shm);
        if (!error.code && !out->count && !out->forked_calls)
                error = FAILF(BAD_INPUT, "%s: there are no memory calls in it; capture them with strace -f "
                              "-e trace=memory,process -o FILE PROGRAM", faults->path);
        if (error.code)
                strace_free(out);
        return error;
}

void strace_free(struct strace *strace)
{
        free(strace->call);
        *strace = (struct strace){ 0 };
}
