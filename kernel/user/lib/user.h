/*
 * What a program stands on: the system calls as functions, and a small C library. Errors are those of the kernel.
 *
 *      int main(const char *argument)
 *      {
 *              struct mapping mine = { .name = "mine", .size = 4096, .protection = PROTECT_READ };
 *              uintptr_t base;
 *              struct error error = mmap(&mine, &base);
 *
 *              if (error.code)
 *                      return print_error("mmap", error);
 *              printf("mapped at 0x%lx\n", base);
 *              return 0;
 *      }
 */
#pragma once

#include "lib/error.h"
#include "lib/printf.h"
#include "lib/string.h"
#include "mm/address_space.h"
#include "task/system_call.h"

/*
 * Every program has its own. What it returns is the program's exit status. The text is all arguments but the program's
 * name, with blanks between them and quotes where they are needed: words.h cuts it again.
 */
int main(const char *argument);

/* The arguments one by one, as C has them: word[0] is the program's name, word[count] is NULL. */
struct arguments {
        size_t count;
        const char *const *word;
};

extern struct arguments arguments;

/* --- system calls: each as in docs/system-calls.md -------------------------------------------------------- */

_Noreturn void exit(int status);

enum { FILE_INPUT, FILE_OUTPUT, FILE_ERRORS };

/* Writes all of it. */
struct error write(unsigned file, const void *bytes, size_t size);

/* Waits for at least one byte; yields 0 at the end. */
struct error read(unsigned file, void *bytes, size_t most, size_t *count);

struct error open(const char *name, unsigned *file);
struct error close(unsigned file);

/* What is written to one end is read from the other. */
struct pipe_ends {
        unsigned to_read, to_write;
};

struct error pipe(struct pipe_ends *ends);

/* From now on `number` is this file too; what it was before is closed. */
struct error dup2(unsigned file, unsigned number);

#define PROTECT_READ_WRITE (PROTECT_READ | PROTECT_WRITE)

struct error mmap(const struct mapping *mapping, uintptr_t *base);

/* Likewise, with the bytes of an open file from `offset` on, and zeros beyond its end. */
struct error mmap_file(const struct mapping *mapping, unsigned file, uint64_t offset, uintptr_t *base);

struct error munmap(uintptr_t address, size_t size);
struct error mprotect(uintptr_t address, size_t size, enum protection protection);
struct error resize(uintptr_t base, size_t size);

/*
 * Gives back the frames of a range: private pages read as new when they are touched again. The advice is MADV_DONTNEED.
 */
struct error madvise(uintptr_t address, size_t size, int advice);

/* Fills in the first `most` regions of a process (0: this one), in address order; yields how many there are. */
struct error regions(uint64_t process, struct region_listing *listing, size_t most, size_t *count);

/* Yields 0 in the new process, and its id in this one. Of several threads only the one that calls is copied. */
struct error fork(uint64_t *child);

/*
 * Run another program in this process: with arguments one by one, the first the program's name and NULL behind the
 * last; or with a text, which is cut into words (words.h): BAD_ARGUMENT if they are too many or too long. They return
 * only if they cannot.
 */
struct error execv(const char *name, const char *const *vector);
struct error exec(const char *name, const char *text);

/* Waits for a child to end (0: any); yields which one, and its status. NOT_FOUND if there is none. */
struct ending {
        uint64_t process, status;
};

struct error wait(uint64_t child, struct ending *ending);

/* Likewise; with the option WNOHANG it does not wait: `process` is 0 if no such child has ended yet. */
struct error waitpid(uint64_t child, struct ending *ending, int options);
struct error kill(uint64_t process);

/* Ends all processes of a group; yields how many. Meanwhile none of them can fork. */
struct error kill_group(uint64_t group, uint64_t *count);

/* Puts a process (0: this one) into a group: that of another process, or a new one, its own (0). */
struct error setpgid(uint64_t process, uint64_t group);
uint64_t getpid(void);

/* The time since the kernel began, in nanoseconds. */
uint64_t clock(void);

/* The calls behind thread_start() and thread_join(). */
struct error thread_create(void (*where)(void), uintptr_t stack, void *argument, uint64_t *id);
_Noreturn void thread_exit(void);
struct error join(uint64_t id);

void yield(void);
void sleep(uint64_t milliseconds);
struct error processes(struct process_listing *listing, size_t most, size_t *count);
struct error memory(struct memory_listing *listing);

/* Any call at all, with words that may make no sense. */
struct error any_call(uint64_t number, const uint64_t word[3], uint64_t *value);

/* --- the library ------------------------------------------------------------------------------------------ */

/* The kernel's own kprintf, whose text goes to console_write(): in a program, the file FILE_OUTPUT. */
#define printf kprintf

/* Says on FILE_ERRORS what could not be done and why, and where it was raised if that was here. Yields 1, a status. */
int print_error(const char *what, struct error error);

/* A random number that the kernel drew for this program; "seed=" on its command line makes it the same every time. */
uint64_t random_seed(void);

/*
 * Blocks of 16 bytes and more, not zeroed, aligned to 16. Small ones are cut from regions of 64 KiB; a large one has a
 * region to itself, which goes when the block does. NULL if there is no memory. Threads may call it at any time.
 */
void *malloc(size_t size);

/* NULL is fine. */
void free(void *block);
