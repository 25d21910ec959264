#include "live/written_file.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum { RECENT_SECONDS = 60 };

static bool was_written_recently(int descriptor)
{
        struct stat status;

        return !fstat(descriptor, &status) && time(NULL) - status.st_mtime < RECENT_SECONDS;
}

/*
 * Linux grants a lease for reading only while no process has the file open for writing. A process that opens it for
 * writing while we hold the lease, which is for a moment, makes the kernel signal us: with SIGURG, which is ignored.
 */
bool file_is_written(const char *path)
{
        const int descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
        bool is_written;

        if (descriptor < 0)
                return false;
        fcntl(descriptor, F_SETSIG, SIGURG);
        if (!fcntl(descriptor, F_SETLEASE, F_RDLCK)) {
                fcntl(descriptor, F_SETLEASE, F_UNLCK);
                is_written = false;
        } else {
                is_written = errno == EAGAIN || was_written_recently(descriptor);
        }
        close(descriptor);
        return is_written;
}

int file_watch(const char *path)
{
        const int watch = inotify_init1(IN_CLOEXEC | IN_NONBLOCK);

        if (watch >= 0 && inotify_add_watch(watch, path, IN_MODIFY | IN_CLOSE_WRITE) < 0) {
                close(watch);
                return -1;
        }
        return watch;
}

void file_watch_forget(int watch)
{
        char changes[4096];

        while (watch >= 0 && read(watch, changes, sizeof changes) > 0)
                ;
}
