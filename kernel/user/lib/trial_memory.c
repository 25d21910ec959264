/*
 * Trials of one process's memory.
 */
#include "user/lib/trial.h"

/* --- a patchwork ------------------------------------------------------------------------------------------ */

enum { PATCHES = 32, CHANGES = 40 };

/* What each page of a stretch should be: its protection, or unmapped; and the number last written there. */
struct patchwork {
        uintptr_t base;
        struct {
                bool mapped;
                enum protection protection;
                uint64_t number;
        } page[PATCHES];
};

static volatile uint64_t *number_at(const struct patchwork *patchwork, size_t page)
{
        return (volatile uint64_t *)(patchwork->base + page * PAGE_SIZE);
}

static bool all_mapped(const struct patchwork *patchwork, size_t first, size_t end)
{
        while (first < end)
                if (!patchwork->page[first++].mapped)
                        return false;
        return true;
}

static bool map_patch(struct patchwork *patchwork, size_t first, size_t end)
{
        const struct mapping mapping = { .name = "patch", .size = (end - first) * PAGE_SIZE,
                                         .protection = PROTECT_READ_WRITE, .where = MAP_REPLACE,
                                         .address = patchwork->base + first * PAGE_SIZE };
        uintptr_t base;

        RIGHT_OK(mmap(&mapping, &base));
        RIGHT(base == mapping.address);
        for (; first < end; first++) {
                patchwork->page[first].mapped = true;
                patchwork->page[first].protection = PROTECT_READ_WRITE;
                patchwork->page[first].number = 0;
        }
        return true;
}

static bool unmap_patch(struct patchwork *patchwork, size_t first, size_t end)
{
        RIGHT_OK(munmap(patchwork->base + first * PAGE_SIZE, (end - first) * PAGE_SIZE));
        for (; first < end; first++)
                patchwork->page[first].mapped = false;
        return true;
}

static bool protect_patch(struct patchwork *patchwork, size_t first, size_t end, enum protection protection)
{
        const enum error_code expected = all_mapped(patchwork, first, end) ? ERROR_OK : ERROR_NOT_FOUND;
        struct error error;

        error = mprotect(patchwork->base + first * PAGE_SIZE, (end - first) * PAGE_SIZE, protection);
        RIGHT(error_is(error, expected));
        for (; first < end && !error.code; first++)
                patchwork->page[first].protection = protection;
        return true;
}

/* Every page that may be read has its number; every one that may be written gets a new one. */
static bool touch_patches(struct patchwork *patchwork, struct rng *rng)
{
        for (size_t i = 0; i < PATCHES; i++) {
                if (!patchwork->page[i].mapped || !(patchwork->page[i].protection & PROTECT_READ))
                        continue;
                RIGHT(*number_at(patchwork, i) == patchwork->page[i].number);
                if (patchwork->page[i].protection & PROTECT_WRITE)
                        *number_at(patchwork, i) = patchwork->page[i].number = rng_next(rng);
        }
        return true;
}

/* The kernel's list agrees: each page is in a region of its protection, or in none. */
static bool list_agrees(const struct patchwork *patchwork)
{
        static struct region_listing listing[256];
        size_t count, mapped = 0, listed = 0;

        RIGHT_OK(regions(0, listing, 256, &count));
        RIGHT(count <= 256);
        for (size_t i = 0; i < PATCHES; i++)
                mapped += patchwork->page[i].mapped;
        for (size_t i = 0; i < count; i++) {
                for (uintptr_t at = listing[i].base; at < listing[i].end && at - patchwork->base < PATCHES * PAGE_SIZE;
                     at += PAGE_SIZE) {
                        const size_t page = (at - patchwork->base) / PAGE_SIZE;

                        RIGHT(patchwork->page[page].mapped);
                        RIGHT(listing[i].protection == patchwork->page[page].protection);
                        listed++;
                }
        }
        RIGHT(listed == mapped);
        return true;
}

static bool change_patches(struct patchwork *patchwork, struct rng *rng)
{
        static const enum protection protections[] = { PROTECT_NONE, PROTECT_READ, PROTECT_READ_WRITE };
        const size_t first = rng_below(rng, PATCHES), end = first + 1 + rng_below(rng, PATCHES - first);

        switch (rng_below(rng, 4)) {
        case 0:
                return map_patch(patchwork, first, end);
        case 1:
                return unmap_patch(patchwork, first, end);
        default:
                return protect_patch(patchwork, first, end, protections[rng_below(rng, 3)]);
        }
}

/* The place for it is found by mapping it whole. */
bool trial_a_patchwork_of_regions_is_as_it_was_made(struct rng *rng)
{
        struct patchwork patchwork = { .base = (uintptr_t)trial_map(PATCHES * PAGE_SIZE, MAP_PRIVATE) };

        RIGHT(patchwork.base);
        RIGHT(map_patch(&patchwork, 0, PATCHES));
        for (int i = 0; i < CHANGES; i++)
                if (!change_patches(&patchwork, rng) || !touch_patches(&patchwork, rng))
                        return false;
        return list_agrees(&patchwork) && unmap_patch(&patchwork, 0, PATCHES);
}

/* --- pages ------------------------------------------------------------------------------------------------ */

bool trial_discarded_pages_read_as_zeros(struct rng *rng)
{
        enum { PAGES = 4 };
        const size_t victim = rng_below(rng, PAGES);
        char *memory = trial_map(PAGES * PAGE_SIZE, MAP_PRIVATE);

        RIGHT(memory);
        for (size_t i = 0; i < PAGES; i++)
                memory[i * PAGE_SIZE] = 'x';
        RIGHT_OK(madvise((uintptr_t)memory + victim * PAGE_SIZE, PAGE_SIZE, MADV_DONTNEED));
        for (size_t i = 0; i < PAGES; i++)
                RIGHT(memory[i * PAGE_SIZE] == (i == victim ? 0 : 'x'));
        RIGHT_OK(munmap((uintptr_t)memory, PAGES * PAGE_SIZE));
        return true;
}

bool trial_a_huge_region_costs_only_what_is_touched(struct rng *rng)
{
        const size_t size = (size_t)1 << 40;
        char *memory = trial_map(size, MAP_PRIVATE);

        RIGHT(memory);
        memory[0] = memory[size - 1] = 'x';
        RIGHT(memory[PAGE_SIZE + rng_below(rng, size - 2 * PAGE_SIZE)] == 0);
        RIGHT(memory[0] == 'x' && memory[size - 1] == 'x');
        RIGHT_OK(munmap((uintptr_t)memory, size));
        return true;
}

bool trial_nothing_is_mapped_over_something_unasked(struct rng *rng)
{
        enum { PAGES = 8 };
        char *memory = trial_map(PAGES * PAGE_SIZE, MAP_PRIVATE);
        struct mapping mapping = { .name = "intruder", .size = PAGE_SIZE, .protection = PROTECT_READ_WRITE };
        uintptr_t base;

        RIGHT(memory);
        memory[0] = 'x';
        mapping.address = (uintptr_t)memory + rng_below(rng, PAGES) * PAGE_SIZE;
        mapping.where = MAP_SPECIFICALLY;
        RIGHT_ERROR(mmap(&mapping, &base), OVERLAP);
        mapping.where = MAP_NEAR;
        RIGHT_OK(mmap(&mapping, &base));
        RIGHT(base + PAGE_SIZE <= (uintptr_t)memory || base >= (uintptr_t)memory + PAGES * PAGE_SIZE);
        RIGHT(memory[0] == 'x');
        RIGHT_OK(munmap(base, PAGE_SIZE));
        RIGHT_OK(munmap((uintptr_t)memory, PAGES * PAGE_SIZE));
        return true;
}

/* --- files ------------------------------------------------------------------------------------------------ */

enum { FILE_MOST = 4 * PAGE_SIZE };

static bool read_whole(unsigned file, char bytes[FILE_MOST], size_t *size)
{
        size_t count = 1;

        for (*size = 0; count && *size < FILE_MOST; *size += count)
                RIGHT_OK(read(file, bytes + *size, FILE_MOST - *size, &count));
        return true;
}

bool trial_a_mapped_file_has_the_bytes_of_the_file([[maybe_unused]] struct rng *rng)
{
        static char bytes[FILE_MOST];
        const struct mapping mapping = { .name = "teaching.ops", .size = FILE_MOST, .protection = PROTECT_READ_WRITE };
        uintptr_t first, second;
        unsigned file;
        size_t size;

        RIGHT_OK(open("teaching.ops", &file));
        if (!read_whole(file, bytes, &size))
                return false;
        RIGHT_OK(mmap_file(&mapping, file, 0, &first));
        RIGHT_OK(mmap_file(&mapping, file, 0, &second));
        RIGHT_OK(close(file));
        RIGHT(size && size < FILE_MOST && !memcmp((char *)first, bytes, size));
        *(char *)first = (char)(bytes[0] + 1);
        RIGHT(*(char *)second == bytes[0]);
        for (size_t i = size; i < FILE_MOST; i += 61)
                RIGHT(((char *)second)[i] == 0);
        RIGHT_OK(munmap(first, FILE_MOST));
        RIGHT_OK(munmap(second, FILE_MOST));
        return true;
}

/* --- the stack -------------------------------------------------------------------------------------------- */

enum { DEPTH_MOST = 2000, FRAME_SIZE = 512 };

/* Each level has a piece of the stack; on the way back each finds what it left there. */
static size_t descend(size_t levels)
{
        volatile uint64_t piece[FRAME_SIZE / sizeof(uint64_t)];
        size_t below = 0;

        for (size_t i = 0; i < FRAME_SIZE / sizeof(uint64_t); i++)
                piece[i] = levels + i;
        if (levels)
                below = descend(levels - 1);
        for (size_t i = 0; i < FRAME_SIZE / sizeof(uint64_t); i++)
                if (piece[i] != levels + i)
                        return 0;
        return below + 1;
}

static int descend_far(void *levels)
{
        return descend(*(size_t *)levels) != *(size_t *)levels + 1;
}

bool trial_a_stack_grows(struct rng *rng)
{
        size_t levels = 200 + rng_below(rng, DEPTH_MOST - 200);
        uint64_t status;

        RIGHT_OK(trial_in_child(descend_far, &levels, &status));
        RIGHT(status == 0);
        return true;
}
