/*
 * The picture of the locks in a recording: which processor holds and waits for which lock at a moment (what textbooks
 * call a resource-allocation graph), and beside it the order in which classes of locks were taken. A cycle and the
 * first violation are red.
 *
 *      cpu 0 <---- kmalloc                     test
 *        :            ^                          |
 *        : waits      : waits                    v
 *        v            :                      test_inner
 *      frames ----> cpu 1
 */
#pragma once

#include "analysis/locks.h"
#include "draw/render.h"

#include <stdio.h>

/* Errors of render(), with a message; Graphviz's `dot` lays the graphs out, whatever the format. */
struct error locks_write_picture(const struct locks *locks, const char *name, enum format format,
                                 enum theme_choice theme, const char *path, struct picture_size *size);
/* The same in words. Errors of the file are left for the caller to find with ferror(). */
void locks_write_words(const struct locks *locks, const char *name, FILE *file);

enum { LOCKS_WORDS_SIZE = 512 };

/* "event 1,204: the first at which processors wait in a cycle" */
void locks_moment_words(const struct locks *locks, char words[LOCKS_WORDS_SIZE]);
/* "cpu 0 waits for kmalloc, which cpu 1 holds; cpu 1 waits for frames, which cpu 0 holds". Empty: no cycle. */
void locks_cycle_words(const struct locks *locks, char words[LOCKS_WORDS_SIZE]);
/* "event 205, cpu 0: a test lock is wanted while a test_inner lock is held". Empty if there is no violation. */
void locks_violation_words(const struct locks *locks, char words[LOCKS_WORDS_SIZE]);
