/* What address spaces are asked to do, and how their page faults end. */
#pragma once

#include "lib/vocabulary/enumerator.h"

/* What an address space was asked to do. */
#define SPACE_OPERATIONS(X)                                                                                         \
        X(MAP, map, "make a region")                                                                                \
        X(UNMAP, unmap, "make a range free, whatever is there")                                                     \
        X(PROTECT, protect, "change what may be done with a range")                                                 \
        X(SPACE_FIND, find, "find the region at an address")                                                        \
        X(SPACE_RESIZE, resize, "move the end of a region")                                                         \
        X(CLONE, clone, "receive a copy of every region of another space")                                          \
        X(DISCARD, discard, "give back the pages of a range, and keep its regions")                                 \
        X(GROW, grow, "move the lower end of a stack down, because its guard was touched")

/* What became of a page fault. */
#define FAULT_VERDICTS(X)                                                                                           \
        X(FAULT_FILLED, filled, "the region allows it: a fresh frame was mapped")                                   \
        X(FAULT_SHARED, shared, "the region allows it: the frame that others see there too was mapped")             \
        X(FAULT_COPIED, copied, "written to for the first time since a fork: a copy of the frame was mapped")       \
        X(FAULT_SOLE, sole, "written to, and no other space has the frame any more: it may be written again")       \
        X(FAULT_DONE, done, "another thread's fault has done it already")                                           \
        X(FAULT_NOT_MAPPED, not_mapped, "no region is there")                                                       \
        X(FAULT_GUARD, guard, "it is a region's guard")                                                             \
        X(FAULT_NOT_ALLOWED, not_allowed, "the region does not allow it")                                           \
        X(FAULT_NO_MEMORY, no_memory, "no frame is free")

enum space_operation { SPACE_OPERATIONS(ENUMERATOR) };
enum fault_verdict { FAULT_VERDICTS(ENUMERATOR) };
