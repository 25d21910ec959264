/*
 * How long another process has had to do something, on a machine that may be busy with other things.
 *
 * The clock on the wall goes on while a process waits for a processor, so a deadline by that clock strikes under load
 * without anybody's fault. This clock counts only time in which the process could get on:
 *
 *      the process                                     counts
 *      runs                                            the processor time that it uses
 *      is ready to run, but other processes run        nothing
 *      sleeps, since it waits for something            all of it
 *
 * On a machine with nothing else to do it goes as fast as the clock on the wall.
 */
#pragma once

#include <stdbool.h>
#include <sys/types.h>
#include <time.h>

/* It is to be looked at at least this often, in seconds; of a longer time without a look no more than this counts. */
#define PATIENCE_LOOK 0.25

struct patience {
        pid_t process;
        clockid_t processor_clock;              /* the processor time of all its threads */
        unsigned parallel;                      /* how many of its threads may run at once */
        double wall_then, processor_then;       /* seconds, at the last look */
        double given;                           /* seconds that it has had so far ... */
        double worked;                          /* ... and in how many of them it ran */
};

/* Begins to watch a child that has not been waited for. It runs on `threads` processors at most. */
void patience_begin(struct patience *patience, pid_t process, unsigned threads);

/* Brings `given` and `worked` up to date, at most ten times a second: more often it does nothing. */
void patience_look(struct patience *patience);
