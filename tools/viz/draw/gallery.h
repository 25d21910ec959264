/*
 * Several pictures on one sheet, in rows from left to right, beneath a title and lines of text: the frames of a film,
 * the two sides of a comparison. The gallery is a picture itself, so render() makes files of it.
 *
 *      struct gallery *gallery;
 *
 *      TRY(gallery_create(&gallery, &(struct gallery_request){ .title = "film", .columns = 2, ... }));
 *      TRY(render(gallery_picture(gallery), FORMAT_SVG, THEME_BOTH, "film.svg"));
 *      gallery_free(gallery);
 */
#pragma once

#include "draw/picture.h"

#include "lib/error.h"

#include <stddef.h>

struct gallery;

/* A sentence above the pictures, broken into lines where it is too long. */
struct gallery_sentence {
        enum text_kind kind;
        const char *text;
};

/* All of it belongs to the caller, who keeps it while the gallery is in use. */
struct gallery_request {
        const char *title, *description;
        size_t columns;
        size_t sentences;
        const struct gallery_sentence *sentence;
        size_t pictures;
        const struct picture *picture;          /* the smallest of their scales becomes that of the gallery */
};

/* NO_MEMORY with an error message. O(pictures * columns^2). */
struct error gallery_create(struct gallery **out, const struct gallery_request *request);
void gallery_free(struct gallery *gallery);

/* Belongs to the gallery. */
const struct picture *gallery_picture(const struct gallery *gallery);
