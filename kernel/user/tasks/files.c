#include "user/tasks/tasks.h"

bool files_have_numbers(void)
{
        unsigned file, last;
        char bytes[4];
        size_t count;

        RIGHT_ERROR(open("absent", &file), NOT_FOUND);
        RIGHT_OK(open("tasks", &file));
        RIGHT(file == 3);
        RIGHT_OK(dup2(file, 7));
        RIGHT_ERROR(dup2(file, 128), OUT_OF_RANGE);
        RIGHT_ERROR(dup2(8, 9), NOT_FOUND);
        RIGHT_OK(read(file, bytes, 2, &count));
        RIGHT(count == 2 && bytes[0] == 0x7f && bytes[1] == 'E');
        RIGHT_OK(read(7, bytes, 2, &count));
        RIGHT(count == 2 && bytes[0] == 'L' && bytes[1] == 'F');
        RIGHT_ERROR(write(file, bytes, 1), BAD_ARGUMENT);
        RIGHT_OK(close(file));
        RIGHT_ERROR(close(file), NOT_FOUND);
        RIGHT_ERROR(read(file, bytes, 1, &count), NOT_FOUND);
        for (int i = 0; i < 124; i++)
                RIGHT_OK(open("tasks", &last));
        RIGHT(last == 127);
        RIGHT_ERROR(open("tasks", &last), NO_MEMORY);
        return true;
}

bool a_pipe_knows_who_is_left(void)
{
        struct pipe_ends ends;
        struct ending ending;
        uint64_t child;
        char byte = 1;
        size_t count;

        RIGHT_OK(pipe(&ends));
        RIGHT_OK(fork(&child));
        if (!child)
                exit(0);                /* which closes its ends, before its parent waits for it */
        RIGHT_ERROR(write(ends.to_read, &byte, 1), BAD_ARGUMENT);
        RIGHT_ERROR(read(ends.to_write, &byte, 1, &count), BAD_ARGUMENT);
        RIGHT_OK(write(ends.to_write, &byte, 1));
        RIGHT_OK(close(ends.to_write));
        RIGHT_OK(read(ends.to_read, &byte, 1, &count));
        RIGHT(count == 1);
        RIGHT_OK(read(ends.to_read, &byte, 1, &count));
        RIGHT(count == 0);
        RIGHT_OK(wait(child, &ending));
        RIGHT_OK(close(ends.to_read));
        RIGHT_OK(pipe(&ends));
        RIGHT_OK(close(ends.to_read));
        RIGHT_ERROR(write(ends.to_write, &byte, 1), CLOSED);
        return true;
}

/* Where there is one processor: only who gives way lets a helper finish so soon. */
bool who_writes_much_gives_way(void)
{
        static char much[1024];
        volatile bool flag = false;
        struct thread helper;

        memset(much, '\n', sizeof much);
        RIGHT_OK(thread_start(finish, (void *)&flag, &helper));
        RIGHT_OK(write(FILE_OUTPUT, much, sizeof much));
        RIGHT(flag);
        RIGHT_OK(thread_join(&helper));
        return true;
}

/* Likewise: there may be many processes, and much to count in each. */
bool who_lists_processes_gives_way(void)
{
        volatile bool flag = false;
        struct thread helper;
        size_t count;

        RIGHT_OK(thread_start(finish, (void *)&flag, &helper));
        RIGHT_OK(processes(NULL, 0, &count));
        RIGHT(flag);
        RIGHT_OK(thread_join(&helper));
        return true;
}

bool a_byte_is_read_only_where_it_may_be_put(void)
{
        struct pipe_ends ends;
        size_t count;

        RIGHT_OK(pipe(&ends));
        RIGHT_OK(write(ends.to_write, "x", 1));
        error_ignore(read(ends.to_read, (void *)0xffffffff80000000, 1, &count));
        return false;           /* it was to be killed for that */
}
