/*
 * Open files: the console, files of the initial ramdisk, and the ends of pipes; and the table in which a process has
 * its own, by number. One that is open in several processes, or under several numbers, is the same file: they read on
 * where another has stopped. Who has one counts as a user, and the last one to go closes it.
 */
#pragma once

#include "lib/cpio.h"
#include "task/pipe.h"

enum file_kind { FILE_CONSOLE, FILE_RAMDISK, FILE_PIPE };
enum { FILES_MOST = 16, FILES_STANDARD = 3 };

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

/* A table with three files, which are the console, or with what another has. */
void files_begin(struct files *files);
void files_copy(struct files *files, struct files *from);
void files_close_all(struct files *files);

/* Opens a file of the ramdisk, or both ends of a pipe. NOT_FOUND, NO_MEMORY (no number is free). */
struct error files_open(struct files *files, const char *name, uint64_t *number);
struct error files_pipe(struct files *files, uint32_t numbers[2]);

/* NOT_FOUND if nothing is open under the number. */
struct error files_close(struct files *files, uint64_t number);

/* What was open under the second number is closed. NOT_FOUND, OUT_OF_RANGE. */
struct error files_duplicate(struct files *files, uint64_t number, uint64_t also);

/* Makes the caller one more user of an open file, until file_release(). NOT_FOUND. */
struct error files_find(struct files *files, uint64_t number, struct open_file **out);
void file_release(struct open_file *file);

/* Reads at least one byte, or none at the end; writes all. May sleep. BAD_ARGUMENT if it cannot; else as pipe.h. */
struct error file_read(struct open_file *file, void *bytes, size_t most, size_t *count);
struct error file_write(struct open_file *file, const void *bytes, size_t size);

/*
 * To be called now and then by one processor: takes what was typed, and wakes who waits for it. These are bytes as they
 * come, none of them shown or changed, kept until somebody reads them.
 */
void console_poll(void);
