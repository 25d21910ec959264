/* Protections and accesses. */
#pragma once

#include "lib/vocabulary/enumerator.h"

/* What may be done with the pages of a region; combined by or. Written "rwx", with "-" for what is missing. */
enum protection { PROTECT_NONE = 0, PROTECT_READ = 1, PROTECT_WRITE = 2, PROTECT_EXECUTE = 4 };

/* The access that caused a page fault. */
#define ACCESSES(X)                                                                                                 \
        X(ACCESS_READ, read, "read")                                                                                \
        X(ACCESS_WRITE, write, "write")                                                                             \
        X(ACCESS_EXECUTE, execute, "execute")

enum access { ACCESSES(ENUMERATOR) };
