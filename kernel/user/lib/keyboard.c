#include "user/lib/keyboard.h"
#include "user/lib/lock.h"
#include "user/lib/thread.h"

enum { CTRL_C = 'C' & 31, CHUNK_SIZE = 64 };

static struct {
        struct lock lock;
        const struct job *job;
        enum keyboard_mode mode;
        bool interrupted;
        bool entered;                           /* a line is, and the shell has not read it to its end */
        char held[CHUNK_SIZE];                  /* what was typed since then: to be shown once the line is */
        size_t held_count;
        unsigned console, typed;                /* where bytes come from, and where they go; 0: not started */
} keyboard;

/* A job that has grown is worth a word: its own processes are named by their status. */
static void interrupt_job_locked(void)
{
        const uint64_t count = keyboard.job ? job_kill(keyboard.job) : 0;

        if (keyboard.job && count > keyboard.job->count)
                printf("(%lu processes are ended)\n", count);
}

/* While a line is carried out. What is to be passed on of a byte: 0 is nothing. */
static char show_locked(char byte)
{
        if (byte == CTRL_C) {
                printf("^C\n");
                keyboard.interrupted = true;
                interrupt_job_locked();
                return 0;
        }
        if (byte == '\r')
                byte = '\n';
        if (byte == '\n' || (byte >= ' ' && byte <= '~'))
                printf("%c", byte);
        return byte;
}

static char hold_locked(char byte)
{
        if (keyboard.held_count < CHUNK_SIZE)
                keyboard.held[keyboard.held_count++] = byte;
        if (byte == CTRL_C)
                keyboard.interrupted = true;
        return byte == CTRL_C ? 0 : byte == '\r' ? '\n' : byte;
}

static void show_held_locked(void)
{
        for (size_t i = 0; i < keyboard.held_count; i++)
                show_locked(keyboard.held[i]);
        keyboard.held_count = 0;
        keyboard.entered = false;
}

/* The end of a line is seen here first, so that a Ctrl-C right behind it is known to be meant for that line. */
static char take(char byte)
{
        lock_acquire(&keyboard.lock);
        if (keyboard.entered)
                byte = hold_locked(byte);
        else if (keyboard.mode == KEYBOARD_SHOWN)
                byte = show_locked(byte);
        else if (keyboard.mode == KEYBOARD_PROMPT)
                keyboard.entered = byte == '\r' || byte == '\n';
        lock_release(&keyboard.lock);
        return byte;
}

/* When nothing more can be typed, the shell finds its pipe at the end. */
static void pass_on(void *unused)
{
        char bytes[CHUNK_SIZE];
        size_t count;

        (void)unused;
        while (!read(keyboard.console, bytes, sizeof bytes, &count).code && count) {
                for (size_t i = 0; i < count; i++) {
                        char byte = take(bytes[i]);

                        if (byte)
                                error_ignore(write(keyboard.typed, &byte, 1));
                }
        }
        error_ignore(close(keyboard.typed));
}

/* The console moves to another number, to make place for the pipe. */
struct error keyboard_start(void)
{
        enum { CONSOLE = 15 };
        static struct thread helper;
        struct pipe_ends ends;

        TRY(pipe(&ends));
        TRY(dup2(FILE_INPUT, CONSOLE));
        TRY(dup2(ends.to_read, FILE_INPUT));
        TRY(close(ends.to_read));
        keyboard.console = CONSOLE;
        keyboard.typed = ends.to_write;
        return thread_start(pass_on, NULL, &helper);
}

void keyboard_leave(void)
{
        if (!keyboard.typed)
                return;
        error_ignore(close(keyboard.console));
        error_ignore(close(keyboard.typed));
        keyboard.typed = 0;
}

void keyboard_serve(const struct job *job, enum keyboard_mode mode)
{
        lock_acquire(&keyboard.lock);
        keyboard.job = job;
        keyboard.mode = mode;
        if (mode != KEYBOARD_PROMPT)
                show_held_locked();
        keyboard.interrupted = keyboard.interrupted && mode != KEYBOARD_PROMPT;
        if (keyboard.interrupted)
                interrupt_job_locked();
        lock_release(&keyboard.lock);
}

bool keyboard_is_started(void)
{
        return keyboard.typed;
}

bool keyboard_interrupted(void)
{
        return __atomic_load_n(&keyboard.interrupted, __ATOMIC_RELAXED);
}
