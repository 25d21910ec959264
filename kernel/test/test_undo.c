/*
 * Every operation on an address space, with each of its allocations failing in turn: nothing may have changed, and the
 * operation must succeed when there is memory again. What "nothing" is, is written down byte for byte.
 */
#include "lib/string.h"
#include "mm/direct_map.h"
#include "mm/frames.h"
#include "mm/kmalloc.h"
#include "mm/region_backing.h"
#include "test/space_pages.h"
#include "test/test.h"
#include "test/validate.h"

enum { PAGES = 64, REGIONS = 12, TOUCHED = 4 };

static const struct vrange whole = { USER_BASE, USER_BASE + ((size_t)2 << 40) };
static const uintptr_t far = USER_BASE + ((size_t)1 << 40);     /* pages here have tables of their own */
static const enum protection read_write = PROTECT_READ | PROTECT_WRITE;
static const char file[100] = "bytes of a file";
static struct address_space *space, *child;

static uintptr_t page(size_t number)
{
        return whole.base + number * PAGE_SIZE;
}

static struct vrange pages(size_t first, size_t count)
{
        return (struct vrange){ page(first), page(first + count) };
}

/* --- all that must be as before --------------------------------------------------------------------------- */

struct state {
        size_t frames, regions;
        struct kmalloc_count live;
        struct region region[REGIONS];          /* without their places in the tree */
        struct region_backing backing[REGIONS];
        struct {
                struct translation behind;
                uint64_t sum;                   /* of the page's words, each times its position */
        } page[PAGES];
        size_t pages;                           /* in the whole space */
};

static uint64_t sum_of(uintptr_t frame)
{
        const uint64_t *word = direct_map(frame);
        uint64_t sum = 0;

        for (size_t i = 0; i < PAGE_SIZE / sizeof *word; i++)
                sum += word[i] * (i + 1);
        return sum;
}

static void see_regions(struct state *state)
{
        spinlock_acquire(&space->lock);
        for (const struct region *region = region_tree_first(address_space_tree(space));
             region && state->regions < REGIONS; region = region_tree_next(region)) {
                struct region *seen = &state->region[state->regions];

                if (region->backing)
                        memcpy(&state->backing[state->regions], region->backing, sizeof *region->backing);
                memcpy(seen, region, sizeof *seen);
                seen->links = (struct region_links){ 0 };
                state->regions++;
        }
        spinlock_release(&space->lock);
}

static void see(struct state *state)
{
        memset(state, 0, sizeof *state);
        state->frames = free_frames();
        state->live = kmalloc_live();
        state->pages = address_space_totals(space).pages;
        see_regions(state);
        for (size_t i = 0; i < PAGES; i++) {
                if (space_translate(space, page(i), &state->page[i].behind))
                        state->page[i].sum = sum_of(state->page[i].behind.frame);
        }
}

/* --- operations ------------------------------------------------------------------------------------------- */

static struct error map(const char *name, uintptr_t address, size_t count, struct mapping mapping)
{
        uintptr_t base;

        mapping.name = name;
        mapping.size = count * PAGE_SIZE;
        mapping.protection = read_write;
        mapping.where = mapping.where ? mapping.where : MAP_SPECIFICALLY;
        mapping.address = address;
        return address_space_map(space, &mapping, &base);
}

static struct error touch(uintptr_t address)
{
        const struct page_fault fault = page_fault_resolve(space, address, ACCESS_WRITE);

        if (page_fault_is_resolved(&fault))
                return SUCCESS;
        return fault.verdict == FAULT_NO_MEMORY ? FAIL(NO_MEMORY) : FAIL(NOT_FOUND);
}

static struct error map_private(void) { return map("new", page(56), 2, (struct mapping){ 0 }); }
static struct error map_shared(void) { return map("new", page(56), 2, (struct mapping){ .sharing = MAP_SHARED }); }
static struct error map_over(void) { return map("new", page(2), 2, (struct mapping){ .where = MAP_REPLACE }); }
static struct error map_over_shared(void) { return map("new", page(11), 1, (struct mapping){ .where = MAP_REPLACE }); }
static struct error unmap_middle(void) { return address_space_unmap(space, pages(1, 1)); }
static struct error unmap_shared(void) { return address_space_unmap(space, pages(11, 1)); }
static struct error unmap_many(void) { return address_space_unmap(space, pages(1, 40)); }
static struct error protect(void) { return address_space_protect(space, pages(1, 2), PROTECT_READ); }
static struct error discard(void) { return address_space_discard(space, pages(1, 2)); }
static struct error resize(void) { return address_space_resize(space, page(0), 9 * PAGE_SIZE); }
static struct error fill(void) { return touch(page(6)); }
static struct error fill_file(void) { return touch(page(20)); }
static struct error fill_shared(void) { return touch(page(12)); }
static struct error fill_far(void) { return touch(far); }
static struct error fill_far_shared(void) { return touch(far + PAGE_SIZE); }
static struct error copy(void) { return touch(page(0)); }
static struct error grow(void) { return touch(page(39)); }

static struct error clone(void)
{
        struct address_space *other;

        TRY(address_space_clone(space, "other", 1, &other));
        address_space_destroy(other);
        return SUCCESS;
}

static struct error create(void)
{
        struct address_space *other;

        TRY(address_space_create("other", whole, 1, &other));
        address_space_destroy(other);
        return SUCCESS;
}

/* Private pages, whose copies a child has; shared ones; a file; a stack; and far away another of the first two. */
static struct error make_space(void)
{
        TRY(address_space_create("undo", whole, 1, &space));
        TRY(map("private", page(0), 8, (struct mapping){ 0 }));
        TRY(map("shared", page(10), 4, (struct mapping){ .sharing = MAP_SHARED }));
        TRY(map("file", page(20), 2, (struct mapping){ .file = file, .file_size = sizeof file }));
        TRY(map("stack", page(40), 2, (struct mapping){ .grows = true, .guard_before = 2 * PAGE_SIZE }));
        TRY(map("far", far, 1, (struct mapping){ 0 }));
        TRY(map("far", far + PAGE_SIZE, 1, (struct mapping){ .sharing = MAP_SHARED }));
        for (size_t i = 0; i < TOUCHED; i++)
                space_store(space, page(i), i + 1);
        space_store(space, page(10), 10);
        space_store(space, page(40), 40);
        return address_space_clone(space, "child", 1, &child);
}

/* --- every operation, every allocation -------------------------------------------------------------------- */

/* An operation, and how many frames and blocks it asks for at least: so many times it must be refused. */
static const struct operation {
        const char *name;
        struct error (*carry_out)(void);
        size_t least[INJECT_INTO_BOTH];
} operations[] = {
        { "map private", map_private, { 0, 1 } },   { "map shared", map_shared, { 1, 2 } },
        { "map over", map_over, { 0, 2 } },         { "map over shared", map_over_shared, { 0, 2 } },
        { "unmap middle", unmap_middle, { 0, 1 } }, { "unmap shared", unmap_shared, { 0, 1 } },
        { "unmap many", unmap_many, { 0, 0 } },     { "protect", protect, { 0, 2 } },
        { "discard", discard, { 0, 0 } },           { "resize", resize, { 0, 0 } },
        { "fill", fill, { 1, 0 } },                 { "fill from file", fill_file, { 1, 0 } },
        { "fill shared", fill_shared, { 1, 0 } },   { "fill far", fill_far, { 4, 0 } },
        { "fill far shared", fill_far_shared, { 1 + 3 + 3, 0 } },
        { "copy", copy, { 1, 0 } },                 { "grow", grow, { 1, 0 } },
        { "clone", clone, { 1 + 3, 1 + 6 } },       { "create", create, { 1, 1 } },
};

static struct state before, after;

/* Carries it out with all requests after the n-th refused. True if that failed; `well`: as it must. */
static bool is_refused(const struct operation *operation, enum injection supply, size_t n, bool *well)
{
        struct error error;

        see(&before);
        fault_injection_set(supply, n);
        error = operation->carry_out();
        fault_injection_set(supply, INJECT_NEVER);
        if (!error.code)
                return false;
        see(&after);
        *well = error_is(error, ERROR_NO_MEMORY) && !memcmp(&before, &after, sizeof before) &&
                !address_space_validate(space) && !operation->carry_out().code;
        return *well;
}

static size_t least_of(const struct operation *operation, enum injection supply)
{
        if (supply == INJECT_INTO_BOTH)
                return operation->least[INJECT_INTO_FRAMES] + operation->least[INJECT_INTO_BLOCKS];
        return operation->least[supply];
}

static bool leaves_nothing_undone(const struct operation *operation, enum injection supply)
{
        bool well = true, refused = true;
        size_t n = 0;

        for (; well && refused; n++) {
                const struct kmalloc_count live = kmalloc_live();

                if (make_space().code)
                        return false;
                refused = is_refused(operation, supply, n, &well);
                address_space_destroy(child);
                address_space_destroy(space);
                well = well && kmalloc_live().blocks == live.blocks && kmalloc_live().bytes == live.bytes;
        }
        if (!well || n - 1 < least_of(operation, supply))
                test_failed(__FILE__, __LINE__, operation->name, well ? "asks for less than it must" : "is not undone");
        return well;
}

TEST(an_operation_on_a_space_that_finds_no_memory_changes_nothing)
{
        for (size_t i = 0; i < sizeof operations / sizeof *operations; i++) {
                for (enum injection supply = INJECT_INTO_FRAMES; supply < INJECTIONS; supply++)
                        CHECK(leaves_nothing_undone(&operations[i], supply));
        }
}
