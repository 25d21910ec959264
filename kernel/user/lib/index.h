/*
 * What there is in the initial ramdisk: its file "index" says so, a line each, a program's with a sentence about it.
 */
#pragma once

#include "user/lib/user.h"


/* Calls `visit` for each line, in order. Says so if there is no index. */
void index_visit(void (*visit)(const char *line, size_t name_length, void *context), void *context);
