/*
 * A peer: a structure that keeps regions, to be measured against others that keep the same regions.
 *
 * All peers offer one small interface and must give the same answers. What a peer cannot do is NULL and is not
 * measured. A region is named by its slot, a number below the capacity of the layout; whatever a peer needs for the
 * region in a slot it has ready when it is built, unless allocating is its nature (std::set).
 *
 * Also read by the C++ compiler.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

struct stretch {
        uintptr_t base, size;
};

/*
 * What a kernel keeps of a region besides where it is. No region here has guards, but a lookup must check that.
 *
 * A region takes NODE_SIZE bytes in every peer, as struct region does, in cache lines of its own where the peer lets us
 * choose. With smaller nodes more of a tree is in the cache, and that is not what is to be compared. (std::set and its
 * allocator add links and a header to an entry: together as much.)
 */
enum { NODE_SIZE = 128 };

struct particulars {
        uint64_t id;
        size_t guard_before, guard_after;
        uint32_t protection;
        char name[24];
};

/* Whether a region that occupies `base` to `end` holds the address, guards left out. */
static inline bool holds(uintptr_t base, uintptr_t end, const struct particulars *particulars, uintptr_t address)
{
        return base + particulars->guard_before <= address && address < end - particulars->guard_after;
}

/* Where the regions are. Slots are in no order of address; those from `count` up to `capacity` hold no region. */
struct layout {
        uintptr_t base, end;            /* the range of all */
        size_t count, capacity;
        struct stretch *region;         /* by slot */
};

enum search_kind { BY_WALK, BY_DESCENT };

struct peer {
        const char *name;
        enum search_kind hole_search;   /* a walk over all regions is given fewer operations a round */

        /* Builds the structure from a layout, in order of slots. NULL if memory ran out. */
        void *(*build)(const struct layout *layout);
        void (*destroy)(void *self);

        /* The base of the region that holds the address; 0 if none does. */
        uintptr_t (*find)(void *self, uintptr_t address);

        /* Puts the region of a free slot exactly there. False if something is in the way. */
        bool (*place)(void *self, size_t slot, uintptr_t base, size_t size);

        /* Puts it into the lowest hole that fits, at its lowest page. Its base; 0 if no hole fits. */
        uintptr_t (*place_anywhere)(void *self, size_t slot, size_t size);

        void (*remove)(void *self, size_t slot);

        /* The lowest aligned base at which so much is free, exactly; 0 if there is none. Changes nothing. */
        uintptr_t (*search)(void *self, size_t size, size_t alignment);

        /* Puts it at a random free page. Its base; 0 if no hole fits. */
        uintptr_t (*place_random)(void *self, size_t slot, size_t size);
};

extern const struct peer peer_understory, peer_libbsd, peer_list, peer_std_set, peer_boost, peer_absl;

/* The lowest aligned base in a hole at which `size` fits; 0 if it does not. */
static inline uintptr_t fit(uintptr_t hole, uintptr_t hole_end, size_t size, size_t alignment)
{
        uintptr_t base = (hole + alignment - 1) & ~(uintptr_t)(alignment - 1);

        return base <= hole_end && hole_end - base >= size ? base : 0;
}

#ifdef __cplusplus
}
#endif
