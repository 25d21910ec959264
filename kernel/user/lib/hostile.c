#include "user/lib/hostile.h"
#include "mm/layout.h"

enum { PAGES = 16, BUFFER_SIZE = 4 * PAGE_SIZE, FILES = 16, LISTINGS = 30 };

/* Away from where a program, its stack and its heap are, most of the time. */
static const uintptr_t playground = 0x200000000000;

static union {
        struct mmap_request request;
        char bytes[BUFFER_SIZE];
} buffer;

uint64_t anything(struct rng *rng)
{
        return rng_next(rng);
}

/* The word itself, or one beside it by a byte, a word or a page. */
uint64_t an_edge(struct rng *rng)
{
        static const uint64_t edges[] = {
                0, PAGE_SIZE, (uint64_t)1 << 31, (uint64_t)1 << 32,
                USER_BASE, (uint64_t)1 << 40 /* this program */, USER_STACKS_BASE, USER_STACKS_END, USER_END,
                (uint64_t)1 << 46, (uint64_t)1 << 47, (uint64_t)1 << 48, (uint64_t)1 << 62, (uint64_t)1 << 63,
                DIRECT_MAP_BASE, KERNEL_MEMORY_BASE, KERNEL_BASE,
        };
        static const uint64_t aside[] = { 0, 0, 0, 1, 8, PAGE_SIZE, -(uint64_t)1, -(uint64_t)8, -(uint64_t)PAGE_SIZE };
        const uint64_t edge = edges[rng_below(rng, sizeof edges / sizeof *edges)];
        return edge + aside[rng_below(rng, sizeof aside / sizeof *aside)];
}

static uint64_t seldom_an_edge(struct rng *rng, uint64_t sensible)
{
        return one_in(rng, 20) ? an_edge(rng) : sensible;
}

/* --- memory ----------------------------------------------------------------------------------------------- */

volatile uint64_t *a_page(struct rng *rng)
{
        return (volatile uint64_t *)(playground + PAGE_SIZE * rng_below(rng, PAGES));
}

struct error map_all_pages(enum sharing sharing)
{
        const struct mapping mapping = { .name = "playground", .size = PAGES * PAGE_SIZE, .address = playground,
                                         .where = MAP_SPECIFICALLY, .protection = PROTECT_READ_WRITE,
                                         .sharing = sharing };
        uintptr_t base;
        return mmap(&mapping, &base);
}

uint64_t a_place(struct rng *rng)
{
        const uint64_t place = one_in(rng, 4) ? an_edge(rng) : one_in(rng, 40) ? anything(rng) : (uintptr_t)a_page(rng);
        return one_in(rng, 10) ? place + rng_below(rng, PAGE_SIZE) : place;
}

uint64_t a_size(struct rng *rng)
{
        switch (rng_below(rng, 10)) {
        case 0:
                return an_edge(rng);
        case 1:
                return rng_below(rng, 5 * PAGE_SIZE);
        case 2:
                return (uint64_t)1 << rng_below(rng, 64);
        default:
                return PAGE_SIZE * (1 + rng_below(rng, 4));
        }
}

uint64_t a_protection(struct rng *rng)
{
        return seldom_an_edge(rng, rng_below(rng, PROTECT_READ_WRITE + PROTECT_EXECUTE + 1));
}

/* --- files and processes ---------------------------------------------------------------------------------- */

uint64_t a_file(struct rng *rng)
{
        return seldom_an_edge(rng, rng_below(rng, FILES + 1));
}

/* A few bytes, or more than a pipe holds: who writes those waits for readers. */
uint64_t a_length(struct rng *rng)
{
        return one_in(rng, 20) ? a_size(rng) : rng_below(rng, one_in(rng, 2) ? BUFFER_SIZE / 2 : 40);
}

uint64_t a_process(struct rng *rng)
{
        switch (rng_below(rng, 8)) {
        case 0:
                return an_edge(rng);
        case 1:
                return 0;
        case 2:
                return getpid();
        default:
                return getpid() + rng_below(rng, 12) - 4;
        }
}

/* Who sleeps until an edge has come is to be killed asleep. */
uint64_t a_moment(struct rng *rng)
{
        return seldom_an_edge(rng, rng_below(rng, 4));
}

/* --- addresses -------------------------------------------------------------------------------------------- */

/* A process is killed for a bad one, so they are few: it should do some harm before. */
static uint64_t mostly(struct rng *rng, const void *good)
{
        return one_in(rng, 150) ? a_place(rng) : (uintptr_t)good;
}

uint64_t a_buffer(struct rng *rng)
{
        return mostly(rng, &buffer);
}

uint64_t a_text(struct rng *rng)
{
        static const char *const texts[] = { "echo", "spawn", "maps", "ps", "teaching.ops", "2", "", buffer.bytes };
        return mostly(rng, texts[rng_below(rng, sizeof texts / sizeof *texts)]);
}

/* An alignment, a guard's size: most have none. */
static uint64_t an_extra(struct rng *rng)
{
        return one_in(rng, 3) ? PAGE_SIZE << rng_below(rng, 3) : one_in(rng, 10) ? a_size(rng) : 0;
}

uint64_t a_request(struct rng *rng)
{
        struct mmap_request *const request = &buffer.request;
        *request = (struct mmap_request){
                .size = a_size(rng),
                .address = a_place(rng),
                .alignment = an_extra(rng),
                .guard_before = an_extra(rng),
                .guard_after = an_extra(rng),
                .window_base = one_in(rng, 4) ? a_place(rng) : 0,
                .window_end = one_in(rng, 4) ? a_place(rng) : 0,
                .protection = (uint32_t)a_protection(rng),
                .where = (uint32_t)seldom_an_edge(rng, rng_below(rng, MAP_NEAR + 1)),
                .sharing = (uint32_t)seldom_an_edge(rng, rng_below(rng, MAP_SHARED + 1)),
                .file = one_in(rng, 4) ? (uint32_t)a_file(rng) : 0,
                .offset = one_in(rng, 4) ? a_size(rng) : 0,
        };
        for (size_t i = 0; i < sizeof request->name; i++)
                request->name[i] = (char)(1 + rng_below(rng, 255));            /* no 0 ends it */
        return mostly(rng, request);
}

uint64_t a_count(struct rng *rng)
{
        return seldom_an_edge(rng, rng_below(rng, LISTINGS));
}
