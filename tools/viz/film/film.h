/*
 * One operation on a tree as a film: a numbered frame for what it was before, for each node visited, each node linked,
 * unlinked or recoloured, each rotation (the tree before it and after it), and for what it became.
 *
 *      TRY(film_make(&film, "run.rtrace", tree, 57));
 *      TRY(film_render(film, FORMAT_SVG, THEME_BOTH, "film.svg", &size));
 *      film_free(film);
 */
#pragma once

#include "draw/render.h"
#include "layout/layout.h"

#include <stdio.h>

enum { FILM_CAPTION_SIZE = 256, FILM_FRAMES_MAX = 200 };

struct film_frame {
        char caption[FILM_CAPTION_SIZE];        /* "3. visits 33000 mmap 7: gap 5 ≥ 4: taken" */
        uint64_t event;                         /* the newest that the frame shows */
        char *words;                            /* the part of the tree that changed, indented; NULL: nothing did */
        struct layout *layout;
        struct layout *levels;                  /* the same as a 2-3-4 tree, if it was asked for; else NULL */
        char meaning[FILM_CAPTION_SIZE + 32];   /* what the change means in that, as its title; else empty */
};

struct film {
        char title[LAYOUT_TITLE_SIZE];          /* "teaching.ops · place_anywhere(buffer, 2 pages) → 50000" */
        size_t frames;
        struct film_frame *frame;
        enum levels levels;
        bool is_cut;                            /* there would have been more frames than FILM_FRAMES_MAX */
};

/*
 * Tree `tree` must have this operation. With LEVELS_BY_BLACK each frame has the 2-3-4 tree beside it. IO, BAD_INPUT,
 * NO_MEMORY or NOT_FOUND, with a message. Reads the file twice.
 */
struct error film_make(struct film **out, const char *path, uint64_t tree, uint64_t operation, enum levels levels);
void film_free(struct film *film);

/*
 * A contact sheet: all frames, in rows of two; with levels, a row for each. `size` is that of the sheet. Errors of render(),
 * with a message.
 */
struct error film_render(const struct film *film, enum format format, enum theme_choice theme, const char *path,
                         struct picture_size *size);
/* The same in words. Errors of the file are left for the caller to find with ferror(). */
void film_write_words(const struct film *film, FILE *file);
