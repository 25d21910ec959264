/*
 * Frames: physical memory in pages of 4,096 bytes. Of each it is known how many share it; the lowest free one is given
 * first. Frames are named by their physical address and reached through the direct map. Every frame given or taken back
 * is traced. Each owner of a frame that is shared gives it back as if it were the only one.
 */
#pragma once

#include "lib/error.h"
#include "lib/vocabulary/purpose.h"
#include "lib/vrange.h"

#include <stddef.h>

/*
 * Learns which frames there are: those of `count` ranges of physical memory. Never given are those below the end of the kernel's image, those of the initial
 * ramdisk, and those beyond the direct map. BAD_INPUT if there is no room for what is known about each.
 */
struct error frames_init(const struct vrange *memory, size_t count, struct vrange initrd);

/* A frame, zeroed. NO_MEMORY if none is free. */
struct error frame_allocate(enum purpose purpose, uintptr_t *out);

/* One more owner has this frame. */
void frame_share(uintptr_t frame);

/* How many owners an address has: 0 if its frame is free or it names none. Frames that are never given have one. */
unsigned frame_shares(uintptr_t frame);

/* Gives a frame back: it is free when its last owner has. A panic if nobody has it. */
void frame_free(uintptr_t frame);

/* How many there are to give at all, and how many are free now. */
size_t frames_total(void);
size_t frames_free_count(void);
