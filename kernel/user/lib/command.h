/*
 * What a line means to the shell: pipelines, one after the other.
 *
 *      maps | find stack; churn & echo "a | b"         "maps" into "find stack", "churn" in the background, "echo"
 *
 * Between quotes | & ; and # mean themselves. From # at the beginning of a word on, the line is a comment.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

enum { COMMANDS_MOST = 8 };

/* A program's name, and the rest of its words as they stand, quotes included: what main() gets. */
struct command {
        const char *name, *argument;
};

struct pipeline {
        struct command command[COMMANDS_MOST];
        size_t count;
        bool in_background;
};

/*
 * Takes the next pipeline from a line, which is cut up: the texts lie in it. False at its end, or if the line makes no
 * sense; then `problem` says why, and is NULL otherwise.
 */
[[nodiscard]] bool pipeline_next(char **line, struct pipeline *out, const char **problem);
