/*
 * Makes a recording: every byte of a stream is written to a file, and passes through the reader, which finds out how
 * the run ended.
 */
#pragma once

#include "stream/reader.h"

#include <stdio.h>

struct recording {
        bool begun;                             /* there is a header */
        bool ended;                             /* there is an end event */
        bool timed_out;                         /* the kernel ended the run, since its time was over */
        bool overran;                           /* it took longer than was allowed, by its own clock */
        struct reader_totals totals;
        char failure[512];                      /* why this is no stream of a run that passed; empty if it is */
        char where[256];                        /* what ran last: a script's line, a test case */
};

/* How the kernel that writes the stream is asked for a keyframe. */
struct recording_line {
        void *context;
        bool (*ask_keyframe)(void *context);    /* whether it was asked; NULL: it cannot be */
};

/*
 * Reads a source, which is called `name` in words, into the file `path`: to its end, or until the stream's own clock
 * has gone on for `seconds` since the header (0: no such bound). The file is compressed if its name ends with ".zst".
 * Where events are missing, the kernel is asked for a keyframe (recovery.h). What is wrong with the stream is no error
 * but a `failure'. IO with an error message if the file cannot be written. Shows progress if standard error is a
 * terminal.
 */
struct error recording_make(struct source source, const char *name, struct recording_line line, const char *path,
                            unsigned seconds, struct recording *out);

/* One line: how much was recorded, and the verdict. */
void recording_print(const struct recording *recording, const char *path, FILE *out);

/*
 * Whether the last script line or test case is the cause of the failure, or only the place where the run was stopped.
 */
enum blame { FAILED_THERE, STOPPED_THERE };

/* One line: where the run was when it failed, or was stopped, if that is known. */
void recording_print_where(const struct recording *recording, enum blame blame, FILE *out);
