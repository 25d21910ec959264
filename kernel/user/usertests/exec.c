/*
 * exec: of what is there and of what is not, again and again, and of programs that are damaged.
 */
#include "user/lib/line_reader.h"
#include "user/lib/words.h"
#include "user/usertests/usertests.h"

static bool what_is_no_program_is_not_executed(void)
{
        volatile char here = 7;
        unsigned file, next;

        RIGHT_OK(open("index", &file));
        RIGHT_ERROR(exec("", ""), NOT_FOUND);
        RIGHT_ERROR(exec("absent", ""), NOT_FOUND);
        RIGHT_ERROR(exec(".", ""), NOT_FOUND);
        RIGHT_ERROR(exec("/", ""), NOT_FOUND);
        RIGHT_ERROR(exec("ech", ""), NOT_FOUND);
        RIGHT_ERROR(exec("echo/", ""), NOT_FOUND);
        RIGHT_ERROR(exec("index", ""), BAD_INPUT);
        RIGHT(here == 7);
        RIGHT_OK(open("index", &next));
        RIGHT(next == file + 1);
        return true;
}

static bool names_too_long_are_refused(void)
{
        static char name[4 * PAGE_SIZE];
        unsigned file;

        memset(name, 'n', sizeof name - 1);
        RIGHT_ERROR(exec(name, ""), BAD_ARGUMENT);
        RIGHT_ERROR(open(name, &file), BAD_ARGUMENT);
        RIGHT_ERROR(open("", &file), NOT_FOUND);
        return true;
}

static int run_least_with(void *text)
{
        return 100 + exec("least", text).code;
}

/* A text is cut into words on the program's side: what does not fit there is refused, not left out. */
static bool a_text_of_too_many_words_is_refused(void)
{
        char many[2 * (WORDS_MOST + 1)], large[WORDS_TEXT_SIZE + 8];

        for (size_t i = 0; i < sizeof many; i++)
                many[i] = i % 2 ? ' ' : 'w';
        many[2 * WORDS_MOST] = 0;
        RIGHT(status_of(run_least_with, many) == 0);
        many[2 * WORDS_MOST] = 'w';
        many[2 * WORDS_MOST + 1] = 0;
        RIGHT(status_of(run_least_with, many) == 100 + ERROR_BAD_ARGUMENT);

        memset(large, 'w', sizeof large);
        large[1] = ' ';
        large[WORDS_TEXT_SIZE - 1] = 0;
        RIGHT(status_of(run_least_with, large) == 0);
        large[WORDS_TEXT_SIZE - 1] = 'w';
        large[WORDS_TEXT_SIZE] = 0;
        RIGHT(status_of(run_least_with, large) == 100 + ERROR_BAD_ARGUMENT);
        return true;
}

/* The most that may be handed on arrives; one byte more, or one word more, is refused. */
static bool arguments_are_handed_on_up_to_the_limit(void)
{
        static const char *many[80];
        static char large[PAGE_SIZE];

        for (size_t i = 0; i < 79; i++)
                many[i] = "";
        RIGHT_ERROR(execv("least", many), BAD_ARGUMENT);
        memset(large, 'a', sizeof large - 1);
        RIGHT_ERROR(execv("least", (const char *const[]){ "least", large, NULL }), BAD_ARGUMENT);
        RIGHT_ERROR(execv("least", (const char *const[]){ NULL }), BAD_ARGUMENT);
        large[1024] = 0;
        many[64] = NULL;
        many[63] = large;
        RIGHT_OK(execv("least", many));
        return false;
}

static bool execute_again(uint64_t count)
{
        char words[32];

        format(words, sizeof words, "again %lu", count);
        RIGHT_OK(exec("usertests", words));
        return false;
}

/* In each of the programs that the case below executes. */
int run_again(const char *count)
{
        uint64_t left;

        if (!parse_number(count, &left))
                return 1;
        return left ? !execute_again(left - 1) : 0;
}

static bool a_program_executes_itself_many_times(void)
{
        return execute_again(30);
}

/* Files stay open, and the process stays the same; memory does not. */
static bool the_new_program_has_the_old_one_s_files(void)
{
        struct pipe_ends ends;
        struct ending ending;
        char said[8] = { 0 };
        uint64_t child;
        size_t count;

        RIGHT_OK(pipe(&ends));
        RIGHT_OK(fork(&child));
        if (!child) {
                map_at(PLAYGROUND, 64, MAP_SHARED);
                error_ignore(dup2(ends.to_write, FILE_OUTPUT));
                error_ignore(exec("echo", "heard"));
                exit(1);
        }
        RIGHT_OK(close(ends.to_write));
        for (size_t length = 0; length < 6; length += count)
                RIGHT_OK(read(ends.to_read, said + length, 6 - length, &count));
        RIGHT(!memcmp(said, "heard\n", 6));
        RIGHT_OK(read(ends.to_read, said, 1, &count));
        RIGHT(count == 0);
        RIGHT_OK(wait(child, &ending));
        RIGHT(ending.process == child && ending.status == 0);
        return true;
}

/* Name and vector lie at the very end of user space, in memory that exec unmaps. */
static bool words_may_lie_anywhere(void)
{
        static const char name[] = "least";
        char *end = (char *)USER_END;
        const char **vector = (const char **)(end - 2 * PAGE_SIZE);

        RIGHT(map_at(USER_END - 2 * PAGE_SIZE, 2, MAP_SHARED));
        memcpy(end - sizeof name, name, sizeof name);
        vector[0] = vector[1] = end - sizeof name;
        vector[2] = NULL;
        RIGHT_OK(execv(end - sizeof name, vector));
        return false;
}

static int run_least(void *unused)
{
        (void)unused;
        return exec("least", "").code;
}

static bool the_smallest_program_runs(void)
{
        for (int i = 0; i < 5; i++)
                RIGHT(status_of(run_least, NULL) == 0);
        return true;
}

/* Two processes that execute the same program at the same time do not share its data. */
static bool many_execute_the_same_program(void)
{
        enum { CHILDREN = 8 };
        struct ending ending;
        uint64_t child;

        for (int i = 0; i < CHILDREN; i++) {
                RIGHT_OK(fork(&child));
                if (!child)
                        exit(!execute_again(3));
        }
        for (int i = 0; i < CHILDREN; i++) {
                RIGHT_OK(wait(0, &ending));
                RIGHT(ending.status == 0);
        }
        return true;
}

const struct user_case cases_of_exec[] = {
        { "exec-nothing", what_is_no_program_is_not_executed },
        { "exec-long-name", names_too_long_are_refused },
        { "exec-arguments", arguments_are_handed_on_up_to_the_limit },
        { "exec-itself", a_program_executes_itself_many_times },
        { "exec-files", the_new_program_has_the_old_one_s_files },
        { "exec-edge", words_may_lie_anywhere },
        { "exec-least", the_smallest_program_runs },
        { "exec-words", a_text_of_too_many_words_is_refused },
        { "exec-many", many_execute_the_same_program },
        { 0 },
};

/* --- damaged programs -------------------------------------------------------------------------------------- */

/* Says with which error a program is refused, or with which status it ends, as 100 + error or status. */
static int execute(void *name)
{
        return 100 + exec(name, "").code;
}

/*
 * The test has put files into the ramdisk, made from a good program, and a list of them: a line each, "status name". A
 * damaged one has the status 100 + BAD_INPUT (or OVERLAP); one that is odd but legal runs.
 */
int run_elf_list(void)
{
        struct line_reader reader;
        char line[128];
        uint64_t expected, status;
        struct words words;
        int wrong = 0;

        if (!line_reader_open(&reader, "elf-list"))
                return WORDS_MOST;
        while (line_next(&reader, line, sizeof line)) {
                words_read(&words, line);
                if (!parse_number(word(&words, 0), &expected))
                        return WORDS_MOST;
                status = status_of(execute, (void *)word(&words, 1));
                if (status != expected) {
                        printf("usertests: %s: status %lu, not %lu\n", word(&words, 1), status, expected);
                        wrong++;
                }
        }
        return reader.error.code ? WORDS_MOST : wrong;
}
