/*
 * When a kernel that runs is asked for a keyframe: when events went missing, since only a keyframe shows what they have
 * changed. A stream that loses much must not drown in keyframes: the next one is asked for when the last one has come,
 * and so many events behind it that keyframes are a fifth of the stream at most.
 *
 *      struct recovery recovery = { 0 };
 *
 *      while (reader_next(reader, &event)) {
 *              recovery_see(&recovery, &event);
 *              if (recovery_is_due(&recovery) && ... the kernel could be asked ...)
 *                      recovery_asked(&recovery);
 *      }
 */
#pragma once

#include "stream/event.h"

struct recovery {
        bool is_unknown;                        /* events are missing, and no whole keyframe has come since */
        bool is_whole;                          /* none are since the newest keyframe began */
        uint64_t asked_at;                      /* the newest event when one was asked for that has not come; 0: none was */
        uint64_t began_at, ended_at;            /* the newest keyframe; 0: none has come */
        uint64_t newest;                        /* event */
};

void recovery_see(struct recovery *recovery, const struct event *event);
bool recovery_is_due(const struct recovery *recovery);
void recovery_asked(struct recovery *recovery);
