/* A B-tree as a peer, for looking up alone. Keyed by the ends of regions, so that one descent decides. */
#include "peer.h"

#include <absl/container/btree_map.h>
#include <vector>

namespace {

struct alignas(64) region {
        uintptr_t base, end;
        particulars more;
};
static_assert(sizeof(region) == NODE_SIZE);

/* A B-tree moves its values about, so they are pointers to the regions. */
struct tree {
        absl::btree_map<uintptr_t, const region *> regions;
        std::vector<region> region_in;          /* by slot */

        explicit tree(const layout &layout) : region_in(layout.capacity)
        {
                for (size_t slot = 0; slot < layout.count; slot++) {
                        const stretch &where = layout.region[slot];

                        region_in[slot] = region{where.base, where.base + where.size, {}};
                        regions.emplace(region_in[slot].end, &region_in[slot]);
                }
        }
};

void *build(const layout *layout)
{
        return new tree(*layout);
}

void destroy(void *self)
{
        delete static_cast<tree *>(self);
}

uintptr_t find(void *self, uintptr_t address)
{
        const auto &regions = static_cast<tree *>(self)->regions;
        auto found = regions.upper_bound(address);

        if (found == regions.end())
                return 0;
        const region &region = *found->second;
        return holds(region.base, region.end, &region.more, address) ? region.base : 0;
}

}

const struct peer peer_absl = {"absl::btree_map", BY_DESCENT, build, destroy, find,
                               nullptr, nullptr, nullptr, nullptr, nullptr};
