#include "test/space_pages.h"
#include "arch/cpu.h"
#include "arch/this_cpu.h"
#include "arch/user_entry.h"
#include "mm/direct_map.h"

bool space_translate(struct address_space *space, uintptr_t address, struct translation *out)
{
        bool found;

        spinlock_acquire(&space->lock);
        found = page_table_translate(address_space_pages(space), address, out);
        spinlock_release(&space->lock);
        return found;
}

/* The word at an address, once it may be accessed so; NULL if it may not. */
static uint64_t *reach(struct address_space *space, uintptr_t address, enum access access, enum fault_verdict *verdict)
{
        const enum protection needed = access == ACCESS_WRITE ? PROTECT_WRITE : PROTECT_READ;
        struct translation behind;

        *verdict = FAULT_DONE;
        if (!space_translate(space, address, &behind) || !(behind.protection & needed))
                *verdict = page_fault_resolve(space, address, access).verdict;
        if (!space_translate(space, address, &behind) || !(behind.protection & needed))
                return NULL;
        return (uint64_t *)((char *)direct_map(behind.frame) + address % PAGE_SIZE);
}

enum fault_verdict space_store(struct address_space *space, uintptr_t address, uint64_t word)
{
        enum fault_verdict verdict;
        uint64_t *at = reach(space, address, ACCESS_WRITE, &verdict);

        if (at)
                *at = word;
        return verdict;
}

uint64_t space_load(struct address_space *space, uintptr_t address, enum fault_verdict *verdict)
{
        const uint64_t *at = reach(space, address, ACCESS_READ, verdict);

        return at ? *at : 0;
}

uint64_t space_word(struct address_space *space, uintptr_t address)
{
        enum fault_verdict verdict;
        return space_load(space, address, &verdict);
}

static void use_page_table(uintptr_t root)
{
        __atomic_store_n(&this_cpu()->page_table, root, __ATOMIC_SEQ_CST);
        cpu_set_page_table(root);
}

void space_enter(struct address_space *space)
{
        use_page_table(address_space_root(space));
}

void space_leave(void)
{
        use_page_table(kernel_page_table.root);
}

bool processor_store(uintptr_t address, uint64_t word)
{
        return !user_copy((void *)address, &word, sizeof word);
}

bool processor_load(uintptr_t address, uint64_t *word)
{
        return !user_copy(word, (const void *)address, sizeof *word);
}
