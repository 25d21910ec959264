/* What control.c, the connection, and control_boot.c, the recorder as a child, share. No other file includes this. */
#pragma once

#include "control/control.h"

#include <sys/types.h>

struct control {
        char *path;                             /* of the socket */
        char *recording;
        int socket;                             /* -1: none */
        bool ended;                             /* the recorder has closed its side */
        uint64_t number;                        /* of the next command */
        size_t length;                          /* of what has arrived and was not taken yet */
        uint8_t arrived[1 << 14];

        pid_t child;                            /* the recorder that we started; 0: none */
        char *folder;                           /* ours, for it; NULL: none */
};

/* NULL if there is no memory. */
struct control *control_allocate(void);

/* Connects; errors of control_attach(). What was made until then is freed by control_close(). */
struct error control_connect(struct control *control, const char *path);

/* Ends the child, if there is one, and removes its folder. */
void control_end_child(struct control *control);
