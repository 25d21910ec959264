/*
 * A clock that measures how long a child process could have run, on a host that may be busy with other processes.
 *
 * Wall-clock time goes on while a process waits for a processor, so a deadline in wall-clock time may be exceeded only
 * because the host is busy. This clock counts:
 *
 *      the process                                     time that counts
 *      runs                                            the processor time that it uses
 *      is ready to run, but other processes run        nothing
 *      sleeps, since it waits for something            all of it
 *
 * On an idle host it is as fast as wall-clock time.
 */
#pragma once

#include <stdbool.h>
#include <sys/types.h>
#include <time.h>

/* The clock must be updated at least this often, in seconds; of a longer time between updates only this much counts. */
#define CHILD_CLOCK_STEP_MAX 0.25

struct child_clock {
        pid_t process;
        clockid_t processor_clock;              /* the processor time of all its threads */
        unsigned parallel;                      /* how many of its threads may run at once */
        double wall_then, processor_then;       /* seconds, at the last update */
        double elapsed;                         /* seconds that count, so far ... */
        double busy;                            /* ... and those in which the child ran */
};

/* Starts the clock of a child that has not been waited for. The child uses `threads` processors at most. */
void child_clock_start(struct child_clock *clock, pid_t process, unsigned threads);

/*
 * Leaves out the time since the last update: the child waits for us. Yields the processor time that it used meanwhile.
 */
double child_clock_skip(struct child_clock *clock);

/* Updates `elapsed` and `busy`. Does nothing if the last update was less than a tenth of a second ago. */
void child_clock_update(struct child_clock *clock);
