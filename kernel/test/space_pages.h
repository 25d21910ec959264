/*
 * For test cases about the pages of a space: what a program's own instructions would do there. A fault is taken only
 * where the processor would take one.
 */
#pragma once

#include "lib/vocabulary/address_space.h"
#include "mm/page_fault.h"

/* What stands behind an address; false if nothing does. */
bool space_translate(struct address_space *space, uintptr_t address, struct translation *out);

/* Stores a word, and yields what its fault came to: FAULT_DONE if there was none. */
enum fault_verdict space_store(struct address_space *space, uintptr_t address, uint64_t word);

/* Loads a word; `verdict` as above. 0 if that is not allowed. */
uint64_t space_load(struct address_space *space, uintptr_t address, enum fault_verdict *verdict);

/* The word there; 0 if the program may not read it. */
uint64_t space_word(struct address_space *space, uintptr_t address);

/*
 * What this processor itself can do there, with all that it remembers of the space's page table, between enter and
 * leave. A fault means no: it is not resolved.
 */
void space_enter(struct address_space *space);
void space_leave(void);
[[nodiscard]] bool processor_store(uintptr_t address, uint64_t word);
[[nodiscard]] bool processor_load(uintptr_t address, uint64_t *word);
