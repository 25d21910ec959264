#include "record/recovery.h"

enum {
        REST = 4,                               /* so many times as many events as the last keyframe had come before the next */
        PATIENCE = 20000,                       /* events: the command was lost, or all of the keyframe */
};

void recovery_see(struct recovery *recovery, const struct event *event)
{
        recovery->newest = event->number;
        if (event->missing || event->gap_elsewhere) {
                recovery->is_unknown = true;
                recovery->is_whole = false;
        }
        if (event->type == EVENT_keyframe_begin) {
                recovery->is_whole = true;
                recovery->began_at = event->number;
        }
        if (event->type == EVENT_keyframe_end && recovery->began_at) {
                if (recovery->is_whole)
                        recovery->is_unknown = false;
                recovery->ended_at = event->number;
                recovery->asked_at = 0;
        }
}

bool recovery_is_due(const struct recovery *recovery)
{
        const uint64_t length = recovery->ended_at > recovery->began_at ? recovery->ended_at - recovery->began_at : 0;

        if (recovery->asked_at)
                return recovery->newest - recovery->asked_at >= PATIENCE;
        return recovery->is_unknown && recovery->newest - recovery->ended_at >= REST * length;
}

void recovery_asked(struct recovery *recovery)
{
        recovery->asked_at = recovery->newest;
}
