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
        size_t position;                        /* of the next byte to read from the ramdisk; may lie beyond its end */
        struct pipe *pipe;                      /* of the console: what is typed there */
        enum pipe_end end;
};

struct files {
        struct spinlock lock;
        struct { struct open_file *guarded_[FILES_MOST]; } table;
};

/* Fills a new table: with the files of another or, without one, with the console under the three standard numbers. */
void files_init(struct files *files, struct files *from);

/* Empties a table. */
void files_close_all(struct files *files);

/* Makes the caller one more user of an open file, until file_release(). NOT_FOUND. O(1). */
struct error files_find(struct files *files, uint64_t number, struct open_file **out);
void file_release(struct open_file *file);

/*
 * To be called now and then by one processor: takes what was typed, and wakes the readers. The bytes are kept as they
 * come, neither shown nor changed, until they are read.
 */
void console_poll(void);
