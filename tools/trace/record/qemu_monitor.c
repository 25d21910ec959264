#include "record/qemu_monitor.h"

#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

int qemu_monitor_interrupt(const char *path)
{
        static const char command[] = "nmi\n";
        struct sockaddr_un address = { .sun_family = AF_UNIX };
        int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

        if (fd >= 0 &&
            snprintf(address.sun_path, sizeof address.sun_path, "%s", path) < (int)sizeof address.sun_path &&
            !connect(fd, (const struct sockaddr *)&address, sizeof address) &&
            send(fd, command, strlen(command), MSG_NOSIGNAL) == (ssize_t)strlen(command))
                return fd;
        if (fd >= 0)
                close(fd);
        return -1;
}
