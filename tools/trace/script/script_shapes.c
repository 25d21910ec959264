#include "script/script_shapes.h"

#include <inttypes.h>
#include <string.h>

/* --- drawing ---------------------------------------------------------------------------------------------- */

static uint64_t below(struct generator *generator, uint64_t bound)
{
        return rng_below(&generator->rng, bound);
}

static bool one_in(struct generator *generator, uint64_t n)
{
        return below(generator, n) == 0;
}

static size_t space_pages(const struct generator *generator)
{
        return vrange_size(generator->oracle.range) / PAGE_SIZE;
}

static uint64_t any_page(struct generator *generator)
{
        return generator->oracle.range.base + below(generator, space_pages(generator)) * PAGE_SIZE;
}

static const char *any_protection(struct generator *generator)
{
        static const char *const protections[] = { "rw-", "r--", "r-x" };

        return protections[below(generator, 3)];
}

/* The free stretch below region i, or above the last one. */
static struct vrange hole(const struct generator *generator, size_t i)
{
        const struct oracle *oracle = &generator->oracle;

        return (struct vrange){
                i ? oracle->region[i - 1].range.end + oracle->region[i - 1].after : oracle->range.base,
                i < oracle->count ? oracle->region[i].range.base - oracle->region[i].before : oracle->range.end,
        };
}

static struct vrange any_hole(struct generator *generator)
{
        return hole(generator, below(generator, generator->oracle.count + 1));
}

/* A region, or a page of the space where there is none. */
static struct vrange any_region(struct generator *generator)
{
        const struct oracle *oracle = &generator->oracle;
        uint64_t page;

        if (oracle->count)
                return oracle->region[below(generator, oracle->count)].range;
        page = any_page(generator);
        return (struct vrange){ page, page + PAGE_SIZE };
}

/* --- single operations ------------------------------------------------------------------------------------ */

static struct error write_map(struct generator *generator, size_t pages, const char *where)
{
        return script_write_line(generator, "map m%u %zuK %s %s", ++generator->names, pages * PAGE_SIZE / 1024,
                          any_protection(generator), where);
}

static struct error write_unmap(struct generator *generator, struct vrange range)
{
        return script_write_line(generator, "unmap 0x%" PRIx64 " %zuK", range.base, vrange_size(range) / 1024);
}

static struct error write_find(struct generator *generator)
{
        struct vrange range = any_region(generator);
        const uint64_t around[] = { range.base, range.end - 1, range.end, range.base - 1, any_page(generator) };

        return script_write_line(generator, "find 0x%" PRIx64, around[below(generator, 5)]);
}

/* --- shapes ----------------------------------------------------------------------------------------------- */

/* The space fills up to about two thirds, then stays there. */
static bool wants_unmap(struct generator *generator)
{
        size_t used = 0;

        for (size_t i = 0; i < generator->oracle.count; i++)
                used += vrange_size(generator->oracle.region[i].range) / PAGE_SIZE;
        return generator->oracle.count && below(generator, space_pages(generator)) < used * 3 / 4;
}

static struct error sizes(struct generator *generator)
{
        if (one_in(generator, 8))
                return write_find(generator);
        if (wants_unmap(generator))
                return write_unmap(generator, any_region(generator));
        return write_map(generator, 1 + below(generator, one_in(generator, 5) ? 24 : 8), "anywhere");
}

/* Asks for exactly a hole's size, a page more, or a page less. */
static struct error exact(struct generator *generator)
{
        size_t pages = vrange_size(any_hole(generator)) / PAGE_SIZE + below(generator, 3);

        if (generator->oracle.count < 3 || one_in(generator, 4))
                return sizes(generator);
        if (wants_unmap(generator))
                return write_unmap(generator, any_region(generator));
        return write_map(generator, pages > 1 ? pages - 1 : 1, "anywhere");
}

/* Fills the space with small regions, takes out every other one, then looks for larger holes. */
static struct error fragmented(struct generator *generator)
{
        const struct oracle *oracle = &generator->oracle;
        size_t free_above = vrange_size(hole(generator, oracle->count)) / PAGE_SIZE;

        if (free_above > 2 && oracle->count < space_pages(generator) / 3)
                return write_map(generator, 1 + below(generator, 3), "anywhere");
        if (oracle->count > 2 && one_in(generator, 2))
                return write_unmap(generator, oracle->region[below(generator, oracle->count / 2) * 2].range);
        return write_map(generator, 1 + below(generator, 6), "anywhere");
}

/* The first and the last page of the space, the whole space, and the hole above the last region. */
static struct error edges(struct generator *generator)
{
        const struct oracle *oracle = &generator->oracle;
        size_t tail = vrange_size(hole(generator, oracle->count)) / PAGE_SIZE;

        switch (below(generator, 6)) {
        case 0:
                return write_map(generator, tail + below(generator, 2) + !tail, "anywhere");
        case 1:
                return write_map(generator, space_pages(generator) + below(generator, 2), "anywhere");
        case 2:
                if (oracle->count)
                        return write_unmap(generator, oracle->region[oracle->count - 1].range);
                break;
        case 3:
                if (oracle->count)
                        return write_unmap(generator, oracle->region[0].range);
                break;
        case 4:
                return script_write_line(generator, "find 0x%" PRIx64,
                                  one_in(generator, 2) ? oracle->range.base : oracle->range.end - 1);
        }
        return sizes(generator);
}

static struct error alignments(struct generator *generator)
{
        char where[64];

        if (wants_unmap(generator))
                return write_unmap(generator, any_region(generator));
        snprintf(where, sizeof where, "anywhere align %uK", 4u << below(generator, 5));
        return write_map(generator, 1 + below(generator, 6), where);
}

static struct error guards(struct generator *generator)
{
        char where[64];

        if (wants_unmap(generator))
                return write_unmap(generator, any_region(generator));
        snprintf(where, sizeof where, "anywhere guard %uK %uK", 4 * (unsigned)below(generator, 3),
                 4 * (unsigned)below(generator, 3));
        return write_map(generator, 1 + below(generator, 5), where);
}

static struct error windows(struct generator *generator)
{
        char where[96];
        uint64_t base = any_page(generator), end = any_page(generator) + PAGE_SIZE;

        if (wants_unmap(generator))
                return write_unmap(generator, any_region(generator));
        if (base > end) {
                uint64_t swapped = base;

                base = end;
                end = swapped;
        }
        snprintf(where, sizeof where, "anywhere window 0x%" PRIx64 " 0x%" PRIx64, base, end);
        return write_map(generator, 1 + below(generator, 5), where);
}

/* At an address: in a hole, a page over its edge, at a region's first and last page, outside the space. */
static struct error fixed(struct generator *generator)
{
        struct vrange range = one_in(generator, 2) ? any_hole(generator) : any_region(generator);
        size_t pages = 1 + below(generator, 5);
        const uint64_t places[] = { range.base, range.end - pages * PAGE_SIZE, range.end - PAGE_SIZE,
                                    range.base - PAGE_SIZE, range.base - (pages - 1) * PAGE_SIZE, any_page(generator) };
        uint64_t at = places[below(generator, 6)];
        char where[64];

        if (wants_unmap(generator))
                return write_unmap(generator, any_region(generator));
        snprintf(where, sizeof where, "%s 0x%" PRIx64, one_in(generator, 5) ? "replace" : "at",
                 at < UINT64_MAX / 2 ? at : range.base);
        return write_map(generator, pages, where);
}

static struct error near(struct generator *generator)
{
        char where[64];

        if (wants_unmap(generator))
                return write_unmap(generator, any_region(generator));
        snprintf(where, sizeof where, "near 0x%" PRIx64, any_page(generator));
        return write_map(generator, 1 + below(generator, 6), where);
}

/* Unmaps part of a region, the middle of one, several at once, and from below the lowest one. */
static struct error cuts(struct generator *generator)
{
        struct vrange range = any_region(generator);
        uint64_t from = range.base + below(generator, vrange_size(range) / PAGE_SIZE) * PAGE_SIZE;
        size_t size = (1 + below(generator, one_in(generator, 3) ? 20 : 3)) * PAGE_SIZE;

        if (!wants_unmap(generator))
                return write_map(generator, 2 + below(generator, 8), "anywhere");
        if (one_in(generator, 5))
                from = generator->oracle.range.base;
        return write_unmap(generator, (struct vrange){ from, from + size });
}

static struct error protections(struct generator *generator)
{
        struct vrange range = any_region(generator);
        uint64_t from = range.base + below(generator, vrange_size(range) / PAGE_SIZE) * PAGE_SIZE;

        if (one_in(generator, 2))
                return cuts(generator);
        return script_write_line(generator,
                                 "protect 0x%" PRIx64 " %uK %s", from, 4 * (1 + (unsigned)below(generator, 4)),
                          any_protection(generator));
}

static struct error resizes(struct generator *generator)
{
        struct vrange range = any_region(generator);

        if (one_in(generator, 2))
                return sizes(generator);
        return script_write_line(generator, "resize 0x%" PRIx64 " %uK", range.base, 4 * (unsigned)below(generator, 12));
}

/* Regions are mapped and resized while kernel memory runs out, and mapped again; whole ones are unmapped. */
static struct error scarce(struct generator *generator)
{
        struct vrange range = any_region(generator);
        char where[64];

        if (one_in(generator, 2))
                return sizes(generator);
        if (one_in(generator, 3))
                return script_write_line(generator, "resize 0x%" PRIx64 " %uK memory %u", range.base,
                                  4 * (1 + (unsigned)below(generator, 12)), (unsigned)below(generator, 2));
        snprintf(where, sizeof where, "%s 0x%" PRIx64 " memory %u", one_in(generator, 2) ? "near" : "at", any_page(generator),
                 (unsigned)below(generator, 4));
        return write_map(generator, 1 + below(generator, 6), where);
}

/* Places drawn at random are unknown here; what follows may ask for anything. */
static struct error at_random(struct generator *generator)
{
        uint64_t page = any_page(generator);

        if (one_in(generator, 3))
                return write_unmap(generator, (struct vrange){ page, page + (1 + below(generator, 12)) * PAGE_SIZE });
        return write_map(generator, 1 + below(generator, 6), "random");
}

static struct error mixed(struct generator *generator);

static const struct shape shapes[] = {
        { "sizes", sizes, "regions of many sizes, anywhere; whole regions unmapped" },
        { "exact", exact, "holes of exactly the size, a page more, a page less" },
        { "fragmented", fragmented, "many small regions, every other one unmapped, then larger ones" },
        { "edges", edges, "the first and last page, the whole space, the hole above the last region" },
        { "alignments", alignments, "anywhere, aligned to 4K up to 64K" },
        { "guards", guards, "anywhere, with guards before and after" },
        { "windows", windows, "anywhere inside a window" },
        { "fixed", fixed, "at an address that is free, half taken or outside; replacing" },
        { "near", near, "as near to an address as can be" },
        { "cuts", cuts, "part of a region unmapped, several at once, from below the lowest" },
        { "protections", protections, "cuts, and protection changed: regions split and join" },
        { "resizes", resizes, "the end of a region moved" },
        { "scarce", scarce, "kernel memory runs out while regions are mapped and resized" },
        { "random", at_random, "places drawn at random" },
        { "mixed", mixed, "all of these, but scarce and random" },
};
enum { SHAPES = sizeof shapes / sizeof shapes[0], SHAPES_MIXED = SHAPES - 3 };

static struct error mixed(struct generator *generator)
{
        return shapes[below(generator, SHAPES_MIXED)].operation(generator);
}

const char *script_shape_name(size_t i)
{
        return i < SHAPES ? shapes[i].name : NULL;
}

const char *script_shape_words(size_t i)
{
        return i < SHAPES ? shapes[i].words : NULL;
}

const struct shape *script_shape_named(const char *name)
{
        for (size_t i = 0; i < SHAPES; i++)
                if (strcmp(shapes[i].name, name) == 0)
                        return &shapes[i];
        return NULL;
}
