#include "user/lib/job.h"

/* In the new process: makes a file its input or output. */
static void use(unsigned file, unsigned as)
{
        struct error error;

        if (file == as)
                return;
        error = dup2(file, as);
        if (error.code)
                exit(print_error("sh: dup2", error));
        error_ignore(close(file));
}

static void close_unless(unsigned file, unsigned standard)
{
        if (file != standard)
                error_ignore(close(file));
}

/*
 * Puts a process of the job (0: this one) into the job's group: the first one's. Both the shell and the new process do
 * this, since either may go on first, and each needs it done.
 */
static void join_group(const struct job *job, uint64_t process)
{
        if (job->group_kind == JOB_OWN_GROUP)
                error_ignore(setpgid(process, job->group));
}

/* One command, which reads from `input`. Yields, in its place, where the next one is to read from. */
static struct error start(const struct command *command, bool is_last, job_command *run, unsigned *input,
                          struct job *job)
{
        struct pipe_ends next = { FILE_INPUT, FILE_OUTPUT };
        struct error error;
        uint64_t process;

        if (!is_last)
                TRY(pipe(&next));
        error = fork(&process);
        if (!error.code && !process) {
                join_group(job, 0);
                close_unless(next.to_read, FILE_INPUT);
                use(*input, FILE_INPUT);
                use(next.to_write, FILE_OUTPUT);
                run(command);
        }
        if (!error.code) {
                join_group(job, process);
                job->process[job->count++] = process;
                if (job->group_kind == JOB_OWN_GROUP)
                        job->group = job->process[0];
        }
        close_unless(*input, FILE_INPUT);
        close_unless(next.to_write, FILE_OUTPUT);
        *input = next.to_read;
        return error;
}

struct error job_start(const struct pipeline *pipeline, job_command *run, unsigned input, enum job_group group_kind,
                       struct job *job)
{
        struct error error = SUCCESS;

        *job = (struct job){ .group_kind = group_kind };
        while (!error.code && job->count < pipeline->count)
                error = start(&pipeline->command[job->count], job->count + 1 == pipeline->count, run, &input, job);
        if (error.code) {
                close_unless(input, FILE_INPUT);
                job_kill(job);
                job_wait(job);
        }
        return error;
}

uint64_t job_wait(const struct job *job)
{
        struct ending ending = { 0 };

        for (size_t i = 0; i < job->count; i++)
                if (wait(job->process[i], &ending).code)
                        ending.status = 1;
        return ending.status;
}

uint64_t job_kill(const struct job *job)
{
        uint64_t count = 0;

        if (job->group) {
                error_ignore(kill_group(job->group, &count));
                return count;
        }
        for (size_t i = 0; i < job->count; i++)
                count += !kill(job->process[i]).code;
        return count;
}
