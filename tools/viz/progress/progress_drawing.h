/*
 * What progress_picture.c and progress_key.c share: the picture in the making.
 */
#pragma once

#include "progress/progress_picture.h"

/* Pixels, but for LOCKS_MOST and NOTE_SIZE. */
enum {
        MARGIN = 48, TITLE_MIDDLE = 36, LINE = 22, BELOW_TEXT = 16,
        SIDE = 560,                             /* of the square in which the path runs */
        ROW = 16, BAR = 10,                     /* beside an axis, a row for each lock */
        LOCKS_MOST = 8,
        BESIDE_PLOT = 36, KEY_WIDTH = 400, KEY_LINE = 20,
        NAME_ROOM = 26, NOTE_SIZE = 18,
        LABEL_LEAST = 18,                       /* pixels that a rectangle must be high for its label */
};

struct progress_picture {
        const struct progress *progress;
        struct picture picture;
        struct progress_note note[PROGRESS_NOTES_MOST];
        size_t notes;
        size_t locks;                           /* that both take in this part, each with a row beside either axis */
        struct {
                uint64_t address;
                const char *name;
        } lock[LOCKS_MOST];
        bool has_race, has_windows, has_more_locks;
        double unit[2];                         /* pixels of a step of each axis */
        double left, top;                       /* of the square */
        char title[192], subtitle[256];
        char *description;
};

/* What the numbers, the colours and the rows mean, to the right of the square. */
void progress_draw_key(const struct progress_picture *drawing, struct sheet *sheet);
