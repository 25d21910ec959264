#include "task/calls.h"

/* How much of a read or a write is copied at once. To the console less, since others wait for it in a loop. */
enum { PART = PIPE_ATOMIC, CONSOLE_PART = 256, NAME_SIZE = 128 };

static struct files *my_files(void)
{
        return &process_current()->files;
}

static size_t least_of(uint64_t rest, size_t part)
{
        return rest < part ? rest : part;
}

/* In parts, with a preemption point between two of them. */
static struct error write_out(struct open_file *file, uintptr_t address, size_t size, uint64_t *value)
{
        const size_t most = file->kind == FILE_CONSOLE ? CONSOLE_PART : PART;
        char bytes[PART];

        if (!file_may_be_written(file))
                return FAIL(BAD_ARGUMENT);
        for (*value = 0; *value < size;) {
                const size_t part = least_of(size - *value, most);

                if (*value)
                        TRY(thread_preemption_point());
                TRY(user_memory_read(bytes, address + *value, part));
                TRY(file_write(file, bytes, part));
                *value += part;
        }
        return SUCCESS;
}

CALL(write)
{
        struct open_file *file;

        TRY(files_find(my_files(), word[0], &file));
        const struct error error = write_out(file, word[1], word[2], value);
        file_release(file);
        return error;
}

CALL(read)
{
        struct open_file *file;
        char bytes[PART];

        TRY(files_find(my_files(), word[0], &file));
        const struct error error = file_read(file, bytes, least_of(word[2], PART), value);
        file_release(file);
        TRY(error);
        return user_memory_write(word[1], bytes, *value);
}

CALL(open)
{
        char name[NAME_SIZE];
        TRY(user_memory_read_text(name, word[0], sizeof name));
        return files_open(my_files(), name, value);
}

CALL(close)
{
        return files_close(my_files(), word[0]);
}

CALL(pipe)
{
        uint32_t numbers[2];
        TRY(files_pipe(my_files(), numbers));
        return user_memory_write(word[0], numbers, sizeof numbers);
}

CALL(dup2)
{
        return files_duplicate(my_files(), word[0], word[1]);
}
