/*
 * Lines of a file, one by one. What is typed ends at Ctrl-D.
 *
 *      struct line_reader reader = { .file = FILE_INPUT };
 *      char line[256];
 *
 *      while (line_next(&reader, line, sizeof line))
 *              printf("%s\n", line);
 *      if (reader.error.code)
 *              return print_error("reading", reader.error);
 */
#pragma once

#include "lib/error.h"

#include <stddef.h>

struct line_reader {
        unsigned file;
        struct error error;                     /* what ended it, if not the end of the file */
        size_t next, end;                       /* of the bytes that were read and not given out */
        bool at_end;
        char bytes[512];
};

/* A line without its end, cut to fit. False if there is none. */
[[nodiscard]] bool line_next(struct line_reader *reader, char *line, size_t size);

/* Opens the file of a name, FILE_INPUT if the name is empty; says so if there is none. */
[[nodiscard]] bool line_reader_open(struct line_reader *reader, const char *name);
