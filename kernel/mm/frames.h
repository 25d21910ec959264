/*
 * Frames: physical memory in pages of 4,096 bytes.
 *
 * Each frame has a count of its owners; it is free when the count is 0. An owner of a shared frame gives it back as if
 * it were the only one. Frames are named by their physical address and reached through the direct map. Every frame that
 * is allocated or becomes free is traced.
 *
 * An array has an entry for each frame. The entry of an allocated frame holds the count of its owners. The entries of
 * the free frames form a list, which is linked by their numbers:
 *
 *      first free      entry:   0  1  2   3   4   5   6
 *          3           owners:  1  1  1   0   2   0   0
 *                      next:              6      none  5          free: 3, 6, 5
 *
 * The frame that was freed last is allocated first. At first the list is in the order of the addresses. One lock guards
 * the array and the list; every call but frames_init() takes it and holds it for O(1).
 */
#pragma once

#include "lib/error.h"
#include "lib/vocabulary/purpose.h"
#include "lib/vrange.h"

/*
 * Finds out which frames there are, in `count` ranges of physical memory. Reserved, and never allocated, are those
 * below the end of the kernel's image, those of the initial ramdisk, and those beyond the direct map. BAD_INPUT if
 * there is no room for the array. O(frames). To be called once, while one processor runs.
 */
struct error frames_init(const struct vrange *memory, size_t count, struct vrange initrd);

/* Allocates the first free frame, with one owner, and fills it with zeros. NO_MEMORY if none is free. */
struct error frame_allocate(enum purpose purpose, uintptr_t *out);

/*
 * What frame_allocate() calls, with its lock not held, when no frame is free; set once. True if it may have given some
 * back, so that it is worth trying again.
 */
extern bool (*frames_reclaim)(void);

/* For tests: asked at each frame_allocate() whether it is to fail (test/fault_injection.h). NULL: it is not. */
extern bool (*frame_request_hook)(void);

/* Adds an owner to a frame that has one. */
void frame_share(uintptr_t frame);

/* How many owners the frame at an address has: 0 if it is free or there is no such frame. Reserved ones have one. */
unsigned frame_shares(uintptr_t frame);

/* Takes an owner from a frame, which is free after its last one. A panic if it has none. */
void frame_free(uintptr_t frame);

/* How many frames there are that are not reserved, and how many of them are free now. */
size_t frames_total(void);
size_t frames_free_count(void);
