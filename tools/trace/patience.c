#include "patience.h"

#include <dirent.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static double seconds_of(clockid_t clock)
{
        struct timespec now;

        return clock_gettime(clock, &now) < 0 ? 0 : (double)now.tv_sec + (double)now.tv_nsec * 1e-9;
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

/* Whether a thread of it runs, is ready to, waits for a disk, or was stopped by someone: then it does not wait of its own. */
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

void patience_begin(struct patience *patience, pid_t process, unsigned threads)
{
        const long here = sysconf(_SC_NPROCESSORS_ONLN);

        *patience = (struct patience){
                .process = process,
                .parallel = here > 0 && threads > (unsigned)here ? (unsigned)here : threads,
                .wall_then = seconds_of(CLOCK_MONOTONIC),
        };
        if (clock_getcpuclockid(process, &patience->processor_clock))
                patience->processor_clock = CLOCK_MONOTONIC;
        patience->processor_then = seconds_of(patience->processor_clock);
}

void patience_look(struct patience *patience)
{
        const double wall = seconds_of(CLOCK_MONOTONIC);
        double processor, passed, worked;

        if (wall - patience->wall_then < 0.1)
                return;
        processor = seconds_of(patience->processor_clock);
        passed = at_most(wall - patience->wall_then, PATIENCE_LOOK);
        worked = at_most((processor - patience->processor_then) / patience->parallel, passed);
        patience->wall_then = wall;
        if (processor > patience->processor_then)
                patience->processor_then = processor;
        if (worked > 0)
                patience->worked += worked;
        patience->given += !wants_processor(patience->process) ? passed : worked > 0 ? worked : 0;
}
