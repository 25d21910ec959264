/*
 * sh: runs what is typed, or sh FILE, or sh -c COMMANDS: programs, pipes, & and ;.
 *
 * The shell reads bytes and edits the line itself (lib/line_editor.h); lib/command.h says what a line may be.
 */
#include "user/lib/index.h"
#include "user/lib/keyboard.h"
#include "user/lib/line_editor.h"
#include "user/lib/line_reader.h"
#include "user/lib/words.h"
#include "user/sh/names.h"

enum { WRONG_USE = 2, CANNOT_RUN = 126, KILLED = 128, INTERRUPTED = KILLED + 9 };
enum { LISTED_MOST = 256, LOOK_AGAIN = 20 /* milliseconds */ };

static struct line_editor editor;
static uint64_t last_status;

/* An index's line that has a sentence is a program's. */
static void add_program(const char *line, size_t name_length, void *names)
{
        if (line[name_length])
                add_name(names, line, name_length);
}

static void add_file(const char *line, size_t name_length, void *names)
{
        if (!line[name_length])
                add_name(names, line, name_length);
}

/* --- the shell's own commands ----------------------------------------------------------------------------- */

static int do_exit(const char *argument)
{
        uint64_t status = last_status;

        if (*argument && !parse_number(argument, &status)) {
                printf("exit: \"%s\" is no number\n", argument);
                return WRONG_USE;
        }
        exit((int)status);
}

static int do_history([[maybe_unused]] const char *argument)
{
        size_t first = editor.kept_count > LINES_KEPT ? editor.kept_count - LINES_KEPT : 0;

        for (size_t i = first; i < editor.kept_count; i++)
                printf("%4zu  %s\n", i + 1, editor.kept[i % LINES_KEPT]);
        return 0;
}

static int do_kill(const char *argument)
{
        const bool is_group = *argument == '-';
        uint64_t number, count;

        if (!parse_number(argument + is_group, &number)) {
                printf("kill: which process or group? As in: kill 7; kill -7; ps lists them\n");
                return WRONG_USE;
        }
        const struct error error = is_group ? kill_group(number, &count) : kill(number);
        return error.code ? print_error("kill", error) : 0;
}

/*
 * Children that have ended, in the background, are waited for: until then they are in the way. Yields how many
 * processes are at work that are children, or may be.
 */
static struct error tell_of_the_ended(size_t *at_work)
{
        static struct process_listing listing[LISTED_MOST];
        size_t count;
        *at_work = 0;
        TRY(processes(listing, LISTED_MOST, &count));
        const uint64_t own = getpid();
        for (size_t i = 0; i < count && i < LISTED_MOST; i++) {
                struct ending ending;
                if (listing[i].parent != own)
                        continue;
                if (listing[i].threads)
                        ++*at_work;
                else if (!wait(listing[i].process, &ending).code)
                        printf("process %lu (%s) has ended with status %lu\n", ending.process, listing[i].name,
                               ending.status);
        }
        *at_work += count > LISTED_MOST ? count - LISTED_MOST : 0;
        return SUCCESS;
}

/* The system call `wait` is ended by a child, not by Ctrl-C. So this looks at both, again and again. */
static int do_wait([[maybe_unused]] const char *argument)
{
        struct error error;
        size_t at_work;
        while (!(error = tell_of_the_ended(&at_work)).code && at_work && !keyboard_interrupted())
                sleep(LOOK_AGAIN);
        if (error.code)
                return print_error("wait", error);
        return at_work ? INTERRUPTED : 0;
}

static int do_help(const char *argument);

static const struct builtin {
        const char *name;
        int (*run)(const char *argument);
        const char *help;
} builtins[] = {
        { "exit", do_exit, "ends the shell: exit [STATUS]" },
        { "help", do_help, "prints this" },
        { "history", do_history, "prints the lines entered before; arrow up and down bring them back" },
        { "kill", do_kill, "ends a process, or all of a group: kill PROCESS, kill -GROUP" },
        { "wait", do_wait, "waits until every process in the background has ended, or for Ctrl-C" },
};

enum { BUILTINS = sizeof builtins / sizeof *builtins };

enum { HELP_NAME = 13 };

/* "  name       what it does", broken between words where the terminal's line would end. */
static void print_help(const char *name, size_t name_length, const char *text)
{
        size_t column = HELP_NAME;

        printf("  %-10.*s ", (int)name_length, name);
        while (*text) {
                const char *end = strchr(text, ' ');
                const size_t length = end ? (size_t)(end - text) : strlen(text);

                if (column > HELP_NAME && column + 1 + length > LINE_COLUMNS) {
                        printf("\n%*s", HELP_NAME, "");
                        column = HELP_NAME;
                }
                printf("%s%.*s", column > HELP_NAME ? " " : "", (int)length, text);
                column += length + (column > HELP_NAME);
                text += length + (end != NULL);
        }
        printf("\n");
}

static void print_help_line(const char *line, size_t name_length, [[maybe_unused]] void *context)
{
        if (line[name_length])
                print_help(line, name_length, line + name_length + 2);
}

static int do_help([[maybe_unused]] const char *argument)
{
        struct names files = { .text = "Files:", .length = strlen("Files:") };
        printf("Programs:\n");
        index_visit(print_help_line, NULL);
        index_visit(add_file, &files);
        print_names(&files);
        printf("The shell's own:\n");
        for (size_t i = 0; i < BUILTINS; i++)
                print_help(builtins[i].name, strlen(builtins[i].name), builtins[i].help);
        printf("\n  maps | find stack     what the one prints the other reads\n"
               "  churn & ps; echo ok   & lets it run in the background, ; ends a command\n"
               "  Ctrl-C                ends what runs; Tab completes a name\n");
        return 0;
}

static const struct builtin *find_builtin(const char *name)
{
        for (size_t i = 0; i < BUILTINS; i++)
                if (!strcmp(builtins[i].name, name))
                        return &builtins[i];
        return NULL;
}

/* --- running ---------------------------------------------------------------------------------------------- */

/* In the process that is to be the command; what it has to say about itself is no pipeline's business. */
static void run_command(const struct command *command)
{
        const struct builtin *builtin = find_builtin(command->name);
        struct error error;

        keyboard_leave();
        if (builtin)
                exit(builtin->run(command->argument));
        error = exec(command->name, command->argument);
        if (!error_is(error, ERROR_NOT_FOUND))
                exit(print_error(command->name, error));
        error_ignore(dup2(FILE_ERRORS, FILE_OUTPUT));
        struct names names;
        names.length = format(names.text, NAMES_SIZE, "sh: there is no program \"%s\"; there are:", command->name);
        index_visit(add_program, &names);
        print_names(&names);
        exit(CANNOT_RUN);
}

/* The jobs of a shell that reads commands from elsewhere are part of the job that it belongs to itself. */
static enum job_group group_of_jobs(void)
{
        return keyboard_is_started() ? JOB_OWN_GROUP : JOB_SAME_GROUP;
}

/* What runs in the background reads nothing: it must not take from what is typed for others. */
static struct error start_in_background(const struct pipeline *pipeline, struct job *job)
{
        struct pipe_ends nothing;

        TRY(pipe(&nothing));
        TRY(close(nothing.to_write));
        return job_start(pipeline, run_command, nothing.to_read, group_of_jobs(), job);
}

static void run_pipeline(const struct pipeline *pipeline)
{
        const struct builtin *builtin = find_builtin(pipeline->command[0].name);
        const bool is_shell = pipeline->count == 1 && !strcmp(pipeline->command[0].name, "sh") &&
                              !*pipeline->command[0].argument;
        struct error error;
        struct job job;

        if (builtin && pipeline->count == 1 && !pipeline->in_background) {
                last_status = (uint64_t)builtin->run(pipeline->command[0].argument);
                return;
        }
        error = pipeline->in_background ? start_in_background(pipeline, &job) :
                job_start(pipeline, run_command, FILE_INPUT, group_of_jobs(), &job);
        if (error.code) {
                last_status = (uint64_t)print_error("sh: cannot start it", error);
        } else if (pipeline->in_background) {
                printf("process %lu\n", job.process[job.count - 1]);
        } else {
                keyboard_serve(&job, is_shell ? KEYBOARD_RAW : KEYBOARD_SHOWN);
                last_status = job_wait(&job);
                keyboard_serve(NULL, KEYBOARD_SHOWN);
                if (last_status)
                        printf("(status %lu%s)\n", last_status, last_status >= KILLED ? ", killed" : "");
        }
}

static void run_line(char *line)
{
        struct pipeline pipeline;
        const char *problem;

        do {
                if (pipeline_next(&line, &pipeline, &problem))
                        run_pipeline(&pipeline);
        } while (pipeline.count && !problem && !keyboard_interrupted());
        if (problem) {
                printf("sh: %s\n", problem);
                last_status = WRONG_USE;
        }
}

/* --- completing a name ------------------------------------------------------------------------------------ */

struct completion {
        const char *begun;                      /* what stands before the cursor, ... */
        size_t length;                          /* ... up to it */
        char common[LINE_SIZE];                 /* what all names that begin so have in common */
        size_t count;                           /* of those names */
        struct names *names;                    /* where they are gathered; NULL: they are only counted */
};

static void complete_with(const char *name, size_t length, void *context)
{
        struct completion *completion = context;
        size_t same = 0;

        if (length < completion->length || strncmp(name, completion->begun, completion->length) != 0)
                return;
        if (completion->names)
                add_name(completion->names, name, length);
        if (!completion->count++) {
                format(completion->common, LINE_SIZE, "%.*s", (int)length, name);
                return;
        }
        while (same < length && completion->common[same] == name[same])
                same++;
        completion->common[same] = 0;
}

static void visit_names(struct completion *completion)
{
        index_visit(complete_with, completion);
        for (size_t i = 0; i < BUILTINS; i++)
                complete_with(builtins[i].name, strlen(builtins[i].name), completion);
}

/* Adds what is certain; if nothing is, prints what could be meant. */
static void complete(void)
{
        struct completion completion = { .begun = editor.text + editor.cursor };

        while (completion.begun > editor.text && completion.begun[-1] != ' ' && completion.begun[-1] != '|') {
                completion.begun--;
                completion.length++;
        }
        visit_names(&completion);
        if (strlen(completion.common) > completion.length || completion.count == 1) {
                line_insert(&editor, completion.common + completion.length);
                if (completion.count == 1)
                        line_insert(&editor, " ");
        } else if (completion.count) {
                struct names names = { .text = "\n", .length = 1 };
                completion.names = &names;
                visit_names(&completion);
                print_names(&names);
                line_show(&editor);
        }
}

/* --- where lines come from -------------------------------------------------------------------------------- */

/* A byte at a time: what is typed after the line is for the program that it starts. */
static int talk(void)
{
        static const char prompt[] = "$ ";
        struct error error = keyboard_start();
        enum line_key key = LINE_DROPPED;
        size_t count = 1, at_work;
        char byte;

        if (!error.code)
                printf("This is Understory's shell; help lists what there is.\n");
        while (!error.code && count && key != LINE_ENDED) {
                if (key == LINE_ENTERED) {
                        keyboard_serve(NULL, KEYBOARD_SHOWN);
                        run_line(editor.text);
                }
                if (key == LINE_WANTS_MORE)
                        complete();
                if (key == LINE_ENTERED || key == LINE_DROPPED) {
                        error_ignore(tell_of_the_ended(&at_work));
                        keyboard_serve(NULL, KEYBOARD_PROMPT);
                        line_begin(&editor, prompt);
                }
                error = read(FILE_INPUT, &byte, 1, &count);
                if (!error.code && count)
                        key = line_take(&editor, byte);
        }
        return error.code ? print_error("sh", error) : (int)last_status;
}

static int run_file(const char *name)
{
        static struct line_reader reader;
        char line[LINE_SIZE];

        if (!line_reader_open(&reader, name))
                return CANNOT_RUN;
        while (line_next(&reader, line, sizeof line))
                run_line(line);
        return reader.error.code ? print_error(name, reader.error) : (int)last_status;
}

int main(const char *argument)
{
        char line[WORDS_TEXT_SIZE];
        struct words words;

        if (!*argument)
                return talk();
        words_read(&words, argument);
        if (strcmp(word(&words, 0), "-c") != 0)
                return run_file(word(&words, 0));
        format(line, sizeof line, "%s", words.count == 2 ? word(&words, 1) : argument + sizeof "-c" - 1);
        run_line(line);
        return (int)last_status;
}
