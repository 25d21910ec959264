/*
 * Jobs: the processes of one pipeline, children of this one.
 *
 *      struct job job;
 *
 *      TRY(job_start(&pipeline, run_command, FILE_INPUT, JOB_OWN_GROUP, &job));
 *      status = job_wait(&job);
 */
#pragma once

#include "user/lib/command.h"
#include "user/lib/user.h"

/* Whether a job is a process group of its own: those of a shell that a person types into are. */
enum job_group { JOB_SAME_GROUP, JOB_OWN_GROUP };

struct job {
        uint64_t process[COMMANDS_MOST];
        size_t count;
        enum job_group group_kind;
        uint64_t group;                         /* 0: the shell's */
};

/* What each of the new processes does, with its files 0 and 1 in place. It does not return. */
typedef void job_command(const struct command *command);

/*
 * Starts them all; the first reads from `input`, which is closed here unless it is FILE_INPUT. If one cannot be
 * started, those that were are killed.
 */
struct error job_start(const struct pipeline *pipeline, job_command *run, unsigned input, enum job_group group_kind,
                       struct job *job);

/* Waits for all of them; yields the status of the last in the row. */
uint64_t job_wait(const struct job *job);

/* Ends them and, if they are a group, the processes that they have started. Yields how many were ended. */
uint64_t job_kill(const struct job *job);
