/*
 * A picture in words, for a terminal, a screen reader or a test: the search path in order, with what was decided at each
 * node and why, which subtrees were skipped and how large they are, the address space from end to end, and the result.
 * What is a triangle in the picture is one line here.
 *
 * The text is the same on a terminal and in a pipe: UTF-8, no colours, lines of any length.
 */
#pragma once

#include "layout/layout.h"

#include <stdio.h>

/* Errors of the file are left for the caller to find with ferror(). */
void words_write(FILE *file, const struct layout *layout);
