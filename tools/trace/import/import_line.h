/*
 * One line of strace: which of its many forms it has.
 *
 *      [pid 812] 12:00:01.25 mmap(NULL, 8192, PROT_READ|PROT_WRITE, MAP_PRIVATE|MAP_ANONYMOUS, -1, 0) = 0x7f72...
 *      [pid 812] munmap(0x7f7268842000, 59863 <unfinished ...>
 *      [pid 812] <... munmap resumed>) = 0
 *      +++ exited with 0 +++
 *
 * Nothing here allocates or remembers: a line that is split in two is put together by the reader (import_strace.h).
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

enum { CALL_NAME_SIZE = 24 };

enum line_kind {
        LINE_REMARK,            /* a signal, a word of strace itself, nothing at all */
        LINE_EXIT,              /* the thread has ended */
        LINE_CALL,              /* a call and its result */
        LINE_UNFINISHED,        /* a call that has begun; `thread` is the one that will finish it */
        LINE_RESUMED,           /* the rest of a call that had begun */
        LINE_UNKNOWN,           /* nothing that strace writes */
};

/* `text` points into the line that was split: behind the opening parenthesis, or behind "resumed>". */
struct strace_line {
        enum line_kind kind;
        long thread;            /* 0: the line does not say */
        char name[CALL_NAME_SIZE];
        const char *text;
        int length;             /* of `text`, without the mark of an unfinished call */
};

/*
 * Strace reports a new thread at once, even in the middle of another line; the rest of that line is then the next
 * line. Yields the length of the part before such a remark; 0: this line is whole.
 */
size_t line_interruption(const char *line);

/* Always succeeds; a line of no known form is LINE_UNKNOWN. */
struct strace_line line_split(const char *line);
