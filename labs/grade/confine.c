#include "confine.h"
#include "base/error_message.h"

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <grp.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

/*
 * Users from here on have no name and no files. Each grader takes one of its own, so that ending all its processes is
 * safe.
 */
enum { FIRST_USER = 700000, USERS = 30000, PROCESSES_MAX = 128, OPTIONS_MAX = 32 };

static uint64_t milliseconds(void)
{
        struct timespec now;

        clock_gettime(CLOCK_MONOTONIC, &now);
        return (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000;
}

/* --- in the child ----------------------------------------------------------------------------------------- */

static void limit(int resource, uint64_t value)
{
        const struct rlimit both = { value, value };

        if (setrlimit(resource, &both))
                _exit(126);
}

static void become(const struct isolation *isolation)
{
        if (isolation->other_user &&
            (setgroups(0, NULL) || setgid((gid_t)isolation->user) || setuid(isolation->user)))
                _exit(126);
}

static void set_limits(const struct isolation *isolation, const struct limits *limits)
{
        limit(RLIMIT_CORE, 0);
        limit(RLIMIT_CPU, limits->processor_seconds);
        limit(RLIMIT_FSIZE, limits->file_size);
        if (limits->memory)
                limit(RLIMIT_AS, limits->memory);
        if (isolation->other_user)
                limit(RLIMIT_NPROC, PROCESSES_MAX);
}

/* What ran before could have put a link or a pipe in the place of the output: that is removed, and not followed. */
static int open_output(const char *output)
{
        struct stat facts;

        if (!lstat(output, &facts) && !S_ISCHR(facts.st_mode))
                unlink(output);
        return open(output, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0644);
}

static void redirect(const char *output)
{
        int in = open("/dev/null", O_RDONLY), out = open_output(output);

        if (in < 0 || out < 0 || dup2(in, 0) < 0 || dup2(out, 1) < 0 || dup2(out, 2) < 0)
                _exit(126);
        for (int fd = 3; fd < 256; fd++)
                close(fd);
}

/* Puts bubblewrap before the program, or just changes the folder. */
static void run(const struct isolation *isolation, const char *folder, const char *writable, char *const argv[])
{
        static const char *const options[] = {
                "bwrap", "--unshare-all", "--die-with-parent", "--new-session", "--ro-bind", "/", "/", "--dev", "/dev",
                "--proc", "/proc", "--tmpfs", "/tmp",
        };
        size_t count = sizeof options / sizeof *options, arguments = 0;
        char path[PATH_MAX];
        const char **command;

        if (!isolation->namespaces) {
                if (!chdir(folder))
                        execvp(argv[0], argv);
                _exit(127);
        }
        while (argv[arguments])
                arguments++;
        command = calloc(OPTIONS_MAX + arguments + 1, sizeof *command);
        if (!command)
                _exit(126);
        memcpy(command, options, sizeof options);
        if (isolation->hidden) {
                command[count++] = "--tmpfs";
                command[count++] = isolation->hidden;
        }
        if (isolation->shown) {
                command[count++] = "--ro-bind";
                command[count++] = isolation->shown;
                command[count++] = isolation->shown;
        }
        command[count++] = writable ? "--ro-bind" : "--bind";
        command[count++] = folder;
        command[count++] = folder;
        if (writable) {
                snprintf(path, sizeof path, "%s/%s", folder, writable);
                command[count++] = "--bind";
                command[count++] = path;
                command[count++] = path;
        }
        command[count++] = "--chdir";
        command[count++] = folder;
        memcpy(&command[count], argv, arguments * sizeof *argv);
        execvp("bwrap", (char *const *)command);
        _exit(127);
}

static void set_environment(void)
{
        const char *path = getenv("PATH");
        char *kept = strdup(path ? path : "/usr/bin:/bin");

        clearenv();
        setenv("PATH", kept ? kept : "/usr/bin:/bin", 1);
        setenv("LC_ALL", "C.UTF-8", 1);
        setenv("HOME", "/nonexistent", 1);
        setenv("CCACHE_DISABLE", "1", 1);       /* its folder is not there */
        setenv("ASAN_OPTIONS", "detect_leaks=0:abort_on_error=0:hard_rss_limit_mb=512:handle_sigill=1", 1);
        setenv("UBSAN_OPTIONS", "print_stacktrace=1:abort_on_error=1", 1);
}

/* --- around it -------------------------------------------------------------------------------------------- */

/* Ends every process of the isolation's user: those that left the group, too. */
static void end_all(const struct isolation *isolation, pid_t group)
{
        pid_t child;

        kill(-group, SIGKILL);
        if (!isolation->other_user || isolation->namespaces)
                return;
        child = fork();
        if (!child) {
                become(isolation);
                kill(-1, SIGKILL);
                _exit(0);
        }
        if (child > 0)
                waitpid(child, NULL, 0);
}

/*
 * bubblewrap ends before the first process of its namespaces has. That one is then a child of this process; until it is
 * waited for, it counts as one of the user's processes, of which only PROCESSES_MAX are allowed.
 */
static void reap_rest(void)
{
        while (waitpid(-1, NULL, WNOHANG) > 0)
                continue;
}

/* Waits for the child, at most so long. */
static int wait_for(pid_t child, uint64_t deadline)
{
        int status;

        for (;;) {
                pid_t ended = waitpid(child, &status, WNOHANG);

                if (ended == child)
                        return WIFEXITED(status) ? WEXITSTATUS(status) : CONFINED_SIGNAL + WTERMSIG(status);
                if (milliseconds() >= deadline)
                        return CONFINED_TOO_LONG;
                nanosleep(&(struct timespec){ 0, 2000000 }, NULL);
        }
}

struct error confined_run(const struct isolation *isolation, const struct limits *limits, const char *folder,
                          const char *output, char *const argv[], int *status)
{
        const uint64_t deadline = milliseconds() + limits->seconds * 1000;
        pid_t child = fork();

        if (child < 0)
                return FAILF(IO, "%s cannot be started: %s", argv[0], strerror(errno));
        if (!child) {
                setpgid(0, 0);
                redirect(output);
                set_environment();
                become(isolation);
                set_limits(isolation, limits);
                run(isolation, folder, limits->writable, argv);
        }
        setpgid(child, child);
        *status = wait_for(child, deadline);
        end_all(isolation, child);
        if (*status == CONFINED_TOO_LONG)
                waitpid(child, NULL, 0);
        reap_rest();
        if (*status == 126 || *status == 127)
                return FAILF(IO, "%s cannot be started in the sandbox (status %d); %s has its output", argv[0], *status,
                             output);
        return SUCCESS;
}

/* --- what there is ---------------------------------------------------------------------------------------- */

static bool namespaces_work(const struct isolation *isolation)
{
        static char *const trial[] = { "true", NULL };
        const struct limits limits = { 10, 5, 1 << 20, 0, NULL };
        struct isolation wanted = *isolation;
        int status;

        wanted.namespaces = true;
        return !confined_run(&wanted, &limits, "/tmp", "/dev/null", trial, &status).code && status == 0;
}

struct error isolation_find(enum sandbox wanted, struct isolation *out)
{
        *out = (struct isolation){ .other_user = geteuid() == 0 };
        prctl(PR_SET_CHILD_SUBREAPER, 1);       /* for reap_rest() */
        out->user = FIRST_USER + (uid_t)getpid() % USERS;
        out->namespaces = namespaces_work(out);
        if (!out->namespaces && wanted == SANDBOX_REQUIRE)
                return FAILF(BAD_ARGUMENT,
                             "--sandbox=require: bubblewrap cannot make a sandbox here (is it installed, and "
                             "are user namespaces allowed?)");
        snprintf(out->words, sizeof out->words, "%s%s",
                 out->namespaces ? "bubblewrap: no network, a read-only system, its own processes; limits" :
                 "no namespaces here: limits on time, output and files only",
                 out->other_user ? "; a user of its own" : "");
        return SUCCESS;
}

static uid_t new_owner;
static bool everybody_reads;

/* What the user of the isolation may read of its own it may read of the grader's, too. */
static int give(const char *path, const struct stat *facts, [[maybe_unused]] int type,
                [[maybe_unused]] struct FTW *walk)
{
        const mode_t mode = facts->st_mode & 07777;

        if (lchown(path, new_owner, (gid_t)new_owner))
                return -1;
        return everybody_reads && !S_ISLNK(facts->st_mode) ? chmod(path, mode | (mode & 0500) >> 6) : 0;
}

static struct error give_all(const char *folder, uid_t owner)
{
        new_owner = owner;
        everybody_reads = owner == 0;
        return nftw(folder, give, 16, FTW_PHYS) ? FAILF(IO, "%s: %s", folder, strerror(errno)) : SUCCESS;
}

/* Fails if a folder above `folder` lets only its owner in, as /root does. */
static struct error can_be_entered(const char *folder)
{
        struct error error = SUCCESS;
        char *path = realpath(folder, NULL);

        if (!path)
                return FAILF(IO, "%s: %s", folder, strerror(errno));
        for (char *slash = strchr(path + 1, '/'); slash && !error.code; slash = strchr(slash + 1, '/')) {
                struct stat facts;

                *slash = '\0';
                if (stat(path, &facts))
                        error = FAILF(IO, "%s: %s", path, strerror(errno));
                else if (!(facts.st_mode & S_IXOTH))
                        error = FAILF(BAD_ARGUMENT,
                                      "only its owner may enter the folder %s, and root grades as another user: "
                                      "grade below /tmp (--output FOLDER), as another user than root, or after: chmod "
                                      "o+x '%s'",
                                      path, path);
                *slash = '/';
        }
        free(path);
        return error;
}

struct error confined_own(const struct isolation *isolation, const char *folder)
{
        if (!isolation->other_user)
                return SUCCESS;
        TRY(can_be_entered(folder));
        return give_all(folder, isolation->user);
}

struct error confined_keep(const struct isolation *isolation, const char *folder, const char *writable)
{
        char path[PATH_MAX];

        if (!isolation->other_user)
                return SUCCESS;
        snprintf(path, sizeof path, "%s/%s", folder, writable);
        TRY(give_all(folder, 0));
        return give_all(path, isolation->user);
}
