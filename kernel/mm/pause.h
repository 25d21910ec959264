/*
 * Pauses in long work. Work on an address space may concern any number of pages, but no lock is held for longer than
 * some ten thousand instructions: the work is done in steps, and between two of them it gives back its locks and calls
 * pause_between_steps(), so that interrupts are taken and other threads have their turn.
 *
 * How that is done is the scheduler's matter, which lies above: it hands over a function when the machine starts.
 */
#pragma once

/* To be called by a thread of the kernel's own or of a program, with no lock held. O(1), besides what others do. */
void pause_between_steps(void);

/* What a pause does; set once. NULL, as at first and in the host build: nothing. */
extern void (*pause_hook)(void);
