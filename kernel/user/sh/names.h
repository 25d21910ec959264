/*
 * Names in a row: of programs, of files, of what a word that was begun could be. They are put together here and written
 * at once, so that what others write does not stand between them.
 */
#pragma once

#include "user/lib/words.h"

enum { NAMES_SIZE = 2 * WORDS_TEXT_SIZE };      /* the longest name that a command may have, and those there are */
enum { LINE_COLUMNS = 79 };                     /* a terminal of 80 columns breaks none of these lines */

struct names {
        char text[NAMES_SIZE];
        size_t length;
};

/* Adds a name. One that no longer fits in the line begins the next, so that no terminal breaks it in two. */
void add_name(struct names *names, const char *name, size_t length);

/* Writes them, and ends the line. */
void print_names(struct names *names);
