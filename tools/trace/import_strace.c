#include "import_strace.h"

#include "error_message.h"
#include "import_shm.h"

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

/* A thread of the capture, ours or not. */
struct task {
        long id;
        bool is_thread;                 /* made with CLONE_THREAD by one of ours: its execve is our program's */
        bool is_child;                  /* it began during the capture, so it is not the main thread */
        bool has_parent;                /* and the call that made it was captured */
        bool is_over;
        bool is_foreign;                /* its calls are not our program's, from this line on: */
        unsigned long foreign_from;
};

struct reading {
        struct strace *strace;
        struct import_faults *faults;
        unsigned long line;
        size_t capacity;
        struct pending *pending;
        size_t pending_count;
        struct task *task;
        size_t task_count;
        bool has_begun;                 /* a call was seen */
        long main;                      /* the main thread; 0 while strace does not name it */
        uint64_t brk;                   /* our break, as last told; 0: not known */
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

/* --- processes ------------------------------------------------------------------------------------------------ */

/* The record of a thread, created at the first request; NULL if there is no memory. Valid until the next is made. */
static struct task *task_of(struct reading *reading, long id)
{
        struct task *bigger;

        for (size_t i = 0; i < reading->task_count; i++)
                if (reading->task[i].id == id)
                        return &reading->task[i];
        bigger = reallocarray(reading->task, reading->task_count + 1, sizeof *bigger);
        if (!bigger)
                return NULL;
        reading->task = bigger;
        bigger[reading->task_count] = (struct task){ .id = id };
        return &bigger[reading->task_count++];
}

static bool is_foreign(const struct reading *reading, long id, unsigned long line)
{
        for (size_t i = 0; i < reading->task_count; i++)
                if (reading->task[i].id == id)
                        return reading->task[i].is_foreign && reading->task[i].foreign_from <= line;
        return false;
}

static struct error make_foreign(struct reading *reading, long id, unsigned long from)
{
        struct task *task = task_of(reading, id);

        if (!task)
                return fail_no_memory();
        if (!task->is_foreign || from < task->foreign_from)
                task->foreign_from = from;
        task->is_foreign = true;
        return SUCCESS;
}

/* Strace names threads only if there are several. The main thread is the first one that is not a child of another. */
static struct error see_name(struct reading *reading, long id)
{
        struct task *task;

        if (!id)
                return SUCCESS;
        task = task_of(reading, id);
        if (!task)
                return fail_no_memory();
        if (!reading->main && !task->is_child)
                reading->main = id;
        return SUCCESS;
}

/* The thread of a line without a name: the main thread, or the only one that is left. */
static long speaker(const struct reading *reading, long named)
{
        bool main_is_over = false;
        long left = reading->main;

        if (named)
                return named;
        for (size_t i = 0; i < reading->task_count; i++) {
                if (!reading->task[i].is_over)
                        left = reading->task[i].id;
                else if (reading->task[i].id == reading->main)
                        main_is_over = true;
        }
        return main_is_over ? left : reading->main;
}

/* A new task shares the address space only if its parent said so, and the parent is one of ours. */
static struct error see_fork(struct reading *reading, long parent, const char *text, long child)
{
        bool shares = strstr(text, "CLONE_VM") && !is_foreign(reading, parent, reading->line);
        struct task *task = task_of(reading, child);

        if (!task)
                return fail_no_memory();
        task->is_child = task->has_parent = true;
        task->is_thread = shares && strstr(text, "CLONE_THREAD");
        return shares ? SUCCESS : make_foreign(reading, child, 0);
}

static struct error see_exec(struct reading *reading, long id)
{
        const struct task *task = task_of(reading, id);

        if (!task)
                return fail_no_memory();
        if (is_foreign(reading, id, reading->line))
                return SUCCESS;
        if (id != reading->main && !task->is_thread)
                return make_foreign(reading, id, reading->line);
        if (reading->strace->count)
                reading->strace->replaced_at = reading->line;
        reading->strace->count = 0;
        reading->brk = 0;
        return SUCCESS;
}

/* Calls that are not memory calls, but start threads and processes, or create segments. */
static struct error see_other_call(struct reading *reading, long id, const char *name, const char *text)
{
        bool forks = !strcmp(name, "fork") || !strcmp(name, "vfork") || !strncmp(name, "clone", 5);
        uint64_t size;
        long result;

        if (!call_result(text, &result) || result < 0)
                return SUCCESS;
        if (forks)
                return see_fork(reading, id, text, result);
        if (!strcmp(name, "shmget") && call_second_number(text, &size))
                return import_shm_created(&reading->shm, (uint64_t)result, size);
        return strcmp(name, "execve") ? SUCCESS : see_exec(reading, id);
}

/* Threads of one process have one break. A thread of unknown origin with another break belongs to another process. */
static struct error see_break(struct reading *reading, long id, const struct strace_call *call)
{
        const struct task *task = task_of(reading, id);

        if (!task)
                return fail_no_memory();
        if (!call->returned || is_foreign(reading, id, reading->line))
                return SUCCESS;
        if (id != reading->main && !task->has_parent && reading->brk && !call->address && call->result != reading->brk) {
                TRY(import_fault(reading->faults, reading->line, "thread %ld comes from nowhere and has a break of its own: "
                                 "a process whose fork was not captured; its calls are left out", id));
                return make_foreign(reading, id, 0);
        }
        reading->brk = call->result;
        return SUCCESS;
}

static void leave_out_foreign_calls(struct reading *reading)
{
        struct strace *strace = reading->strace;
        size_t kept = 0;

        for (size_t i = 0; i < strace->count; i++) {
                if (is_foreign(reading, strace->call[i].thread, strace->call[i].line))
                        strace->forked_calls++;
                else
                        strace->call[kept++] = strace->call[i];
        }
        strace->count = kept;
}

/* --- lines ---------------------------------------------------------------------------------------------------- */

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
        if (kind == CALL_BRK)
                TRY(see_break(reading, thread, &call));
        if (kind == CALL_SHMAT)
                TRY(import_shm_attached(&reading->shm, &call));
        call.begun = begun;
        call.line = reading->line;
        call.thread = thread;
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
        error = take_call(reading, speaker(reading, split->thread), split->name, whole, pending->line);
        free(whole);
        forget(reading, pending);
        return error;
}

static struct error see_exit(struct reading *reading, long id)
{
        struct task *task = task_of(reading, id);

        if (!task)
                return fail_no_memory();
        task->is_over = true;
        return SUCCESS;
}

static struct error take_line(struct reading *reading, const char *line)
{
        struct strace_line split = line_split(line);

        reading->has_begun = reading->has_begun || split.kind == LINE_CALL || split.kind == LINE_UNFINISHED;
        switch (split.kind) {
        case LINE_REMARK:
                return SUCCESS;
        case LINE_EXIT:
                return see_exit(reading, speaker(reading, split.thread));
        case LINE_CALL:
                TRY(see_name(reading, split.thread));
                return take_call(reading, speaker(reading, split.thread), split.name, split.text, reading->line);
        case LINE_UNFINISHED:
                TRY(see_name(reading, split.thread));
                return begin_call(reading, &split);
        case LINE_RESUMED:
                TRY(see_name(reading, split.thread));
                return finish_call(reading, &split);
        case LINE_UNKNOWN:
                break;
        }
        return import_fault(reading->faults, reading->line, "nothing that strace writes (if the program wrote it, let "
                            "strace write to a file of its own: strace -o FILE PROGRAM)");
}

/* "strace: Process 12 attached", once calls have been seen, is a new thread or process: not the main thread. */
static struct error see_attached(struct reading *reading, const char *text)
{
        const char *mark = strstr(text, "Process ");
        struct task *task;
        int end = 0;
        long id;

        if (!reading->has_begun || !mark || sscanf(mark, "Process %ld attached%n", &id, &end) != 1 || !end ||
            id == reading->main)
                return SUCCESS;
        task = task_of(reading, id);
        if (!task)
                return fail_no_memory();
        task->is_child = true;
        return SUCCESS;
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
        error = see_attached(reading, whole);
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
        free(reading.task);
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
