/*
 * Editing a line on a terminal, key by key: the line is shown through console_write() as it changes.
 *
 *      left, right, Ctrl-B, Ctrl-F     a character        up, down, Ctrl-P, Ctrl-N     the lines entered before
 *      Home, End, Ctrl-A, Ctrl-E       to either end      Backspace, Delete            a character
 *      Ctrl-U, Ctrl-K                  delete to the beginning, to the end
 *
 *      line_begin(&editor, "$ ");
 *      while ((key = line_take(&editor, next_byte())) == LINE_GOES_ON)
 *              ;
 *      if (key == LINE_ENTERED)
 *              carry_out(editor.text);
 *
 * A line that is longer than a terminal of 60 columns has room for is shown in part, around the cursor. Where one more
 * character has no room the bell rings.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

enum { LINE_SIZE = 256, LINES_KEPT = 32, LINE_SHOWN = 56 };

enum line_key {
        LINE_GOES_ON,
        LINE_ENTERED,                           /* and kept for later */
        LINE_DROPPED,                           /* by Ctrl-C: the text is empty now */
        LINE_ENDED,                             /* by Ctrl-D, where there was no text */
        LINE_WANTS_MORE,                        /* Tab: the caller may line_insert() something */
};

struct line_editor {
        const char *prompt;
        char text[LINE_SIZE];
        size_t length, cursor;

        char kept[LINES_KEPT][LINE_SIZE];       /* a ring: line number n is at n % LINES_KEPT */
        size_t kept_count;                      /* so far; the newest is number kept_count - 1 */
        size_t shown;                           /* which of them is being looked at; kept_count: the new one */
        char new_text[LINE_SIZE];               /* what the new one was when the user went to look at others */

        char escape;                            /* how far into a terminal's escape sequence we are */
};

/* Shows the prompt and an empty line. */
void line_begin(struct line_editor *editor, const char *prompt);

enum line_key line_take(struct line_editor *editor, char byte);

/* Puts a text where the cursor is; what has no room is left out. */
void line_insert(struct line_editor *editor, const char *text);

/* Shows prompt and line again, as after another program has written to the terminal. */
void line_show(const struct line_editor *editor);
