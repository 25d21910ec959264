/*
 * The keyboard of an interactive shell: a thread that reads what is typed and passes it on through a pipe, from which
 * the shell and its jobs read. So the job in the foreground gets the bytes, and bytes that it does not read are left
 * for the shell's next line, and Ctrl-C is seen although the shell waits for its job.
 */
#pragma once

#include "user/lib/job.h"

/* From now on FILE_INPUT is the pipe. */
struct error keyboard_start(void);

bool keyboard_is_started(void);

/* In a process that was forked: lets go of what only the thread needs. */
void keyboard_leave(void);

/*
 * What becomes of the bytes typed. At the prompt they are the line editor's, until a line is entered; while it is
 * carried out they are shown, and Ctrl-C interrupts it; or they are left to a program that sees to all that by itself,
 * as another shell does. What is typed right behind a line is shown behind it: when the shell, which has read the line
 * by then, says that it is carried out.
 */
enum keyboard_mode { KEYBOARD_PROMPT, KEYBOARD_SHOWN, KEYBOARD_RAW };

/* This job is in the foreground, NULL: none. It is killed at once if the line was interrupted before it began. */
void keyboard_serve(const struct job *job, enum keyboard_mode mode);

/* Was Ctrl-C typed since the prompt? */
bool keyboard_interrupted(void);
