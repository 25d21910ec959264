/*
 * The holes of an address space side by side, like the houses of a town seen from the sea, and what a search for one of
 * them looked at:
 *
 *                    _                        each gap between two regions is a bar of its size, in address order;
 *      ---- _ ---- _ | ---- request           the request is a line: a hole fits if it reaches it
 *       _  | |    | || |  _
 *      |_|_|_|_|_|_||_||_|_|
 *
 * Two ways to look are compared over the same holes. A linear walk goes from hole to hole until one fits; that is
 * computed here, from the addresses of the regions alone, and so it is a second opinion on what the kernel chose. The
 * search is the kernel's own, as recorded: which nodes it visited, and which subtrees a comparison dismissed. In an
 * early kernel, whose tree keeps no gaps, the search is a linear walk too, and nothing is dismissed.
 */
#pragma once

#include "draw/picture.h"
#include "draw/units.h"
#include "moment/shown_operation.h"
#include "moment/why.h"

#include "lib/error.h"

enum { SKYLINE_TITLE_SIZE = 512 };

enum gap_fate {
        GAP_UNSEEN,    /* the search ended before it */
        GAP_DISMISSED, /* with its whole subtree, by one comparison */
        GAP_PASSED,    /* the search went past its node, and did not look at the gap */
        GAP_REFUSED,   /* looked at, and it does not fit */
        GAP_FITS,      /* looked at, and another was taken */
        GAP_TAKEN,
};

/* The gap below a region; the last one is the tail gap. It may be empty. */
struct skyline_gap {
        struct vrange range;
        uint64_t pages;
        const struct model_region *above; /* NULL: the tail gap. Belongs to the model */
        enum gap_fate fate;
        char number[32];    /* when the search came here: "1, 4" */
        size_t dismissal;   /* index, if it is GAP_DISMISSED */
        bool is_walked;     /* the linear walk looks at it */
        enum decision walk; /* what the linear walk decides: TOO_SMALL, ..., FITS, TAKEN */
};

/* A subtree that a comparison left out: gaps `first` to `last`. */
struct skyline_dismissal {
        size_t first, last;
        size_t step;          /* of the search, counted from 1 */
        size_t holes;         /* of those, not empty and never visited */
        uint64_t largest;     /* pages */
        size_t visit;         /* counted from 1 */
        char words[WHY_SIZE]; /* "max 2 < 4" */
};

/* What the search decided at each of its visits, in order. Consecutive decisions at one node are one visit. */
struct skyline_visit {
        size_t gap;             /* index; NOWHERE_IN_SKYLINE for a region that was removed later */
        char decided[WHY_SIZE]; /* "gap 2 < 4"; or where it went on: "goes left" */
};

/* A step of the search, one for each visit that the model has: the fate of its gap so far. */
struct skyline_step {
        size_t gap;           /* index; or NOWHERE_IN_SKYLINE */
        size_t visit;         /* index */
        enum gap_fate fate;
};

#define NOWHERE_IN_SKYLINE SIZE_MAX

struct skyline {
        enum units units;
        char title[SKYLINE_TITLE_SIZE], subtitle[SKYLINE_TITLE_SIZE], summary[SKYLINE_TITLE_SIZE],
                alert[SKYLINE_TITLE_SIZE], description[3 * SKYLINE_TITLE_SIZE];
        char counts[SKYLINE_TITLE_SIZE];  /* the part of the subtitle that says how many holes there are */
        bool has_request;
        bool has_walk;                    /* a linear walk has an answer: not for a random place */
        bool keeps_gaps;                  /* the tree has what a search needs to dismiss subtrees */
        uint64_t need;                    /* pages, guards included */
        struct model_operation operation; /* what is asked for; its visits belong to the model */
        size_t gaps, holes;               /* holes: gaps that are not empty */
        struct skyline_gap *gap;          /* in address order */
        uint64_t largest;                 /* pages */
        size_t visits, steps;
        struct skyline_visit *visit;
        struct skyline_step *step;
        size_t dismissals;
        struct skyline_dismissal *dismissal;
        size_t dismissed;       /* holes */
        size_t walked;          /* gaps that the linear walk looks at */
        bool is_wrong;          /* the two do not agree, of which `alert` has the words */
        size_t expected, taken; /* what the walk, and what the search takes; or NOWHERE_IN_SKYLINE */
};

struct skyline_request {
        const struct model_tree *tree;       /* as it was when the search was made */
        const struct shown_operation *shown; /* a search for a hole, or NULL: the holes alone */
        const char *space;                   /* its name */
        uint64_t event;
        const char *note; /* a sentence of warning, or NULL */
};

/* It refers to the tree's regions. NO_MEMORY with a complaint. O(regions * log regions + dismissals * regions). */
struct error skyline_make(struct skyline **out, const struct skyline_request *request);
void skyline_free(struct skyline *skyline);

/*
 * What the end of the search adds to a skyline that was made before it was told: whether search and walk agree, and
 * `alert`. skyline_make() does so itself if the search that it is given is over.
 */
void skyline_conclude(struct skyline *skyline, const struct shown_operation *shown);

/*
 * The lowest bases aligned as asked that lie in a gap, `from` or higher; false if there is none. The region and its
 * guards need not fit there.
 */
bool skyline_slot(const struct skyline *skyline, const struct skyline_gap *gap, uint64_t from, uint64_t *base);

/* "At node 3 one comparison dismissed 7 holes: max 2 < 4." */
void skyline_dismissal_sentence(char *out, size_t size, const struct skyline_dismissal *dismissal);

/* It refers to the skyline. NO_MEMORY with a complaint; the caller ends it with skyline_picture_clear(). */
struct error skyline_picture(struct picture *out, const struct skyline *skyline);
void skyline_picture_clear(struct picture *picture);

/*
 * In words, for a terminal, a screen reader or a test: the holes (runs of holes that share a fate as one line), what
 * either way looked at, the result. Errors of the file are left for the caller to find with ferror().
 */
void skyline_write_words(FILE *file, const struct skyline *skyline);
