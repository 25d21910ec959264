#include "import/import_line.h"

#include "import/import_text.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *skip_behind(const char *at, char last)
{
        const char *found = strchr(at, last);

        return found ? found + 1 : at + strlen(at);
}

/* A bare number before a call is a thread, if there is none yet and the number is valid for one; else it is a time. */
static const char *skip_number(const char *at, size_t length, long *thread)
{
        enum { THREADS_MAX = 1 << 22 };
        long number = atol(at);

        if (!*thread && number > 0 && number <= THREADS_MAX)
                *thread = number;
        return at + length;
}

/* The parts before a call, in any order: threads, times, instruction pointers, call numbers. */
static const char *skip_prefix(const char *at, long *thread)
{
        if (begins_with(at, "> ") && at[2] != '/')
                at += 2;                        /* quoted, as in mail */
        for (at = skip_spaces(at);; at = skip_spaces(at)) {
                size_t number = strspn(at, "0123456789");
                size_t time = strspn(at, "0123456789.:");

                if (begins_with(at, "[pid ")) {
                        *thread = atol(at + strlen("[pid "));
                        at = skip_behind(at, ']');
                } else if (*at == '[') {
                        at = skip_behind(at, ']');
                } else if (begins_with(at, "(+")) {
                        at = skip_behind(at, ')');
                } else if (number && at[number] == '<') {
                        at = skip_behind(skip_number(at, number, thread), '>');
                } else if (number && at[number] == ' ') {
                        at = skip_number(at, number, thread);
                } else if (time && at[time] == ' ') {
                        at += time;
                } else {
                        return at;
                }
        }
}

/* "Process 812 attached", as older versions of strace write it. */
static bool is_about_process(const char *at)
{
        return begins_with(at, "Process ") && isdigit((unsigned char)at[strlen("Process ")]);
}

/* A signal, a stack's line, a dump of what was read, strace's own words. */
static bool is_remark(const char *at)
{
        return !*at || *at == '>' || *at == '|' || begins_with(at, "+++ ") || begins_with(at, "--- ") ||
               begins_with(at, "strace: ") || is_about_process(at);
}

static bool is_exit(const char *at)
{
        return begins_with(at, "+++ exited") || begins_with(at, "+++ killed");
}

/* The table of strace -c and -C: "% time     seconds ...", "------ -----------", "100.00    0.000010 ...". */
static bool is_summary(const char *line)
{
        double share, seconds;
        unsigned long each, calls;

        line = skip_spaces(line);
        return begins_with(line, "% time") || begins_with(line, "------ ---") ||
               begins_with(line, "System call usage summary") ||
               sscanf(line, "%lf %lf %lu %lu", &share, &seconds, &each, &calls) == 4;
}

/* A call that another line will continue. An execve of another thread is continued as that of the main thread. */
static void see_unfinished(struct strace_line *split)
{
        static const char changed[] = "<pid changed to ";
        const char *mark = strstr(split->text, import_unfinished), *renamed = strstr(split->text, changed);

        if (mark && !*skip_spaces(mark + strlen(import_unfinished))) {
                split->kind = LINE_UNFINISHED;
                split->length = (int)(mark - split->text);
        } else if (renamed && strstr(renamed, " ...>")) {
                split->kind = LINE_UNFINISHED;
                split->length = (int)(renamed - split->text);
                split->thread = atol(renamed + strlen(changed));
        }
}

size_t line_interruption(const char *line)
{
        const char *mark = strstr(line, "strace: Process ");
        const char *behind = mark ? mark + strlen("strace: Process ") : line;

        behind += strspn(behind, "0123456789");
        return mark && begins_with(behind, " attached") ? (size_t)(mark - line) : 0;
}

struct strace_line line_split(const char *line)
{
        struct strace_line split = { .kind = LINE_UNKNOWN, .text = "" };
        const char *at = skip_prefix(line, &split.thread);

        if (is_exit(at)) {
                split.kind = LINE_EXIT;
        } else if (is_summary(line) || is_remark(at)) {
                split.kind = LINE_REMARK;
        } else if (begins_with(at, "<... ")) {
                at = copy_name(split.name, at + strlen("<... "));
                if (begins_with(at, " resumed>")) {
                        split.kind = LINE_RESUMED;
                        split.text = at + strlen(" resumed>");
                }
        } else {
                at = copy_name(split.name, at);
                if (*split.name && *at == '(') {
                        split.kind = LINE_CALL;
                        split.text = at + 1;
                }
        }

        split.length = strlen(split.text);
        if (split.kind == LINE_CALL)
                see_unfinished(&split);
        return split;
}
