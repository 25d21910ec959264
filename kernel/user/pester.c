/*
 * pester: makes 3,000 system calls with random words, most of them nonsense: pester SEED.
 *
 * It does so with the flag set that would open user memory to the kernel. It spares only itself: what would unmap or
 * protect this program is left out, and pointers are good ones. Whatever the kernel answers is right; what it must not
 * do is fall, or break a rule of the tree, which is for the reader of the trace to see.
 */
#include "lib/rng.h"
#include "mm/layout.h"
#include "user/lib/own_regions.h"

enum { CALLS = 3000, PLAYGROUND_PAGES = 64, WAYS_TO_PLACE = 5 };

static struct rng rng;

/* Places and sizes near which things go wrong. */
static const uint64_t edges[] = {
        0, 1, PAGE_SIZE, USER_BASE, USER_END - PAGE_SIZE, USER_END, USER_END + PAGE_SIZE, (uint64_t)1 << 46,
        (uint64_t)1 << 63, DIRECT_MAP_BASE, KERNEL_MEMORY_BASE, KERNEL_BASE, -(uint64_t)PAGE_SIZE, -(uint64_t)1,
};

static bool one_in(uint64_t n)
{
        return rng_below(&rng, n) == 0;
}

static uint64_t number(void)
{
        uint64_t value = edges[rng_below(&rng, sizeof edges / sizeof *edges)];

        if (!one_in(3))
                value = USER_BASE + PAGE_SIZE * rng_below(&rng, PLAYGROUND_PAGES);
        return one_in(8) ? value + rng_below(&rng, PAGE_SIZE) : value;
}

static size_t size(void)
{
        return one_in(3) ? number() : PAGE_SIZE * rng_below(&rng, PLAYGROUND_PAGES / 4);
}

static uint64_t seldom_a_number(void)
{
        return one_in(4) ? number() : 0;
}

static bool is_ours(uintptr_t address, size_t bytes)
{
        struct vrange range;

        return vrange_make(&range, address, bytes) && own_region_in(range);
}

static struct error pester_mmap(void)
{
        const struct mapping mapping = {
                .name = "\033[2J\n\377pester",
                .size = size(),
                .protection = (enum protection)rng_below(&rng, 10),
                .where = (enum where)rng_below(&rng, WAYS_TO_PLACE + 1),
                .address = number(),
                .alignment = seldom_a_number(),
                .guard_before = seldom_a_number(),
                .guard_after = seldom_a_number(),
                .window = { seldom_a_number(), seldom_a_number() },
        };
        uintptr_t base = mapping.address - mapping.guard_before;

        if (mapping.where == MAP_REPLACE && is_ours(base, mapping.guard_before + mapping.size + mapping.guard_after))
                return SUCCESS;
        return mmap(&mapping, &base);
}

static struct error pester(void)
{
        const uintptr_t address = number();
        const size_t bytes = size();
        struct region_listing some[4];
        size_t count;

        switch (rng_below(&rng, 8)) {
        default:
                return pester_mmap();
        case 3:
                return is_ours(address, bytes) ? SUCCESS : munmap(address, bytes);
        case 4:
                return is_ours(address, bytes) ? SUCCESS :
                       mprotect(address, bytes, (enum protection)rng_below(&rng, 10));
        case 5:
                return resize(address, bytes);
        case 6:
                return regions(0, some, 4, &count);
        }
}

static uint64_t parse(const char *digits)
{
        uint64_t number = 0;

        for (; *digits >= '0' && *digits <= '9'; digits++)
                number = number * 10 + (uint64_t)(*digits - '0');
        return number;
}

/* Flags are a program's own. The kernel must not run with this one: it would open user memory to it. */
static void set_ac_flag(void)
{
        __asm__ volatile("pushfq; orl $0x40000, (%%rsp); popfq" : : : "memory", "cc");
}

int main(const char *argument, [[maybe_unused]] struct file file)
{
        unsigned done = 0, refused = 0;

        set_ac_flag();
        if (!own_regions_learn())
                return 1;
        rng_seed(&rng, parse(argument));
        for (int i = 0; i < CALLS; i++) {
                if (pester().code)
                        refused++;
                else
                        done++;
        }
        printf("pester: %u calls done, %u refused\n", done, refused);
        return 0;
}
