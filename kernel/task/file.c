#include "task/file.h"
#include "arch/uart.h"
#include "lib/string.h"
#include "mm/kmalloc.h"
#include "task/calls.h"
#include "task/initrd.h"

/* What is typed goes through a pipe whose writer is the kernel. What comes while the pipe is full is lost. */
static char room[PAGE_SIZE];
static struct pipe typed = PIPE_WITH(room);

/* Shared by all processes. Its own user here keeps it from ever being freed. */
static struct open_file console = { .users = 1, .kind = FILE_CONSOLE, .pipe = &typed, .end = PIPE_TO_READ };

static inline struct open_file **table_of(struct files *files) REQUIRES(files->lock)
{
        return files->table.guarded_;
}

static struct open_file *share(struct open_file *file)
{
        if (file)
                __atomic_fetch_add(&file->users, 1, __ATOMIC_RELAXED);
        return file;
}

void file_release(struct open_file *file)
{
        if (!file || __atomic_sub_fetch(&file->users, 1, __ATOMIC_ACQ_REL))
                return;
        if (file->kind == FILE_PIPE)
                pipe_leave(file->pipe, file->end);
        kfree(file);
}

/* Each reader moves the position by all that it asks for, so no two readers get the same bytes. */
static size_t read_ramdisk(struct open_file *file, char *bytes, size_t most)
{
        const size_t from = __atomic_fetch_add(&file->position, most, __ATOMIC_RELAXED);

        if (from >= file->ramdisk.size)
                return 0;
        const size_t rest = file->ramdisk.size - from, size = rest < most ? rest : most;
        memcpy(bytes, file->ramdisk.bytes + from, size);
        return size;
}

static struct error file_read(struct open_file *file, void *bytes, size_t most, size_t *count)
{
        *count = 0;
        if (file->kind == FILE_PIPE && file->end != PIPE_TO_READ)
                return FAIL(BAD_ARGUMENT);
        if (!most)
                return SUCCESS;
        if (file->kind != FILE_RAMDISK)
                return pipe_read(file->pipe, bytes, most, count);
        *count = read_ramdisk(file, bytes, most);
        return SUCCESS;
}

void console_poll(void)
{
        char bytes[16];
        pipe_offer(&typed, bytes, uart_read(UART_CONSOLE, bytes, sizeof bytes));
}

/* --- tables ------------------------------------------------------------------------------------------------- */

/* Puts a file under a number; yields what was there. */
static struct open_file *put(struct files *files, uint64_t number, struct open_file *file)
{
        spinlock_acquire(&files->lock);
        struct open_file *old = table_of(files)[number];
        table_of(files)[number] = file;
        spinlock_release(&files->lock);
        return old;
}

struct error files_find(struct files *files, uint64_t number, struct open_file **out)
{
        *out = NULL;
        if (number < FILES_MOST)
                *out = WITH_LOCK(&files->lock, share(table_of(files)[number]));
        return *out ? SUCCESS : FAIL(NOT_FOUND);
}

/* No other thread sees the new table yet. */
void files_init(struct files *files, struct files *from)
{
        if (!from) {
                for (size_t i = 0; i < FILES_STANDARD; i++)
                        files->table.guarded_[i] = share(&console);
                return;
        }
        spinlock_acquire(&from->lock);
        for (size_t i = 0; i < FILES_MOST; i++)
                files->table.guarded_[i] = share(table_of(from)[i]);
        spinlock_release(&from->lock);
}

void files_close_all(struct files *files)
{
        for (uint64_t number = 0; number < FILES_MOST; number++)
                file_release(put(files, number, NULL));
}

/*
 * Puts files under the lowest numbers that are free: all of them or, if there are not so many, none. They are found
 * before any is used, under one lock: another thread can neither see half of it nor take a number away in between.
 */
static struct error add_locked(struct files *files, struct open_file *const file[], size_t count, uint32_t number[])
        REQUIRES(files->lock)
{
        size_t found = 0;

        for (uint32_t candidate = 0; candidate < FILES_MOST && found < count; candidate++) {
                if (!table_of(files)[candidate])
                        number[found++] = candidate;
        }
        if (found < count)
                return FAIL(NO_MEMORY);
        for (size_t i = 0; i < count; i++)
                table_of(files)[number[i]] = file[i];
        return SUCCESS;
}

/* --- the system calls --------------------------------------------------------------------------------------- */

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

/* Makes an open file like this one, with the table that it goes into as its one user. */
static struct error create(const struct open_file *like, struct open_file **out)
{
        struct open_file *file = kmalloc(sizeof *file, PURPOSE_TASK);

        if (!file)
                return FAIL(NO_MEMORY);
        *file = *like;
        file->users = 1;
        *out = file;
        return SUCCESS;
}

CALL(open)
{
        struct files *files = my_files();
        struct open_file like = { .kind = FILE_RAMDISK };
        struct open_file *file;
        char name[NAME_SIZE];
        uint32_t number;

        TRY(user_memory_read_text(name, word[0], sizeof name));
        if (!cpio_find(initrd, name, &like.ramdisk))
                return FAIL(NOT_FOUND);
        TRY(create(&like, &file));
        TRY_OR(WITH_LOCK(&files->lock, add_locked(files, &file, 1, &number)), file_release(file));
        *value = number;
        return SUCCESS;
}

/* An open file for one end of a new pipe. If there is no memory for it, that end of the pipe is closed. */
static struct error create_end(struct pipe *pipe, enum pipe_end end, struct open_file **out)
{
        const struct open_file like = { .kind = FILE_PIPE, .pipe = pipe, .end = end };

        TRY_OR(create(&like, out), pipe_leave(pipe, end));
        return SUCCESS;
}

static void release_ends(struct open_file *const end[2])
{
        file_release(end[PIPE_TO_READ]);
        file_release(end[PIPE_TO_WRITE]);
}

CALL(pipe)
{
        struct files *files = my_files();
        struct open_file *end[2];
        struct pipe *pipe;
        uint32_t numbers[2];

        TRY(pipe_create(&pipe));
        TRY_OR(create_end(pipe, PIPE_TO_READ, &end[PIPE_TO_READ]), pipe_leave(pipe, PIPE_TO_WRITE));
        TRY_OR(create_end(pipe, PIPE_TO_WRITE, &end[PIPE_TO_WRITE]), file_release(end[PIPE_TO_READ]));
        TRY_OR(WITH_LOCK(&files->lock, add_locked(files, end, 2, numbers)), release_ends(end));
        return user_memory_write(word[0], numbers, sizeof numbers);
}

CALL(close)
{
        struct open_file *file = word[0] < FILES_MOST ? put(my_files(), word[0], NULL) : NULL;

        if (!file)
                return FAIL(NOT_FOUND);
        file_release(file);
        return SUCCESS;
}

CALL(dup2)
{
        struct open_file *file;

        if (word[1] >= FILES_MOST)
                return FAIL(OUT_OF_RANGE);
        TRY(files_find(my_files(), word[0], &file));
        file_release(put(my_files(), word[1], file));
        return SUCCESS;
}

/* In parts, with a preemption point between two of them. */
static struct error write_out(struct open_file *file, uintptr_t address, size_t size, uint64_t *value)
{
        const bool is_console = file->kind == FILE_CONSOLE;
        const size_t most = is_console ? CONSOLE_PART : PART;
        char bytes[PART];

        if (!is_console && (file->kind != FILE_PIPE || file->end != PIPE_TO_WRITE))
                return FAIL(BAD_ARGUMENT);
        for (*value = 0; *value < size;) {
                const size_t part = least_of(size - *value, most);

                if (*value)
                        TRY(thread_preemption_point());
                TRY(user_memory_read(bytes, address + *value, part));
                if (is_console)
                        console_write(bytes, part);
                else
                        TRY(pipe_write(file->pipe, bytes, part));
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
