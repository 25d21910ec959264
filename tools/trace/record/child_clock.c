#include "record/child_clock.h"

#include <dirent.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static double seconds_of(clockid_t id)
{
        struct timespec now;

        return clock_gettime(id, &now) < 0 ? 0 : (double)now.tv_sec + (double)now.tv_nsec * 1e-9;
}

static double at_most(double value, double limit)
{
        return value < limit ? value : limit;
}

/* The state letter of a thread: "1234 (name) R ...", where the name may hold anything. '?' if it has ended. */
static char state_of_thread(pid_t process, const char *thread)
{
        char path[64], line[256];
        const char *name_end;
        size_t length;
        FILE *file;

        snprintf(path, sizeof path, "/proc/%d/task/%.20s/stat", (int)process, thread);
        file = fopen(path, "r");
        if (!file)
                return '?';
        length = fread(line, 1, sizeof line - 1, file);
        fclose(file);
        line[length] = 0;
        name_end = strrchr(line, ')');
        return name_end && name_end[1] ? name_end[2] : '?';
}

/* Whether a thread of the process runs, is ready to run, waits for a disk, or was stopped by another process. */
static bool wants_processor(pid_t process)
{
        struct dirent *entry;
        bool wants = false;
        char path[64];
        DIR *threads;

        snprintf(path, sizeof path, "/proc/%d/task", (int)process);
        threads = opendir(path);
        if (!threads)
                return false;
        while (!wants && (entry = readdir(threads)))
                wants = entry->d_name[0] != '.' && strchr("RDTt", state_of_thread(process, entry->d_name));
        closedir(threads);
        return wants;
}

void child_clock_start(struct child_clock *clock, pid_t process, unsigned threads)
{
        const long here = sysconf(_SC_NPROCESSORS_ONLN);

        *clock = (struct child_clock){
                .process = process,
                .parallel = here > 0 && threads > (unsigned)here ? (unsigned)here : threads,
                .wall_then = seconds_of(CLOCK_MONOTONIC),
        };
        if (clock_getcpuclockid(process, &clock->processor_clock))
                clock->processor_clock = CLOCK_MONOTONIC;
        clock->processor_then = seconds_of(clock->processor_clock);
}

double child_clock_skip(struct child_clock *clock)
{
        const double then = clock->processor_then;

        clock->wall_then = seconds_of(CLOCK_MONOTONIC);
        clock->processor_then = seconds_of(clock->processor_clock);
        return clock->processor_then - then;
}

void child_clock_update(struct child_clock *clock)
{
        const double wall = seconds_of(CLOCK_MONOTONIC);
        double processor, passed, worked;

        if (wall - clock->wall_then < 0.1)
                return;
        processor = seconds_of(clock->processor_clock);
        passed = at_most(wall - clock->wall_then, CHILD_CLOCK_STEP_MAX);
        worked = at_most((processor - clock->processor_then) / clock->parallel, passed);
        clock->wall_then = wall;
        if (processor > clock->processor_then)
                clock->processor_then = processor;
        if (worked > 0)
                clock->busy += worked;
        clock->elapsed += !wants_processor(clock->process) ? passed : worked > 0 ? worked : 0;
}
