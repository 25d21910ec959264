/*
 * The TLB: translations that a processor has cached, and how they are removed on all processors: a TLB shootdown.
 *
 * A processor caches the page table entries that it has used. After an entry was removed, or allows less than before,
 * tlb_forget() tells every processor that may have cached it: those that have this table in use, or all if it is the
 * kernel's table. Only when it returns may the frame of that entry be used for something else.
 *
 *      the sender                                      each receiver
 *      changes the table
 *      writes the request, sends interrupts    ->      in ring 3, idle, or waiting in a loop: forgets the range,
 *      waits until no answer is missing        <-              and removes itself from the list of receivers
 *
 * No processor takes interrupts while it is in the kernel; so whatever waits there calls tlb_serve() in its loop.
 * One shootdown at a time, under a lock of its own, which may be taken with any lock held but those of the watched
 * spaces and of the console.
 */
#pragma once

#include "lib/vrange.h"

struct page_table;

/*
 * Removes all cached translations of the range under this table, on every processor. Returns how many other processors
 * were told. Traced. O(pages of the range) on each processor, up to a bound beyond which all of its TLB is emptied; and
 * the wait for the slowest one.
 */
unsigned tlb_forget(const struct page_table *table, struct vrange range);

/*
 * Carries out the request that waits for this processor, if there is one. Costs what tlb_forget() does, without the
 * wait.
 */
void tlb_serve(void);

/*
 * Makes this processor use the page table with this root. The others see that, so the table used before may be
 * destroyed. O(1).
 */
void tlb_switch(uintptr_t root);
