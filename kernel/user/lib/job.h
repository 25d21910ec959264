/*
 * Jobs: the processes of one pipeline, children of this one.
 *
 *      struct job job;
 *
 *      TRY(job_start(&pipeline, run_command, FILE_INPUT, &job));
 *      status = job_wait(&job);
 */
#pragma once

#include "user/lib/command.h"
#include "user/lib/user.h"

struct job {
        uint64_t process[COMMANDS_MOST];
        size_t count;
};

/* What each of the new processes does, with its files 0 and 1 in place. It does not return. */
typedef void job_command(const struct command *command);

/*
 * Starts them all; the first reads from `input`, which is closed here unless it is FILE_INPUT. If one cannot be
 * started, those that were are killed.
 */
struct error job_start(const struct pipeline *pipeline, job_command *run, unsigned input, struct job *job);

/* Waits for all of them; yields the status of the last in the row. */
uint64_t job_wait(const struct job *job);

/* Ends them, and the processes that they have started. */
void job_kill(const struct job *job);
