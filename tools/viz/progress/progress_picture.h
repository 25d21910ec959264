/*
 * A progress graph as a picture.
 */
#pragma once

#include "draw/picture.h"
#include "progress/progress.h"

struct progress_picture;

/* `progress` belongs to the caller, who keeps it while the picture is in use. NO_MEMORY with a message. */
struct error progress_picture_create(struct progress_picture **out, const struct progress *progress);
void progress_picture_free(struct progress_picture *drawing);

/* Belongs to the drawing. */
const struct picture *progress_picture_of(const struct progress_picture *drawing);
