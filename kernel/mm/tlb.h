/*
 * Translations that processors remember, and how they are made to forget them: a shootdown.
 *
 * A processor remembers what it once found in a page table. After an entry has been taken away, or allows less than it
 * did, tlb_forget() tells every processor that may remember: those that have this table in use, or all if it is the
 * kernel's. What stood behind the entry may be used otherwise only then.
 *
 *      the one that asks                               each that is told
 *      changes the table
 *      writes the request, sends interrupts    ->      in ring 3, idle, or waiting in a loop: forgets the range,
 *      waits until nobody owes an answer       <-              and takes itself off the list
 *
 * No processor takes interrupts while it is in the kernel; so whatever waits there calls tlb_serve() in its loop.
 * One shootdown at a time, under a lock of its own, which may be taken with any lock held but those of the watched
 * spaces and of the console.
 */
#pragma once

#include "lib/vrange.h"

struct page_table;

/* Then no processor remembers a translation of the range under this table. Yields how many had to be told. Traced. */
unsigned tlb_forget(const struct page_table *table, struct vrange range);

/* Carries out the request that waits for this processor, if one does. */
void tlb_serve(void);

/* This processor uses the table with this root from now on, for all to see; the one before may be destroyed. */
void tlb_switch(uintptr_t root);
