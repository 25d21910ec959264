/* Must not compile: 'frames' requires holding spinlock 'frames_lock' */
#include "mm/frames.c"

size_t count_free_frames(void);
size_t count_free_frames(void)
{
        return frames.free_count;
}
