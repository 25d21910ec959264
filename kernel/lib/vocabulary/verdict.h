/* How a test, or a run, came out. */
#pragma once

#define VERDICTS(X)                                                                                                 \
        X(PASSED, passed, "everything was as expected")                                                             \
        X(FAILED, failed, "something was not")                                                                      \
        X(SKIPPED, skipped, "not applicable here")                                                                  \
        X(TIMED_OUT, timed_out, "it did not end within its time")                                                   \
        X(CUT, cut, "not known: the recording was cut, and the run went on (regiontrace cut)")

#define VERDICT_ENUMERATOR(symbol, name, meaning) VERDICT_##symbol,
enum verdict { VERDICTS(VERDICT_ENUMERATOR) };
