/*
 * The list of what is in the initial ramdisk: its file "index" has a line for each file; a program's says what it does.
 */
#pragma once

#include "user/lib/user.h"


/* Calls `visit` for each line, in order. Says so if there is no index. */
void index_visit(void (*visit)(const char *line, size_t name_length, void *context), void *context);
