/*
 * Texts and the room they take, so that a layout can keep them apart without asking a renderer.
 *
 * Widths are those of the DejaVu fonts for ASCII and a generous guess for everything else.
 */
#pragma once

#include "draw/style.h"

#include <stddef.h>

/* In pixels. */
double text_width(const char *text, enum text_kind kind);

/* Copies as much of `text` as fits into `width` pixels and `size` bytes, with an ellipsis if it is cut. */
void text_fit(char *out, size_t size, const char *text, enum text_kind kind, double width);

/*
 * Where a line of text that is `width` pixels wide must end: at the last blank that lets it fit, at the end of the text,
 * or, if no blank comes early enough, after as many characters as fit, but at least one. An arrow stays with what it
 * points to.
 */
const char *text_break(const char *text, enum text_kind kind, double width);

/*
 * Likewise for a list whose items are joined by " · ": a line ends before the last " · " that lets it fit, or, if there
 * is none, as above. The next line begins at `*next`.
 */
const char *text_break_list(const char *text, enum text_kind kind, double width, const char **next);

/* Copies a name from a trace; what must not reach a picture (controls, broken UTF-8, reversals) is replaced. */
void text_copy_name(char *out, size_t size, const char *name);

/* Adds a text at the end of what `out` holds already, as far as there is room. A tenth of the time of text_append(). */
void text_add(char *out, size_t size, const char *text);

/* Like snprintf, at the end of what `out` holds already. */
[[gnu::format(printf, 3, 4)]] void text_append(char *out, size_t size, const char *format, ...);
