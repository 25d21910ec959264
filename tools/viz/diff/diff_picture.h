/*
 * A comparison as a picture (both trees with their bars, what differs in dashed frames) and in words.
 */
#pragma once

#include "diff/sides.h"
#include "draw/render.h"
#include "layout/layout.h"

#include <stdio.h>

struct diff_picture;

/* Side by side for a screen; one above the other for a page, and as posters. NO_MEMORY or BAD_ARGUMENT with a message. */
struct error diff_picture_create(struct diff_picture **out, const struct sides *sides, enum fit fit);
void diff_picture_free(struct diff_picture *diff);

/* Belongs to the comparison. */
const struct picture *diff_picture_of(const struct diff_picture *diff);
const struct comparison *diff_picture_comparison(const struct diff_picture *diff);

/* The same in words. Errors of the file are left for the caller to find with ferror(). */
void diff_picture_write_words(const struct diff_picture *diff, FILE *file);
