/*
 * The TLB: translations that a processor has cached, and how they are removed on all processors: a TLB shootdown.
 *
 * A processor caches the page table entries that it has used. After an entry was removed, or allows less than before,
 * tlb_flush() interrupts every processor that may have cached it: those that have this table in use, or all if it is
 * the kernel's table. Only when it returns may the frame of that entry be used for something else.
 *
 *      the sender                                      each receiver
 *      changes the table
 *      writes the request, sends interrupts    ->      in ring 3, idle, or waiting in a loop: flushes the range,
 *      waits until all bits are clear          <-              and clears its bit of the request
 *
 * No processor takes interrupts while it is in the kernel; so every loop that waits there calls tlb_serve().
 * One shootdown at a time, under a lock of its own, which may be taken with any lock held but those of the watched
 * spaces and of the console.
 */
#pragma once

#include "lib/vrange.h"

struct page_table;

/*
 * Flushes all translations of the range under this table from the TLB of every processor. Returns how many other
 * processors were interrupted. Traced. O(pages of the range) on each processor, up to a bound beyond which all of its
 * TLB is flushed; and the wait for the slowest one.
 */
unsigned tlb_flush(const struct page_table *table, struct vrange range);

/*
 * Carries out the request that waits for this processor, if there is one. Costs what tlb_flush() does, without the
 * wait.
 */
void tlb_serve(void);

/*
 * Makes this processor use the page table with this root. After that no processor counts this one among the users of
 * the table used before, so that table may be destroyed. O(1).
 */
void tlb_switch(uintptr_t root);
