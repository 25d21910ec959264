#include "task/file.h"
#include "arch/uart.h"
#include "lib/printf.h"
#include "mm/kmalloc.h"
#include "task/initrd.h"

/* What is typed goes through a pipe whose writer is the machine. What comes when it is full is lost. */
static char room[PAGE_SIZE];
static struct pipe typed = PIPE_WITH(room);

/* Every process's; nobody is the last to let go of it. */
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

/* Who moves the position has what lies before it, so nobody reads the same bytes twice. */
static size_t read_ramdisk(struct open_file *file, char *bytes, size_t most)
{
        size_t from = __atomic_load_n(&file->position, __ATOMIC_RELAXED), size;
        do {
                size = file->ramdisk.size - from;
                size = size < most ? size : most;
        } while (!__atomic_compare_exchange_n(&file->position, &from, from + size, false, __ATOMIC_RELAXED,
                                              __ATOMIC_RELAXED));
        __builtin_memcpy(bytes, file->ramdisk.bytes + from, size);
        return size;
}

struct error file_read(struct open_file *file, void *bytes, size_t most, size_t *count)
{
        *count = 0;
        if (!most)
                return SUCCESS;
        if (file->kind != FILE_RAMDISK)
                return file->end == PIPE_TO_READ ? pipe_read(file->pipe, bytes, most, count) : FAIL(BAD_ARGUMENT);
        *count = read_ramdisk(file, bytes, most);
        return SUCCESS;
}

struct error file_write(struct open_file *file, const void *bytes, size_t size)
{
        if (file->kind == FILE_PIPE && file->end == PIPE_TO_WRITE)
                return pipe_write(file->pipe, bytes, size);
        if (file->kind != FILE_CONSOLE)
                return FAIL(BAD_ARGUMENT);
        console_write(bytes, size);
        return SUCCESS;
}

void console_poll(void)
{
        char bytes[16];
        pipe_offer(&typed, bytes, uart_read(UART_CONSOLE, bytes, sizeof bytes));
}

/* Puts a file under a number; yields what was there. */
static struct open_file *put(struct files *files, uint64_t number, struct open_file *file)
{
        spinlock_acquire(&files->lock);
        struct open_file *old = table_of(files)[number];
        table_of(files)[number] = file;
        spinlock_release(&files->lock);
        return old;
}

void files_begin(struct files *files)
{
        for (uint64_t number = 0; number < FILES_STANDARD; number++)
                put(files, number, share(&console));
}

struct error files_find(struct files *files, uint64_t number, struct open_file **out)
{
        *out = number < FILES_MOST ? LOCKED(&files->lock, share(table_of(files)[number])) : NULL;
        return *out ? SUCCESS : FAIL(NOT_FOUND);
}

/* One after the other, so that no two tables are locked at once. */
void files_copy(struct files *files, struct files *from)
{
        for (uint64_t number = 0; number < FILES_MOST; number++)
                put(files, number, LOCKED(&from->lock, share(table_of(from)[number])));
}

void files_close_all(struct files *files)
{
        for (uint64_t number = 0; number < FILES_MOST; number++)
                file_release(put(files, number, NULL));
}

static struct error add_locked(struct files *files, struct open_file *file, uint64_t *number) REQUIRES(files->lock)
{
        for (*number = 0; *number < FILES_MOST; ++*number) {
                if (!table_of(files)[*number]) {
                        table_of(files)[*number] = file;
                        return SUCCESS;
                }
        }
        return FAIL(NO_MEMORY);
}

/* A copy of the file, with the table as its one user. */
static struct error add(struct files *files, const struct open_file *like, uint64_t *number)
{
        struct open_file *file = kmalloc(sizeof *file, PURPOSE_TASK);
        if (!file)
                return FAIL(NO_MEMORY);
        *file = *like;
        file->users = 1;
        TRY_OR(LOCKED(&files->lock, add_locked(files, file, number)), kfree(file));
        return SUCCESS;
}

struct error files_open(struct files *files, const char *name, uint64_t *number)
{
        struct open_file file = { .kind = FILE_RAMDISK };
        if (!initrd_find(name, &file.ramdisk))
                return FAIL(NOT_FOUND);
        return add(files, &file, number);
}

static struct error add_end(struct files *files, struct pipe *pipe, enum pipe_end end, uint32_t numbers[2])
{
        const struct open_file file = { .kind = FILE_PIPE, .pipe = pipe, .end = end };
        uint64_t number;
        TRY_OR(add(files, &file, &number), pipe_leave(pipe, end));
        numbers[end] = (uint32_t)number;
        return SUCCESS;
}

struct error files_pipe(struct files *files, uint32_t numbers[2])
{
        struct pipe *pipe;
        TRY(pipe_create(&pipe));
        TRY_OR(add_end(files, pipe, PIPE_TO_READ, numbers), pipe_leave(pipe, PIPE_TO_WRITE));
        TRY_OR(add_end(files, pipe, PIPE_TO_WRITE, numbers), error_ignore(files_close(files, numbers[PIPE_TO_READ])));
        return SUCCESS;
}

struct error files_close(struct files *files, uint64_t number)
{
        struct open_file *file = number < FILES_MOST ? put(files, number, NULL) : NULL;
        if (!file)
                return FAIL(NOT_FOUND);
        file_release(file);
        return SUCCESS;
}

struct error files_duplicate(struct files *files, uint64_t number, uint64_t also)
{
        if (also >= FILES_MOST)
                return FAIL(OUT_OF_RANGE);
        struct open_file *file;
        TRY(files_find(files, number, &file));
        file_release(put(files, also, file));
        return SUCCESS;
}
