/*
 * What the text of a capture is taken apart with: import_line.c finds the call on a line, import_arguments.c its
 * arguments. No other file includes this.
 */
#pragma once

#include "import/import_line.h"

#include <ctype.h>
#include <string.h>

/* Behind a call whose rest is on another line. */
static const char import_unfinished[] = "<unfinished ...>";

static inline const char *skip_spaces(const char *at)
{
        while (isspace((unsigned char)*at))
                at++;
        return at;
}

static inline bool begins_with(const char *text, const char *beginning)
{
        return !strncmp(text, beginning, strlen(beginning));
}

/* Copies a name, cut to its room, and yields what is behind it. */
static inline const char *copy_name(char name[CALL_NAME_SIZE], const char *at)
{
        size_t length = 0;

        for (; isalnum((unsigned char)*at) || *at == '_' || *at == '?'; at++)
                if (length < CALL_NAME_SIZE - 1)
                        name[length++] = *at;
        name[length] = 0;
        return at;
}
