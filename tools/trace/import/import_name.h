/*
 * Names for the mappings of a program, for pictures of its space: "heap", "lib3.text", "stack2".
 */
#pragma once

#include "import/import_arguments.h"
#include "import/import_space.h"

/* How many mappings of each kind have a name so far. All zero at first. */
struct import_names {
        unsigned libraries, files, anonymous, reservations, stacks, images, loaders, others;
};

/*
 * Fills in the name of a mapping that an mmap makes. `under` is what lay there before, or NULL: a segment of a
 * library is mapped over a part of it and keeps its name.
 */
void import_name(struct mapping *new, const struct strace_call *call, const struct mapping *under,
                 struct import_names *names);

/* The name "KIND", or "KIND2", "KIND3" ... the next times. */
void import_name_numbered(struct mapping *new, const char *kind, unsigned *so_far);
