/* How a test, or a run, came out. */
#pragma once

#include "lib/vocabulary/enumerator.h"

#define VERDICTS(X)                                                                                                 \
        X(VERDICT_PASSED, passed, "everything was as expected")                                                     \
        X(VERDICT_FAILED, failed, "something was not")                                                              \
        X(VERDICT_SKIPPED, skipped, "not applicable here")                                                          \
        X(VERDICT_TIMED_OUT, timed_out, "it did not end within its time")                                           \
        X(VERDICT_CUT, cut, "not known: the recording was cut, and the run went on (regiontrace cut)")

enum verdict { VERDICTS(ENUMERATOR) };
