/* What address spaces are asked to do, and how their page faults end. */
#pragma once

#include "lib/vocabulary/enumerator.h"

/* What an address space was asked to do. */
#define SPACE_OPERATIONS(X)                                                                                         \
        X(MAP, map, "create a region")                                                                              \
        X(UNMAP, unmap, "unmap everything in a range")                                                              \
        X(PROTECT, protect, "change the protection of a range")                                                     \
        X(SPACE_FIND, find, "find the region at an address")                                                        \
        X(SPACE_RESIZE, resize, "move the end of a region")                                                         \
        X(CLONE, clone, "receive a copy of every region of another space")                                          \
        X(DISCARD, discard, "free the frames of a range, and keep its regions")                                     \
        X(GROW, grow, "move the lower end of a stack down, after an access to its guard")

/* How a page fault was handled. */
#define FAULT_VERDICTS(X)                                                                                           \
        X(FAULT_FILLED, filled, "the region allows it: a fresh frame was mapped")                                   \
        X(FAULT_SHARED, shared, "the region allows it: the frame that other spaces use was mapped")                 \
        X(FAULT_COPIED, copied, "written to for the first time since a fork: a copy of the frame was mapped")       \
        X(FAULT_SOLE, sole, "written to, and no other space uses the frame any more: it was made writable")         \
        X(FAULT_DONE, done, "another thread's fault has mapped the page already")                                   \
        X(FAULT_NOT_MAPPED, not_mapped, "no region has the address")                                                \
        X(FAULT_GUARD, guard, "the address is in a region's guard")                                                 \
        X(FAULT_NOT_ALLOWED, not_allowed, "the region does not allow it")                                           \
        X(FAULT_NO_MEMORY, no_memory, "no frame is free")

enum space_operation { SPACE_OPERATIONS(ENUMERATOR) };
enum fault_verdict { FAULT_VERDICTS(ENUMERATOR) };
