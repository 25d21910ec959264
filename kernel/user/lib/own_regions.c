#include "user/lib/own_regions.h"

enum { OWN_MOST = 16 };

static struct vrange own[OWN_MOST];
static size_t own_count;

bool own_regions_find(void)
{
        struct region_listing listing[OWN_MOST];

        if (regions(0, listing, OWN_MOST, &own_count).code || own_count > OWN_MOST)
                return false;
        for (size_t i = 0; i < own_count; i++)
                own[i] = (struct vrange){ listing[i].base, listing[i].end };
        return true;
}

const struct vrange *own_region_in(struct vrange range)
{
        for (size_t i = 0; i < own_count; i++) {
                if (vrange_overlaps(range, own[i]))
                        return &own[i];
        }
        return NULL;
}
