#include "task/calls.h"
#include "task/process.h"
#include "task/scheduler.h"
#include "task/user_memory.h"

enum { PART = 256, NAME_SIZE = 128 };

static struct files *my_files(void)
{
        return &process_current()->files;
}

static size_t part_of(uint64_t rest)
{
        return rest < PART ? rest : PART;
}

/* Between two parts others have their turn, above all those whom this processor owes an answer (mm/tlb.h). */
static struct error write_out(struct open_file *file, uintptr_t address, size_t size, uint64_t *value)
{
        char part[PART];
        for (*value = 0; *value < size; *value += part_of(size - *value)) {
                if (*value)
                        thread_yield();
                if (thread_is_killed())
                        return FAIL(INTERRUPTED);
                TRY(user_memory_read(part, address + *value, part_of(size - *value)));
                TRY(file_write(file, part, part_of(size - *value)));
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
        TRY(files_find(my_files(), word[0], &file));
        char part[PART];
        const struct error error = file_read(file, part, part_of(word[2]), value);
        file_release(file);
        TRY(error);
        return user_memory_write(word[1], part, *value);
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
