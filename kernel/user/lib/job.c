#include "user/lib/job.h"

enum { LISTED_MOST = 64 };

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

/* One command, which reads from `input`. Yields, in its place, where the next one is to read from. */
static struct error start(const struct command *command, bool is_last, job_command *run, unsigned *input,
                          uint64_t *process)
{
        struct pipe_ends next = { FILE_INPUT, FILE_OUTPUT };
        struct error error;

        if (!is_last)
                TRY(pipe(&next));
        error = fork(process);
        if (!error.code && !*process) {
                close_unless(next.to_read, FILE_INPUT);
                use(*input, FILE_INPUT);
                use(next.to_write, FILE_OUTPUT);
                run(command);
        }
        close_unless(*input, FILE_INPUT);
        close_unless(next.to_write, FILE_OUTPUT);
        *input = next.to_read;
        return error;
}

struct error job_start(const struct pipeline *pipeline, job_command *run, unsigned input, struct job *job)
{
        struct error error = SUCCESS;

        job->count = 0;
        while (!error.code && job->count < pipeline->count) {
                error = start(&pipeline->command[job->count], job->count + 1 == pipeline->count, run, &input,
                              &job->process[job->count]);
                job->count += !error.code;
        }
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

/* --- ending them ------------------------------------------------------------------------------------------ */

static bool is_among(uint64_t process, const uint64_t *them, size_t count)
{
        while (count--)
                if (them[count] == process)
                        return true;
        return false;
}

/* Children have higher numbers than their parents; so in that order parents are known before their children. */
void job_kill(const struct job *job)
{
        struct process_listing listing[LISTED_MOST];
        uint64_t doomed[COMMANDS_MOST + LISTED_MOST];
        size_t listed, count = job->count;

        memcpy(doomed, job->process, sizeof job->process);
        if (processes(listing, LISTED_MOST, &listed).code)
                listed = 0;
        for (size_t i = 0; i < listed && i < LISTED_MOST; i++)
                if (is_among(listing[i].parent, doomed, count))
                        doomed[count++] = listing[i].process;
        while (count--)
                error_ignore(kill(doomed[count]));
}
