/*
 * Open files: the console, files of the initial ramdisk, and the ends of pipes; and the table in which a process has
 * its own, by number. One that is open in several processes, or under several numbers, is the same file: they read on
 * where another has stopped. Open files count their users; the last user to release one closes it.
 *
 * Each table has a lock of its own, which is taken before that of a pipe and held for O(FILES_MOST) at most. Every call
 * here takes the locks it needs.
 */
#pragma once

#include "lib/cpio.h"
#include "task/pipe.h"
#include "task/system_call.h"

enum file_kind { FILE_CONSOLE, FILE_RAMDISK, FILE_PIPE };
enum { FILES_STANDARD = 3 };

struct open_file {
        unsigned users;
        enum file_kind kind;
        struct cpio_file ramdisk;
        size_t position;                        /* of the next byte to read from the ramdisk */
        struct pipe *pipe;                      /* of the console: what is typed there */
        enum pipe_end end;
};

struct files {
        struct spinlock lock;
        struct { struct open_file *guarded_[FILES_MOST]; } table;
};

/* Fills an empty table: with the console under the three standard numbers, or with the files of another table. */
void files_begin(struct files *files);
void files_copy(struct files *files, struct files *from);

/* Empties a table. */
void files_close_all(struct files *files);

/*
 * Opens a file of the ramdisk, or both ends of a new pipe, under the lowest numbers that are free. NOT_FOUND, NO_MEMORY
 * (also if no number is free): then the table has not changed at any time.
 */
struct error files_open(struct files *files, const char *name, uint64_t *number);
struct error files_pipe(struct files *files, uint32_t numbers[2]);

/* Closes a number. NOT_FOUND if nothing is open under it. O(1). */
struct error files_close(struct files *files, uint64_t number);

/* Opens a file under a second number; what was open there is closed. NOT_FOUND, OUT_OF_RANGE. O(1). */
struct error files_duplicate(struct files *files, uint64_t number, uint64_t also);

/* Makes the caller one more user of an open file, until file_release(). NOT_FOUND. O(1). */
struct error files_find(struct files *files, uint64_t number, struct open_file **out);
void file_release(struct open_file *file);

/*
 * Reads at least one byte, or none at the end; `most` may be 0. Sleeps until there is one. BAD_ARGUMENT if this file is
 * not for reading; else as pipe_read().
 */
struct error file_read(struct open_file *file, void *bytes, size_t most, size_t *count);

/* Whether it can be written: the console, and the end of a pipe that is for writing. */
bool file_may_be_written(const struct open_file *file);

/* Writes all bytes. BAD_ARGUMENT if this file is not for writing; else as pipe_write(). */
struct error file_write(struct open_file *file, const void *bytes, size_t size);

/*
 * To be called now and then by one processor: takes what was typed, and wakes the readers. The bytes are kept as they
 * come, neither shown nor changed, until they are read.
 */
void console_poll(void);
