/*
 * The alterations of a recording that the check need not find, because what is altered contradicts nothing else in the
 * stream. Each has its reason, in support_alterations.c. docs/regiontrace.md shows the list.
 */
#pragma once

#include "stream/event_table.h"

enum alteration_kind { FIELD_CHANGED, LEFT_OUT, DOUBLED, MOVED };

struct alteration {
        enum alteration_kind kind;
        size_t field;                           /* that is changed: index in this build's event */
};

/* What made the recording: one of the labs' early kernels says less, and promises less. */
enum kernel { THIS_KERNEL, EARLY_KERNEL };

/* The reason why this alteration of an event of the type need not be found; NULL if it must be. */
const char *alteration_is_harmless(enum trace_event type, struct alteration what, enum kernel kernel);
