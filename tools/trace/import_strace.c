#include "import_strace.h"

#include "error_message.h"

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

/* A thread whose calls from a line on are not our program's. */
struct foreign_thread {
        long thread;
        unsigned long line;
};

struct reading {
        struct strace *strace;
        const char *path;
        unsigned long line;
        size_t capacity;
        struct pending *pending;
        size_t pending_count;
        struct foreign_thread *foreign;
        size_t foreign_count;
        long first_thread;
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

static bool is_foreign(const struct reading *reading, long thread, unsigned long line)
{
        for (size_t i = 0; i < reading->foreign_count; i++)
                if (reading->foreign[i].thread == thread && reading->foreign[i].line <= line)
                        return true;
        return false;
}

static struct error add_foreign(struct reading *reading, long thread, unsigned long line)
{
        struct foreign_thread *bigger = reallocarray(reading->foreign, reading->foreign_count + 1, sizeof *bigger);

        if (!bigger)
                return fail_no_memory();
        reading->foreign = bigger;
        bigger[reading->foreign_count++] = (struct foreign_thread){ thread, line };
        return SUCCESS;
}

/* A new task shares the address space only if its maker said so, and its maker was one of ours. */
static struct error note_process_call(struct reading *reading, long thread, const char *name, const char *text)
{
        bool forks = !strcmp(name, "fork") || !strncmp(name, "clone", 5);
        bool shares = strstr(text, "CLONE_VM") && !is_foreign(reading, thread, reading->line);
        long result;

        if (!call_result(text, &result) || result < 0)
                return SUCCESS;
        if (forks && !shares)
                return add_foreign(reading, result, 0);
        if (strcmp(name, "execve") || is_foreign(reading, thread, reading->line))
                return SUCCESS;
        if (thread != reading->first_thread)
                return add_foreign(reading, thread, reading->line);
        if (reading->strace->count)
                reading->strace->replaced_at = reading->line;
        reading->strace->count = 0;
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
        struct strace_call call;
        const char *trouble;

        if (kind == CALL_OTHER) {
                count_skipped(reading->strace, name);
                return note_process_call(reading, thread, name, text);
        }
        trouble = call_parse(&call, kind, text);
        if (trouble)
                return FAILF(BAD_INPUT, "%s: line %lu: %s: %s", reading->path, reading->line, name, trouble);
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
        error = take_call(reading, split->thread, split->name, whole, pending->line);
        free(whole);
        forget(reading, pending);
        return error;
}

static struct error take_line(struct reading *reading, const char *line)
{
        struct strace_line split = line_split(line);

        if (split.kind != LINE_REMARK && reading->first_thread < 0)
                reading->first_thread = split.thread;
        switch (split.kind) {
        case LINE_REMARK:
                return SUCCESS;
        case LINE_CALL:
                return take_call(reading, split.thread, split.name, split.text, reading->line);
        case LINE_UNFINISHED:
                return begin_call(reading, &split);
        case LINE_RESUMED:
                return finish_call(reading, &split);
        case LINE_UNKNOWN:
                break;
        }
        return FAILF(BAD_INPUT, "%s: line %lu is nothing that strace writes (if the program wrote it, let "
                     "strace write to a file of its own: strace -o FILE PROGRAM)", reading->path, reading->line);
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
        if (length) {
                whole[length] = 0;
                reading->begun = whole;
                return SUCCESS;
        }
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
                                      reading->path, reading->line);
                else
                        error = take_text(reading, line);
        }
        if (!error.code && ferror(in))
                error = FAILF(IO, "%s: %s", reading->path, strerror(errno));
        free(line);
        return error;
}

struct error strace_read(struct strace *out, FILE *in, const char *path)
{
        struct reading reading = { .strace = out, .path = path, .first_thread = -1 };
        struct error error;

        *out = (struct strace){ 0 };
        error = read_lines(&reading, in);
        leave_out_foreign_calls(&reading);
        out->cut_calls += reading.pending_count + (reading.begun != NULL);
        while (reading.pending_count)
                forget(&reading, reading.pending);
        free(reading.begun);
        free(reading.pending);
        free(reading.foreign);
        if (error.code)
                strace_free(out);
        return error;
}

void strace_free(struct strace *strace)
{
        free(strace->call);
        *strace = (struct strace){ 0 };
}
