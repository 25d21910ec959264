/*
 * Running what a student wrote: as another user where the grader is root, with limits, and in a sandbox of bubblewrap
 * where the machine allows one. What is not prevented is in docs/grading.md.
 */
#pragma once

#include "lib/error.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

enum sandbox { SANDBOX_AUTO, SANDBOX_REQUIRE };

/* What isolates; found out once. */
struct isolation {
        bool namespaces;                        /* bubblewrap: no network, all read-only but the work folder */
        bool other_user;                        /* `user`, to whom only the work folder belongs */
        uid_t user;
        char words[256];                        /* for the report */
        const char *shown;                      /* a folder that it shows even below /tmp; NULL: none */
        const char *hidden;                     /* a folder that the sandbox shows empty; NULL: none */
};

/*
 * Tries what this machine allows. BAD_ARGUMENT with a message if a sandbox is required and not to be had. From then on
 * what the processes of this one leave behind are its children, and confined_run() waits for any child.
 */
struct error isolation_find(enum sandbox wanted, struct isolation *out);

struct limits {
        unsigned seconds;                       /* wall time: only a backstop */
        unsigned processor_seconds;             /* of each process */
        uint64_t file_size, memory;             /* bytes; memory 0: no limit, for sanitizers reserve terabytes */
        const char *writable;                   /* the only path below the folder that may be written to; NULL: all */
};

enum { CONFINED_TOO_LONG = -1, CONFINED_SIGNAL = 256 };

/*
 * Runs a program in `folder`, the only one it may write to; its output, cut at the file size, goes to a new file
 * `output`. Yields the exit status, CONFINED_SIGNAL + the signal that ended it, or CONFINED_TOO_LONG. What it started
 * is ended. IO if it cannot be started.
 */
struct error confined_run(const struct isolation *isolation, const struct limits *limits, const char *folder,
                          const char *output, char *const argv[], int *status);

/*
 * Gives a folder and all in it to the user of the isolation. BAD_ARGUMENT, with the fix, if that user cannot get to it
 * because a folder above it lets only its owner in.
 */
struct error confined_own(const struct isolation *isolation, const char *folder);

/*
 * Takes the folder back, but for the path `writable` below it: what runs from now on can read all, and change nothing
 * else. Where the grader is not root this rests on the namespaces alone (limits.writable). O(files).
 */
struct error confined_keep(const struct isolation *isolation, const char *folder, const char *writable);
