/*
 * Frames: physical memory in pages of 4,096 bytes.
 *
 * Each frame has a count of its owners; it is free when the count is 0. An owner of a shared frame gives it back as if
 * it were the only one. Of the free frames the lowest one is allocated first. Frames are named by their physical
 * address and reached through the direct map. Every frame that is allocated or becomes free is traced.
 *
 * A set of bits (lib/bitmap.h) says which frames are free, beside an array with the owners of the others. One lock
 * guards both; every call takes it and holds it for O(1).
 */
#pragma once

#include "lib/error.h"
#include "lib/vocabulary/purpose.h"
#include "lib/vrange.h"

#include <stdbool.h>
#include <stddef.h>

/*
 * Finds out which frames there are, in `count` ranges of physical memory. Reserved, and never allocated, are those below
 * the end of the kernel's image, those of the initial ramdisk, and those beyond the direct map. BAD_INPUT if there is no
 * room for the array.
 * O(frames / 64 + reserved frames): what free frames need is set up when they are allocated.
 */
struct error frames_init(const struct vrange *memory, size_t count, struct vrange initrd);

/* Allocates the lowest free frame, with one owner, and fills it with zeros. NO_MEMORY if none is free. */
struct error frame_allocate(enum purpose purpose, uintptr_t *out);

/*
 * What frame_allocate() calls, without its lock, when no frame is free: true if it may have given some back, so that
 * it is worth trying again. Set once; the lock of frames is not held.
 */
void frames_set_reclaim(bool (*reclaim)(void));

/* Adds an owner to a frame that has one. */
void frame_share(uintptr_t frame);

/* How many owners the frame at an address has: 0 if it is free or there is no such frame. Reserved ones have one. */
unsigned frame_shares(uintptr_t frame);

/* Takes an owner from a frame, which is free after its last one. A panic if it has none. */
void frame_free(uintptr_t frame);

/*
 * A number that belongs to a frame, 0 when the frame is allocated, for whatever its owner wants to note. The owner
 * guards it by a lock of its own. O(1), takes no lock.
 */
uint32_t *frame_note(uintptr_t frame);

/* How many frames there are that are not reserved, and how many of them are free now. */
size_t frames_total(void);
size_t frames_free_count(void);
